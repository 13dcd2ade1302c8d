"""Every shape in which a reader takes figures, as rows that a test can change: six economies, one figure each."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas import sdmx_csv
from schemas.source import Raw, Reading
from schemas.sources import readers
from schemas.submission_form import COLUMNS, DATA
from tests.conftest import SIDE
from tests.exchanges import page, row
from tests.schemas.samples import asked, book, form

AREAS = ("SEN", "GHA", "MLI", "TGO", "BEN", "NER")
M49 = ("686", "288", "466", "768", "204", "562")
NAMES = ("Senegal", "Ghana", "Mali", "Togo", "Benin", "Niger")
Row = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """How rows of a source become bytes, and which of their fields hold codes."""

    source: str
    rows: Sequence[Row]
    write: Callable[[Sequence[Row]], bytes]
    coded: Mapping[str, str] = field(default_factory=dict)
    """Field of a row → dimension that it codes."""
    name: str = "answer"


def _csv(rows: Sequence[Row], before: str = "") -> bytes:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(dict.fromkeys(key for one in rows for key in one)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return (before + buffer.getvalue()).encode()


_USUAL = {
    "goal": ["17"], "target": ["17.8"], "indicator": ["17.8.1"], "seriesDescription": "x", "seriesCount": "1",
    "geoAreaName": "x", "valueType": "Float", "time_detail": None, "timeCoverage": None, "upperBound": None,
    "lowerBound": None, "basePeriod": None, "source": "ITU", "geoInfoUrl": None, "footnotes": [""],
}  # fmt: skip
"""What a record of the SDG database's API has beside what is read of it."""


def _sdg_page(rows: Sequence[Row]) -> bytes:
    """Put what is neither a field of the record nor an attribute among its dimensions."""
    records = []
    for one in rows:
        outer = {key: one[key] for key in ("series", "geoAreaCode", "timePeriodStart", "value")}
        attributes = {key: one[key] for key in ("Nature", "Units")}
        rest = {key: value for key, value in one.items() if key not in {**outer, **attributes}}
        records.append({**_USUAL, **outer, "attributes": attributes, "dimensions": rest})
    return json.dumps({"totalElements": len(rows), "totalPages": 1, "data": records}).encode()


def _sheet(name: str, rows: Sequence[Row]) -> bytes:
    heads = list(dict.fromkeys(key for one in rows for key in one))
    return book(**{name: [heads, *([one.get(key, "") for key in heads] for one in rows)]})


def _world_bank_book(rows: Sequence[Row]) -> bytes:
    heads = list(dict.fromkeys(key for one in rows for key in one))
    above: list[list[Any]] = [
        ["Data Source", "World Development Indicators"],
        ["Last Updated Date", "2026-07-13"],
        [""],
    ]
    return book(Data=[*above, heads, *([one.get(key, "") for key in heads] for one in rows)])


def _tsv(rows: Sequence[Row]) -> bytes:
    """Write Eurostat's TSV: what is neither place nor figure goes into the first cell, `geo` last."""
    own = ("geo", "2020 ")
    keys = [key for key in rows[0] if key not in own]
    lines = [f"{','.join((*keys, 'geo'))}\\TIME_PERIOD\t2020 "]
    lines += [f"{','.join(str(one[key]) for key in (*keys, 'geo'))}\t{one['2020 ']}" for one in rows]
    return "\n".join([*lines, ""]).encode()


def _by_sex(rows: Sequence[Row]) -> bytes:
    heads = ["", "Economy name", "", "year", "Individuals", "", "Male", "", "Female", *[""] * 16]
    further = [key for key in rows[0] if key not in ("area", "value")]
    lines = [["", "Individuals using the Internet (from any location), by gender (%)", *[""] * 23], [""] * 25]
    body = [
        ["", one["area"], "", 2018, one["value"], "", "", "", "", *["..."] * 16, *(one[key] for key in further)]
        for one in rows
    ]
    return book(Table=[*lines, [*heads, *further], *body])


def _form(rows: Sequence[Row]) -> bytes:
    import openpyxl  # noqa: PLC0415

    further = [key for key in rows[0] if key not in COLUMNS]
    made = openpyxl.load_workbook(io.BytesIO(form()))
    sheet = made[DATA]
    for at, name in enumerate(further, start=len(COLUMNS) + 1):
        sheet.cell(1, at, name)
    for one in rows:
        sheet.append([one.get(key, "") for key in (*COLUMNS, *further)])
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _json(before: str, after: str) -> Callable[[Sequence[Row]], bytes]:
    return lambda rows: f"{before}{json.dumps(list(rows))}{after}".encode()


def _each(codes: Sequence[str], key: str, **fields: Any) -> list[Row]:
    return [{**fields, key: code} for code in codes]


_OLDER = {"seriesID": "1", "seriesCode": "i99H", "seriesName": "Use", "seriesParent": "", "dataValue": "50.5",
          "dataYear": "2020", "dataNote": "", "dataSource": ""}  # fmt: skip
_NEWER = {"SeriesID": "1", "SeriesCode": "i99H", "Series": "Use", "Unit": "%", "Database": "x", "Year": "2020",
          "AreaName": "", "DisaggregationGroup": "", "Disaggregation1": "", "Disaggregation2": "", "Value": "50",
          "Notes": "", "Source": "", "LastModifiedOn": "2026-07-11"}  # fmt: skip
_EURO = {"STRUCTURE": "dataflow", "STRUCTURE_ID": "ESTAT:isoc_ci_ifp_iu(1.0)", "freq": "A", "indic_is": "I_IU3",
         "unit": "PC_IND", "ind_type": "IND_TOTAL", "TIME_PERIOD": "2020", "OBS_VALUE": "78.1", "OBS_FLAG": "",
         "CONF_STATUS": ""}  # fmt: skip
_FLOW = {"freq": "A", "indic_is": "I_IU3", "unit": "PC_IND", "ind_type": "IND_TOTAL"}
_EURO_1 = {"DATAFLOW": "ESTAT:ISOC_CI_IFP_IU(1.0)", "LAST UPDATE": "17/12/24 23:00:00", **_FLOW, "TIME_PERIOD": "2020",
           "OBS_VALUE": "78.1", "OBS_FLAG": "", "CONF_STATUS": ""}  # fmt: skip
_EUROPE = ("FR", "DE", "EL", "UK", "SE", "NO")
_DATABANK = {"Country Name": "x", "Series Name": "x", "Series Code": "IT.NET.USER.ZS", "2019 [YR2019]": "50.5"}
_BRACKETS = {"SeriesCode": "IT_USE_ii99", "TimePeriod": "2020", "Value": "50.5", "Nature": "C", "Units": "PERCENT",
             "[Sex]": "FEMALE", "[Age]": "ALLAGE", "[Location]": "ALLAREA"}  # fmt: skip
_D360 = {"STRUCTURE": "d", "INDICATOR": "ITU_DH_POP_COV_4G", "SEX": "_T", "AGE": "_T", "URBANISATION": "_T",
         "TIME_PERIOD": "2020", "OBS_VALUE": "90.0", "OBS_STATUS": "A", "UNIT_MEASURE": "PT_POP"}  # fmt: skip
_SDG = {"series": "IT_USE_ii99", "timePeriodStart": 2020.0, "value": "50.5", "Nature": "C", "Units": "PERCENT",
        "Sex": "FEMALE", "Age": "ALLAGE", "Location": "ALLAREA"}  # fmt: skip
_PORTAL = {"SeriesCode": "IT_USE_ii99", "TimePeriod": "2020", "Value": "50.5", "ReleaseName": "2024.Q1.G.01",
           "Nature": "C", "Units": "PERCENT", "Sex": "FEMALE", "Age": "ALLAGE", "Location": "ALLAREA"}  # fmt: skip
_BOOK = {"seriesCode": "IT_USE_ii99", "timePeriod": "2019", "value": 45.5, "seriesRelease": "2019.Q1.G.02",
         "sexCode": "MALE", "unitsCode": "PERCENT", "natureCode": "C"}  # fmt: skip
_PRICES = {"Economy": "x", "basket_combined_simplified": "Fixed", "Unit": "GNIpc", "Code": "i154_FBB_ts_GNI",
           "2019": 35}  # fmt: skip
_SUBMITTED = {"INDICATOR": "internet_users", "TIME_PERIOD": "2025", "SEX": "F", "AGE": "", "URBANISATION": "",
              "BREAKDOWN": "", "OBS_VALUE": 61.5, "OBS_STATUS": "A", "COMMENT_OBS": ""}  # fmt: skip
_OURS = {"STRUCTURE": "dataflow", "STRUCTURE_ID": "x", "ACTION": "I", "INDICATOR": "internet_users", "SEX": "_T",
         "AGE": "_T", "URBANISATION": "_T", "BREAKDOWN": "_T", "TIME_PERIOD": "2020", "OBS_VALUE": "50",
         "UNIT_MEASURE": "percent_of_population", "OBS_STATUS": "A", "COMMENT_OBS": "", "SERIES_CODE": "NET",
         "EDITION": "2021-01-01"}  # fmt: skip

SHAPES: dict[str, Shape] = {
    "world_bank page": Shape("world_bank", [row(area) for area in AREAS], lambda rows: page(*rows),
                             {"countryiso3code": "area", "obs_status": "status", "unit": "unit"}),
    "world_bank csv": Shape(
        "world_bank",
        _each(AREAS, "Country Code", **{"Country Name": "x", "Indicator Code": "IT.NET.USER.ZS", "2019": "50.5"}),
        lambda rows: _csv(
            [{"Country Name": one["Country Name"], **one} for one in rows], '"Last Updated Date","2026-07-13",\n'
        ),
        {"Country Code": "area"},
    ),
    "world_bank book": Shape(
        "world_bank",
        _each(AREAS, "Country Code", **{"Country Name": "x", "Indicator Code": "IT.NET.USER.ZS", "2019": 50.5}),
        _world_bank_book, {"Country Code": "area"},
    ),
    "world_bank databank": Shape("world_bank", _each(AREAS, "Country Code", **_DATABANK), _csv,
                                 {"Country Code": "area"}),
    "unsd_sdg brackets": Shape("unsd_sdg", _each(M49, "GeoAreaCode", **_BRACKETS), _csv,
                               {"GeoAreaCode": "area", "[Sex]": "sex", "[Age]": "age", "Nature": "status"}),
    "unsd_sdg page": Shape("unsd_sdg", _each(M49, "geoAreaCode", **_SDG), _sdg_page,
                           {"geoAreaCode": "area", "Sex": "sex", "Age": "age", "Location": "urbanisation",
                            "Nature": "status", "Units": "unit"}),
    "unsd_sdg csv": Shape("unsd_sdg", _each(M49, "GeoAreaCode", **_PORTAL), _csv,
                          {"GeoAreaCode": "area", "Sex": "sex", "Age": "age", "Location": "urbanisation",
                           "Nature": "status", "Units": "unit"}),
    "unsd_sdg book": Shape("unsd_sdg", _each(M49, "geoAreaCode", **_BOOK), lambda rows: _sheet("Sheet1", rows),
                           {"geoAreaCode": "area", "sexCode": "sex", "natureCode": "status", "unitsCode": "unit"}),
    "data360 page": Shape("data360", _each(AREAS, "REF_AREA", **_D360), _json('{"count":6,"value":', "}"),
                          {"REF_AREA": "area", "SEX": "sex", "AGE": "age", "URBANISATION": "urbanisation",
                           "OBS_STATUS": "status", "UNIT_MEASURE": "unit"}),
    "data360 csv": Shape("data360", _each(AREAS, "REF_AREA", **_D360), _csv,
                         {"REF_AREA": "area", "SEX": "sex", "AGE": "age", "URBANISATION": "urbanisation",
                          "OBS_STATUS": "status", "UNIT_MEASURE": "unit"}),
    "data360 book": Shape("data360", _each(AREAS, "REF_AREA", **_D360), lambda rows: _sheet("Data", rows),
                          {"REF_AREA": "area", "SEX": "sex", "OBS_STATUS": "status"}),
    "itu_datahub book": Shape("itu_datahub", _each(AREAS, "entityIso", **_OLDER), lambda rows: _sheet("Data", rows),
                              {"entityIso": "area"}),
    "itu_datahub csv": Shape("itu_datahub", _each(AREAS, "entityIso", **_OLDER), _csv, {"entityIso": "area"}),
    "itu_datahub newer csv": Shape("itu_datahub", _each(AREAS, "AreaCode", **_NEWER), _csv,
                                   {"AreaCode": "area", "Disaggregation1": "column", "Disaggregation2": "column"}),
    "itu_datahub series": Shape(
        "itu_datahub",
        _each(AREAS, "isoCode", code="i99H", dataYear=2020, dataNote="", dataSource="", answer=[{"value": "50.5"}]),
        _json("", ""), {"isoCode": "area"},
    ),
    "itu_workbooks prices": Shape("itu_workbooks", _each(AREAS, "IsoCode", **_PRICES),
                                  lambda rows: _sheet("economies_2008-2019", rows), {"IsoCode": "area"}),
    "itu_workbooks by sex": Shape("itu_workbooks", _each(NAMES, "area", value="96.0"), _by_sex, {"area": "area"}),
    "itu_workbooks idi": Shape("itu_workbooks", _each(AREAS, "ref_area", edition="2024", internet_users_pct="50"), _csv,
                               {"ref_area": "area"}),
    "eurostat csv": Shape("eurostat", _each(_EUROPE, "geo", **_EURO), _csv, {"geo": "area", "OBS_FLAG": "status"}),
    "eurostat csv 1.0": Shape("eurostat", _each(_EUROPE, "geo", **_EURO_1), _csv,
                              {"geo": "area", "OBS_FLAG": "status"}),
    "eurostat tsv": Shape("eurostat", _each(_EUROPE, "geo", **_FLOW, **{"2020 ": "78.1 "}), _tsv, {"geo": "area"},
                          "estat_isoc_ci_ifp_iu.tsv"),
    "uis json": Shape(
        "uis",
        _each(AREAS, "geoUnit", indicatorId="SCHBSP.1.WINTERN", year=2019, value=34.5, magnitude=None, qualifier=None),
        _json('{"records":', "}"), {"geoUnit": "area", "magnitude": "status", "qualifier": "status"},
    ),
    "submission csv": Shape("submission", _each(AREAS, "REF_AREA", **_SUBMITTED, UNIT_MEASURE="", EDITION="2026"), _csv,
                            {"REF_AREA": "area", "SEX": "sex", "AGE": "age", "URBANISATION": "urbanisation",
                             "BREAKDOWN": "breakdown", "OBS_STATUS": "status", "UNIT_MEASURE": "unit"}),
    "submission sheet": Shape("submission", _each(AREAS, "REF_AREA", **_SUBMITTED), lambda rows: _sheet("Data", rows),
                              {"REF_AREA": "area", "SEX": "sex", "OBS_STATUS": "status"}),
    "submission form": Shape("submission", [{**_SUBMITTED, "TIME_PERIOD": str(2019 + at)} for at in range(6)], _form,
                             {"SEX": "sex", "AGE": "age", "URBANISATION": "urbanisation", "BREAKDOWN": "breakdown",
                              "OBS_STATUS": "status"}),
    "bundle": Shape("bundle", _each(AREAS, "REF_AREA", **_OURS), _csv,
                    {"REF_AREA": "area", "SEX": "sex", "AGE": "age", "URBANISATION": "urbanisation",
                     "BREAKDOWN": "breakdown", "OBS_STATUS": "status", "UNIT_MEASURE": "unit"}),
}  # fmt: skip
"""Name → shape. A reader of figures whose columns a publisher may add to has each of its shapes here."""


def read(shape: Shape, rows: Sequence[Row]) -> Reading:
    """Write rows in a shape and read them back."""
    raw = Raw(shape.write(rows), shape.name, received="2026-11-24")
    if shape.source == "bundle":
        side = {**SIDE, "editions": {"NET": "2021-01-01"}, "scopes": []}
        return sdmx_csv.read(raw, sdmx_csv.SideFile.model_validate(side))
    return readers()[shape.source].read(raw, asked(shape.source))
