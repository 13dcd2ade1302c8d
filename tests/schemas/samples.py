"""One small, sound answer per source and shape, made up here: what tests mutate, break and read."""

import io
import json
import zipfile
from collections.abc import Sequence

import openpyxl

from flows.plan import wanted
from indicators import catalogue
from schemas import submission_form
from schemas.source import Series
from tests.exchanges import page, row

ITU_HEAD = "seriesID,seriesCode,seriesName,seriesParent,entityIso,dataValue,dataYear,dataNote,dataSource\n"
EURO_HEAD = "STRUCTURE,STRUCTURE_ID,freq,indic_is,unit,ind_type,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
EURO_ROWS = (
    "dataflow,ESTAT:isoc_ci_ifp_iu(1.0),A,I_IU3,PC_IND,IND_TOTAL,EL,2020,78.1,,\n"
    "dataflow,ESTAT:isoc_ci_ifp_iu(1.0),A,I_IU3,PC_IND,F_Y16_74,EL,2020,76.0,b,\n"
    "dataflow,ESTAT:isoc_ci_ifp_iu(1.0),A,I_IU3,PC_IND,M_Y16_74,UK,2019,96.0,e,\n"
    "dataflow,ESTAT:isoc_ci_ifp_iu(1.0),A,I_IU3,PC_IND,IND_TOTAL,EU27_2020,2020,88.0,,\n"
    "dataflow,ESTAT:isoc_ci_ifp_iu(1.0),A,I_IU3,PC_IND,HHINC_Q1,SE,2020,90.0,,\n"
)
REGISTER = (
    "Project ID,Title,Country,Year,Action Lines,SDGs,Organization,Website\n"
    '1,Schools online,Senegal,2019,"C2; C4","SDG 4, SDG 9",Ministry,https://example.org/1\n'
    "2,Women code,SEN,2019,C4,5,NGO,\n"
    "3,Open data,International,2020,C3,9,,\n"
)
M49 = (
    "Global Code;Global Name;Region Code;Region Name;Sub-region Code;Sub-region Name;Intermediate Region Code;"
    "Intermediate Region Name;Country or Area;M49 Code;ISO-alpha2 Code;ISO-alpha3 Code;"
    "Least Developed Countries (LDC);Land Locked Developing Countries (LLDC);Small Island Developing States (SIDS)\n"
    "001;World;002;Africa;202;Sub-Saharan Africa;011;Western Africa;Senegal;686;SN;SEN;x;;\n"
)
SDG_RECORD = {
    "series": "IT_USE_ii99", "geoAreaCode": "686", "timePeriodStart": 2020.0, "value": "50.5", "source": "ITU",
    "footnotes": ["after the survey"], "attributes": {"Nature": "C", "Units": "PERCENT"},
    "dimensions": {"Reporting Type": "G", "Sex": "FEMALE"},
}  # fmt: skip

NDT_DAY = (
    b'{"date":"2023-01-0%d","bucket_min":%d,"download_MED":12.5,"download_AVG":20,"dl_samples_day":40,"upload_MED":3,'
    b'"upload_AVG":5,"ul_samples_day":30,"download_minRTT_MED":25}'
)


def book(**sheets: Sequence[Sequence[object]]) -> bytes:
    """Make a workbook of sheets and their rows."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for cells in rows:
            sheet.append(list(cells))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    """Make a zip of one member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def form(*figures: tuple[object, ...], area: str = "SEN", day: str = "2026-11-24") -> bytes:
    """Fill in the form for national figures."""
    told = [{"id": one.id, "name": one.name.en, "unit": one.unit} for one in catalogue.load().values()]
    made = openpyxl.load_workbook(io.BytesIO(submission_form.template(told)))
    about = made[submission_form.ABOUT]
    for cells in about.iter_rows(min_row=2):
        cells[1].value = {"REF_AREA": area, "SUBMISSION_DATE": day}.get(str(cells[0].value), "x")
    for figure in figures:
        made[submission_form.DATA].append(list(figure))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


PRICES = book(
    Overview=[["Release date:", "2026-03-25"]],
    **{
        "economies_2008-2023": [
            ["IsoCode", "Economy", "basket_combined_simplified", "Unit", "Code", 2017, 2018, 2023],
            ["SEN", "Senegal", "Fixed-broadband basket", "GNIpc", "i154_FBB_ts_GNI", 40.5, 35, "NA"],
        ]
    },
)
BY_SEX = book(
    Table=[
        ["", "Individuals using the Internet (from any location), by gender (%)", *[""] * 22],
        ["", "", "", "Latest", "All", "", "Gender", *[""] * 17],
        ["", "Economy name", "", "year", "Individuals", "", "Male", "", "Female", *[""] * 15],
        ["", "Korea (Rep. of)", "", 2018, "96.0", "", "97.0", "", "95.1", *["..."] * 15],
        ["", "Source:", "", "", *[""] * 20],
    ]
)

SAMPLES: dict[str, tuple[str, bytes]] = {
    "world_bank page": ("world_bank", page(row(), row("GHA", value=None))),
    "world_bank csv": (
        "world_bank",
        b'"Last Updated Date","2026-07-13",\n"Country Name","Country Code","Indicator Name","Indicator Code","2019",\n'
        b'"Senegal","SEN","Use","IT.NET.USER.ZS","50.5",\n',
    ),
    "unsd_sdg page": (
        "unsd_sdg",
        json.dumps({"totalElements": 1, "totalPages": 1, "data": [SDG_RECORD]}).encode(),
    ),
    "unsd_sdg book": (
        "unsd_sdg",
        book(
            Sheet1=[
                ["seriesCode", "geoAreaCode", "timePeriod", "value", "seriesRelease", "sexCode", "unitsCode"],
                ["IT_USE_ii99", "686", 2019, "45.5", "2019.Q1.G.02", "MALE", "PERCENT"],
                ["IT_USE_ii99", "4", 2019, None, "2019.Q1.G.02", "MALE", None],
            ]
        ),
    ),
    "data360 page": (
        "data360",
        b'{"count":1,"value":[{"INDICATOR":"ITU_DH_POP_COV_4G","REF_AREA":"SEN","TIME_PERIOD":"2020","OBS_VALUE":"90"}]}',
    ),
    "data360 csv": (
        "data360",
        b"STRUCTURE,INDICATOR,REF_AREA,SEX,AGE,URBANISATION,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
        b"d,ITU_DH_POP_COV_4G,SEN,_T,_T,_T,2020,90.0,A\n",
    ),
    "itu_datahub csv": ("itu_datahub", f"{ITU_HEAD}1,i99H,Use,,SEN,50.5,2020,,ITU estimate.\n".encode()),
    "itu_datahub zip": ("itu_datahub", zipped("a.csv", f"{ITU_HEAD}1,i99H,Use,,SEN,50.5,2020,,\n".encode())),
    "itu_datahub series": (
        "itu_datahub",
        b'[{"code":"i99H","isoCode":"SEN","dataYear":2020,"dataNote":"","dataSource":"ITU estimate.",'
        b'"answer":[{"value":"50.5","id":1}]}]',
    ),
    "itu_datahub region": (
        "itu_datahub",
        b'[{"code":"i99H","regionID":1894,"dataYear":2020,"updateDate":"2025-11-17T13:13:18.000Z","answer":[{"value":27}]}]',
    ),
    "itu_datahub index": ("itu_datahub", b'[{"regionID":3,"codeID":6,"score":73.5,"dataYear":2026}]'),
    "itu_datahub countries": (
        "itu_datahub",
        b'[{"CountryID":1,"IsoCode":"SEN","Regions":[{"class":"ITU","regionCode":"AFR","region":"Africa"}]}]',
    ),
    "itu_workbooks prices": ("itu_workbooks", PRICES),
    "itu_workbooks by sex": ("itu_workbooks", BY_SEX),
    "eurostat csv": ("eurostat", (EURO_HEAD + EURO_ROWS).encode()),
    "uis json": (
        "uis",
        b'{"records":[{"indicatorId":"SCHBSP.1.WINTERN","geoUnit":"SEN","year":2019,"value":34.5,"magnitude":null,'
        b'"qualifier":"NAT_EST"},{"indicatorId":"SCHBSP.1.WINTERN","geoUnit":"SDG: World","year":2019,"value":40,'
        b'"magnitude":null,"qualifier":null}]}',
    ),
    "classifications m49": ("classifications", M49.encode()),
    "classifications lines": (
        "classifications",
        b'{"id":"SEN","region":{"id":"SSF","value":"Sub-Saharan Africa "},"incomeLevel":{"id":"LMC","value":"Lower"}}\n',
    ),
    "classifications history": (
        "classifications",
        book(**{"Country Analytical History": [["", "Bank's fiscal year:", "FY25", "FY26"], ["SEN", "Senegal", "LM", ".."]]}),
    ),
    "submission form": ("submission", form(("internet_users", "2025", "F", "Y_GE15", "", "", 61.5, "", "survey"))),
    "submission csv": (
        "submission",
        b"INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE,EDITION\n"
        b"internet_users,SEN,2025,F,61.5,percent_of_population,2026-11-24\n",
    ),
    "stocktaking csv": ("stocktaking", REGISTER.encode()),
    "mlab_stats year": ("mlab_stats", b"[" + b",".join(NDT_DAY % (day, bucket) for day in (1, 2) for bucket in (0, 1)) + b"]"),
    "ookla_tiles condensed": (
        "ookla_tiles",
        b'{"answer":"ookla_tiles figures of economies","period":"2024-Q4","network":"fixed","tiles":3,'
        b'"aside":{"no_tests":[1,0]},"figures":[{"measure":"download","ref_area":"SEN","urbanisation":"_T","tests":10,'
        b'"devices":4,"tiles":2,"weighted":216000,"tests_below":4,"p10":1000,"p50":10000,"p90":80000}]}',
    ),
}  # fmt: skip
"""Name → source, bytes. Every shape that a source reads stands here."""

NAMES = {"mlab_stats": "SN_2023.json"}
"""Names that tell what the content does not."""


def asked(source: str) -> tuple[Series, ...]:
    """Give the series that the catalogue asks of a source."""
    return wanted(source)
