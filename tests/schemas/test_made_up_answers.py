"""Sources whose answers are made up here after their documents: Eurostat, UIS, submissions, the register."""

import io
import json

import openpyxl
import pytest

from schemas import submission_form
from schemas.errors import Changed, IctdevError, Invalid
from schemas.source import Raw, Reading
from schemas.sources import readers
from schemas.sources.itu_workbooks import basket_of
from tests.schemas.samples import EURO_HEAD, EURO_ROWS, REGISTER, SAMPLES, asked, book, form


def _read(source: str, content: bytes, url: str = "", name: str = "answer") -> Reading:
    return readers()[source].read(Raw(content, name, url, received="2026-11-24"), asked(source))


def _figures(reading: Reading, *names: str) -> list[tuple[object, ...]]:
    rows = reading.observations.select(list(names)).to_pylist()
    return sorted(tuple(row.values()) for row in rows)


def test_eurostat_s_own_codes_are_translated_and_its_groups_left_aside():
    reading = _read("eurostat", (EURO_HEAD + EURO_ROWS).encode())
    assert _figures(reading, "ref_area", "sex", "age", "value", "obs_status") == [
        ("GBR", "M", "Y16T74", 96.0, "E"),
        ("GRC", "F", "Y16T74", 76.0, "B"),
        ("GRC", "_T", "Y16T74", 78.1, "A"),
    ]
    assert reading.rejects.num_rows == 0


def test_uis_reads_countries_and_keeps_the_mark_of_an_estimate():
    reading = _read("uis", SAMPLES["uis json"][1])
    assert _figures(reading, "ref_area", "value", "breakdown", "obs_status") == [("SEN", 34.5, "EDU_PRIMARY", "E")]


def test_uis_refuses_an_answer_to_another_question():
    with pytest.raises(Changed, match="asked was OTHER"):
        _read("uis", SAMPLES["uis json"][1], "https://host/data/indicators?indicator=OTHER")


def test_a_breakdown_of_a_collection_is_told_by_its_name():
    """In older collections women and men are series of their own, below the series that they break down."""
    head = "seriesID,seriesCode,seriesName,seriesParent,entityIso,dataValue,dataYear,dataNote,dataSource\n"
    rows = "1,i99H,Use,,SEN,50,2020,,\n2,x1,Female,i99H,SEN,45,2020,,\n3,x2,Rural,i99H,SEN,40,2020,,\n"
    reading = _read("itu_datahub", (head + rows).encode(), name="use_2026-05.csv")
    assert _figures(reading, "sex", "urbanisation", "value") == [
        ("F", "_T", 45.0),
        ("_T", "R", 40.0),
        ("_T", "_T", 50.0),
    ]


@pytest.mark.parametrize(
    ("code", "year", "basket"),
    [
        ("i154_FBB_ts_GNI", 2017, "BASKET_FBB_1GB"),
        ("i154_FBB_ts$", 2018, "BASKET_FBB_5GB"),
        ("i271mb_ts_PPP", 2020, "BASKET_DATA_1500MB"),
        ("i271mb_GNI", 2024, "BASKET_DATA_2GB"),
        ("i271mb_GNI", 2025, "BASKET_DATA_5GB"),
        ("i271mb_high_USD", 2021, "BASKET_HIGH_140M_2GB"),
        ("i999_GNI", 2021, "_T"),
    ],
)
def test_a_basket_is_named_by_its_definition(code, year, basket):
    assert basket_of(code, year) == basket


def test_the_newer_price_sheet_is_read_too():
    rows = [
        ["IsoCode", "Economy", "Basket", "Unit", "Code", 2024, 2025],
        ["SEN", "Senegal", "x", "GNIpc", "i271mb_GNI", 4.5, 4],
    ]
    reading = _read("itu_workbooks", book(**{"economies_2008-2025": rows}))
    assert _figures(reading, "year", "breakdown", "value") == [
        (2024, "BASKET_DATA_2GB", 4.5),
        (2025, "BASKET_DATA_5GB", 4.0),
    ]


def test_what_is_filled_into_the_form_comes_back():
    figures = [
        ("internet_users", "2025", "F", "Y_GE15", "", "", 61.5, "", "household survey"),
        ("internet_users", 2025, "", "", "R", "", 40, "E", ""),
        ("mobile_coverage", "2024", "", "", "", "4G", 97.25, "P", ""),
    ]
    reading = _read("submission", form(*figures))
    assert (reading.edition, reading.edition_assumed, reading.rejects.num_rows) == ("2026-11-24", False, 0)
    names = ("indicator", "sex", "age", "urbanisation", "breakdown", "value", "obs_status", "note", "unit")
    assert _figures(reading, *names) == sorted(
        [
            ("internet_users", "F", "Y_GE15", "_T", "_T", 61.5, "A", "household survey", "percent_of_population"),
            ("internet_users", "_T", "_T", "R", "_T", 40.0, "E", "", "percent_of_population"),
            ("mobile_coverage", "_T", "_T", "_T", "4G", 97.25, "P", "", "percent_of_population"),
        ]
    )
    assert set(reading.observations["ref_area"].to_pylist()) == {"SEN"}
    assert {(scope.series_code, scope.areas, scope.years) for scope in reading.scopes} == {
        ("internet_users", ("SEN",), (2025, 2025)),
        ("mobile_coverage", ("SEN",), (2024, 2024)),
    }


def test_the_form_lets_choose_from_the_code_lists():
    made = openpyxl.load_workbook(io.BytesIO(form()))
    assert made.sheetnames == [
        submission_form.ABOUT,
        submission_form.DATA,
        submission_form.CODES,
        submission_form.NOTES,
    ]
    choices = made[submission_form.DATA].data_validations.dataValidation
    assert {str(choice.sqref).partition("2:")[0] for choice in choices} == set("ACDEFH")
    codes = [
        cells[0] for cells in made[submission_form.CODES].iter_rows(min_row=2, max_col=1, values_only=True) if cells[0]
    ]
    assert codes == [series.code for series in asked("submission")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (form(("no_such", "2025", "", "", "", "", 1, "", ""), area="SEN"), "no_such"),
        (form(area=""), "REF_AREA"),
        (form(day="yesterday"), "SUBMISSION_DATE"),
        (form(), "no figure"),
        (book(Sheet1=[["a"]]), "lacks the sheet"),
        (b"INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,EDITION\ni,SEN,1,1,2025\ni,SEN,1,1,2026\n", "mixes the editions"),
        (b"INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,EDITION\n", "a header and no figure"),
    ],
)
def test_a_submission_that_cannot_be_used_says_why(content, words):
    with pytest.raises(IctdevError) as caught:
        _read("submission", content)
    assert words in str(caught.value)


def test_a_code_that_no_list_has_becomes_a_reject():
    reading = _read(
        "submission",
        form(
            ("internet_users", "2025", "X", "", "", "", 5, "", ""),
            ("internet_users", "2025", "F", "", "", "", 5, "", ""),
        ),
    )
    assert reading.rejects.select(["reason", "record"]).to_pylist() == [
        {"reason": "unknown_code", "record": "Data!row:2"}
    ]
    assert reading.observations.num_rows == 1


def test_projects_are_counted_by_economy_year_and_action_line():
    reading = _read("stocktaking", REGISTER.encode())
    assert _figures(reading, "ref_area", "year", "breakdown", "value") == [
        ("SEN", 2019, "AL_C2", 1.0),
        ("SEN", 2019, "AL_C4", 2.0),
        ("SEN", 2019, "_T", 2.0),
        ("WLD", 2019, "AL_C2", 1.0),
        ("WLD", 2019, "AL_C4", 2.0),
        ("WLD", 2019, "_T", 2.0),
        ("WLD", 2020, "AL_C3", 1.0),
        ("WLD", 2020, "_T", 1.0),
    ]
    register = reading.tables["stocktaking"]
    assert register["action_lines"].to_pylist() == [["C2", "C4"], ["C4"], ["C3"]]
    assert register["sdgs"].to_pylist() == [["4", "9"], ["5"], ["9"]]


def test_the_register_is_read_from_a_workbook_alike():
    lines = [line.split(",") for line in "Project ID,Title,Country,Year,Action Lines\n7,A,SEN,2021,C7\n".splitlines()]
    reading = _read("stocktaking", book(Export=lines))
    assert reading.tables["stocktaking"].select(["project", "year"]).to_pylist() == [{"project": "7", "year": 2021}]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("Senegal", "Atlantis"), "Atlantis"),
        (("C2; C4", "C12"), "C12"),
        ((",2019,", ",soon,"), "no year"),
        (("2,Women code,SEN", "1,Women code,SEN"), "stands twice"),
        (("Project ID", "Number"), "project"),
    ],
)
def test_a_register_that_cannot_be_used_says_why(change, words):
    with pytest.raises(IctdevError) as caught:
        _read("stocktaking", REGISTER.replace(*change).encode())
    assert words in str(caught.value)


def test_a_classification_keeps_former_economies_as_their_own():
    sheet = [["", "Bank's fiscal year:", "FY91"], ["SUN", "USSR (former)", "UM"], ["SEN", "Senegal", "LM"]]
    reading = _read("classifications", book(**{"Country Analytical History": sheet}))
    assert reading.rejects.num_rows == 0
    rows = reading.tables["classification"].select(["ref_area", "group_code", "period"]).to_pylist()
    assert sorted(tuple(row.values()) for row in rows) == [("SEN", "LMC", "FY91"), ("SUN", "UMC", "FY91")]


def test_a_workbook_that_none_of_ours_is_names_its_sheets():
    with pytest.raises(Changed, match="neither"):
        _read("itu_workbooks", book(Other=[["x"]]))
    with pytest.raises(Invalid, match="no workbook"):
        _read("itu_workbooks", b"a,b\n")


def test_national_reporting_to_the_sdg_database_is_left_aside():
    records = json.loads(SAMPLES["unsd_sdg page"][1])["data"]
    national = {**records[0], "value": "60", "dimensions": {"Reporting Type": "N", "Sex": "FEMALE"}}
    answer = {"totalElements": 2, "totalPages": 1, "data": [*records, national]}
    reading = _read("unsd_sdg", json.dumps(answer).encode())
    assert _figures(reading, "ref_area", "year", "sex", "value") == [("SEN", 2020, "F", 50.5)]
    assert reading.observations["note"].to_pylist() == ["after the survey | Source: ITU | Nature: C"]
