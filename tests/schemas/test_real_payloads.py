"""Publishers' real files, read whole: counts and single values are checked against the files by other means."""

import csv
import io
import json

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from schemas.errors import Empty, Invalid
from schemas.itu_api import IDI_CODES, REGIONS
from schemas.source import Raw, Reading
from schemas.sources import readers
from tests.payloads import payload
from tests.schemas.samples import asked

pytestmark = pytest.mark.payloads


def _read(source: str, name: str) -> tuple[Reading, bytes]:
    path = payload(name)
    content = path.read_bytes()
    return readers()[source].read(Raw(content, path.name, received="2026-11-24"), asked(source)), content


def _values(reading: Reading, area: str, **places: object) -> list[float]:
    rows = reading.observations.filter(pc.field("ref_area") == area)
    for name, code in places.items():
        rows = rows.filter(pc.field(name) == code)
    return rows["value"].to_pylist()


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


BOOKS = (
    "17.6.2_IT_NET_BBN", "17.6.2_IT_NET_BBP", "17.8.1_IT_USE_ii99", "4.4.1_SE_ADT_ACTS", "4.a.1_SE_ACC_COMP",
    "4.a.1_SE_ACC_INTN", "5.b.1_IT_MOB_OWN", "9.c.1_IT_MOB_NTWK",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", BOOKS)
def test_every_filled_row_of_a_padded_sdg_workbook_is_a_figure(name):
    reading, content = _read("unsd_sdg", f"unsd/portal_xlsx_2019Q1/Data_{name}.xlsx")
    rows = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True)
    at = list(next(rows)).index("value")
    assert reading.observations.num_rows == sum(row[at] is not None for row in rows)
    assert (reading.rejects.num_rows, reading.edition) == (0, "2019.Q1.G.02")


def test_sdg_figures_by_network_are_told_apart():
    reading, _ = _read("unsd_sdg", "unsd/portal_xlsx_2019Q1/Data_9.c.1_IT_MOB_NTWK.xlsx")
    assert _values(reading, "WLD", year=2007, breakdown="2G") == [82.64]
    assert set(pc.unique(reading.observations["breakdown"]).to_pylist()) == {"2G", "3G", "4G"}
    assert set(pc.unique(reading.observations["indicator"]).to_pylist()) == {"mobile_coverage"}


def test_the_sdg_portal_s_export_is_read_by_sex():
    reading, content = _read("unsd_sdg", "unsd/portal_csv/IT_MOB_OWN_2020.Q4.csv")
    rows = _rows(content)
    assert (reading.observations.num_rows, reading.edition) == (len(rows), "2020.Q4.G.02")
    (told,) = [float(row["Value"]) for row in rows if (row["GeoAreaCode"], row["Sex"]) == ("12", "MALE")]
    assert _values(reading, "DZA", sex="M") == [told]
    assert {scope.areas is None for scope in reading.scopes} == {False}


def test_the_list_of_sdg_series_tells_the_release():
    source = readers()["unsd_sdg"].SOURCE
    assert source.release
    assert source.release.read(payload("unsd/api/Series_List.json").read_bytes()) == "2022.Q2.G.02"


@pytest.mark.parametrize("name", ["ITU_DH_INT_USR_DAY", "ITU_DH_POP_COV_4G"])
def test_data360_is_read_whole(name):
    reading, content = _read("data360", f"world_bank/data360/{name}.csv")
    rows = _rows(content)
    assert (reading.observations.num_rows, reading.rejects.num_rows) == (len(rows), 0)
    row = rows[len(rows) // 2]
    place = {"year": int(row["TIME_PERIOD"]), "sex": row["SEX"], "age": row["AGE"]}
    place["urbanisation"] = {"URB": "U", "RUR": "R", "_T": "_T"}[row["URBANISATION"]]
    assert _values(reading, row["REF_AREA"], **place) == [float(row["OBS_VALUE"])]


def test_a_collection_of_itu_is_read_by_its_codes():
    reading, content = _read("itu_datahub", "itu/datahub_csv/individuals-with-ict-skills-by-skill-level_2026-05.csv")
    kept = [row for row in _rows(content) if row["dataValue"].strip()]
    assert (reading.observations.num_rows, reading.rejects.num_rows) == (len(kept), 0)
    assert len(pc.unique(reading.observations["breakdown"])) == 10


@pytest.mark.parametrize("name", ["active-mobile-broadband-subscriptions", "fixed-broadband-subscriptions"])
def test_the_wrong_units_of_itu_s_files_change_nothing(name):
    """Both series of a file are labelled with one unit; the code decides what each is."""
    reading, content = _read("itu_datahub", f"itu/datahub_csv/{name}_2025-08.csv")
    assert len({row["seriesUnits"] for row in _rows(content)}) == 1
    pairs = reading.observations.group_by(["series_code", "unit"]).aggregate([]).to_pylist()
    assert {pair["unit"] for pair in pairs} == {"subscriptions", "per_100_inhabitants"}
    assert len(pairs) == 2


def test_the_newer_layout_of_itu_is_read():
    reading, _ = _read("itu_datahub", "itu/datahub_csv/itu_v3_data_download_excerpt.csv")
    assert _values(reading, "MMR", series_code="i4213tfbb") == [1573815.0]
    assert _values(reading, "THA", year=2018, sex="F") == [pytest.approx(55.9047683)]
    assert (reading.edition, reading.scopes) == ("2026-07-11", ())


def test_a_qualitative_file_is_refused_with_the_reason():
    with pytest.raises(Invalid, match="qualitative"):
        _read("itu_datahub", "itu/datahub_csv/mobile-services_2026-05.csv")


def test_itu_s_api_is_read_by_economy_and_by_region():
    reading, content = _read("itu_datahub", "itu/datahub_api/itu-get-country-series.json")
    told = json.loads(content)
    assert _values(reading, "USA", year=2000) == [float(told[0]["answer"][0]["value"])]
    assert set(reading.observations["obs_status"].to_pylist()) == {"E"}
    regions, _ = _read("itu_datahub", "itu/datahub_api/itu-get-regional-aggregate.json")
    assert _values(regions, "ITU_ARB") == [8.6, 10.5, 14.1]
    assert regions.edition == "2025-11-17"


LISTS = (
    "itu-get-idi-structure", "itu-get-indicator", "itu-get-indicator-categories", "itu-get-umc-by-country",
    "itu-get-umc-dashboard", "itu-list-dashboards", "itu-list-datasets", "itu-list-idi-versions",
    "itu-list-umc-macros", "itu-list-umc-targets", "itu-list-umc-topics",
)  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_holds_no_figures_says_so(name):
    with pytest.raises(Empty):
        _read("itu_datahub", f"itu/datahub_api/{name}.json")


def test_the_list_of_countries_tells_who_belongs_where():
    reading, content = _read("itu_datahub", "itu/datahub_api/itu-list-countries.json")
    memberships = sum(len(country["Regions"]) for country in json.loads(content))
    assert reading.tables["classification"].num_rows == memberships


def test_the_portal_s_numbers_of_regions_are_those_of_its_lists():
    told: dict[int, str] = {}
    for country in json.loads(payload("itu/datahub_api/itu-list-countries.json").read_bytes()):
        told |= {region["id"]: region["regionCode"] for region in country["Regions"]}
    for name in ("datahub_api/itu-list-regions", "datahub_csv/itu_v3_regions"):
        told |= {one["regionID"]: one["regionCode"] for one in json.loads(payload(f"itu/{name}.json").read_bytes())}
    ours = {"HI": "HIC", "LI": "LIC", "LMI": "LMC", "UMI": "UMC", "World": "WLD"}
    ours |= {code: f"ITU_{code}" for code in ("AFR", "AMS", "ARB", "ASP", "CIS", "EUR")}
    without = {"DEV", "OE"}
    expected = {at: code.rstrip("0123456789") for at, code in told.items() if code not in without}
    assert {at: ours.get(code, code) for at, code in expected.items()} == REGIONS


def test_the_numbers_of_the_index_are_those_of_its_structure():
    def codes(nodes):
        for node in nodes:
            yield node["codeID"], node["code"]
            yield from codes(node.get("children", []))

    assert dict(codes(json.loads(payload("itu/datahub_api/itu-get-idi-structure.json").read_bytes()))) == IDI_CODES


def test_price_baskets_are_read_by_definition():
    reading, content = _read("itu_workbooks", "itu/workbooks/ITU_ICTPriceBaskets_2008-2023.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    cells = [row[10:26] for row in book["economies_2008-2023"].iter_rows(min_row=2, max_col=26, values_only=True)]
    trials = [row[4] for row in book["ExperimentalData_MBB"].iter_rows(min_row=3, max_col=5, values_only=True)]
    count = sum(isinstance(cell, int | float) for row in (*cells, trials) for cell in row)
    assert (reading.observations.num_rows, reading.rejects.num_rows) == (count, 0)
    assert reading.edition == "2024-03-25"
    aruba = {"series_code": "i154_FBB_ts_GNI", "breakdown": "BASKET_FBB_5GB"}
    assert _values(reading, "ABW", year=2023, **aruba) == [2.66]
    assert _values(reading, "ABW", year=2016, **aruba) == []


def test_the_table_by_sex_is_read_by_names():
    reading, _ = _read(
        "itu_workbooks", "itu/workbooks/10. Individuals using the Internet by gender and urban-rural location.xls"
    )
    assert _values(reading, "DZA", sex="M", urbanisation="_T") == [55.1]
    assert _values(reading, "DZA", sex="F", urbanisation="R") == [25.9]
    assert reading.rejects.num_rows == 0
    assert {"TUR", "KOR", "XKX", "HKG"} <= set(reading.observations["ref_area"].to_pylist())


@pytest.mark.parametrize(("name", "ldc"), [("M49_2025-08", 44), ("M49_legacy", 47)])
def test_both_layouts_of_m49_are_read(name, ldc):
    reading, _ = _read("classifications", f"classification/UNSD_Methodology_{name}.csv")
    groups = reading.tables["classification"]["group_code"].to_pylist()
    assert (groups.count("LDC"), groups.count("LLDC"), reading.rejects.num_rows) == (ldc, 32, 0)


def test_income_groups_are_read_by_fiscal_year():
    reading, content = _read("classifications", "classification/OGHIST_2025_10_07.xlsx")
    table = reading.tables["classification"]
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True)["Country Analytical History"]
    rows = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], str) and len(row[0]) == 3]
    classes = sum(str(cell).strip() in {"L", "LM", "LM*", "UM", "H"} for row in rows for cell in row[2:])
    assert table.num_rows + reading.rejects.num_rows == classes
    assert reading.rejects.num_rows == 0
    former = table.filter(pc.is_in(table["ref_area"], value_set=pa.array(["CSK", "SUN", "YUG"])))
    assert set(former["ref_area"].to_pylist()) == {"CSK", "SUN", "YUG"}
    newest = table.filter((pc.field("ref_area") == "SEN") & (pc.field("period") == "FY26"))
    assert newest["group_code"].to_pylist() == ["LMC"]


def test_the_world_bank_s_lists_are_read():
    banked, content = _read("classifications", "world_bank/country_list.jsonl")
    economies = [json.loads(line) for line in content.splitlines() if json.loads(line)["region"]["id"] != "NA"]
    assert banked.tables["classification"].num_rows == 2 * len(economies)
    grouped, _ = _read("classifications", "classification/CLASS_FY24.xlsx")
    assert (grouped.tables["classification"].num_rows, grouped.rejects.num_rows) == (2146, 0)
