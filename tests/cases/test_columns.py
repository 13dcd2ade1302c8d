"""Columns, attributes and dimensions that are not known, and what SDMX's attributes do to a number.

| case | kind | right value |
| --- | --- | --- |
| 02-submission-unit-mult | UNIT_MULT left unread | SEN 2023 is 310,500 subscriptions |
| 03-submission-action-delete | ACTION left unread | NPL 2021 and 2022 withdrawn, 2023 is 57.0 |
| disability, UNSD and Data360 | a dimension nobody declared | set aside with its name, never a total |
| `[Sex]` | a heading in brackets | read as Sex |
| units | a unit that does not fit | converted with a note, or set aside |
"""

import json

import pytest

from schemas.columns import Layout
from tests.cases.answers import aside, examined, figures, good, read
from tests.conftest import refreshed
from tests.schemas.samples import SAMPLES, SDG_RECORD
from warehouse.query import open_release

HEAD = (
    "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,INDICATOR,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,EDITION\n"
)
ROW = "dataflow,XX:DF_ICT(1.0),I,A,fixed_broadband_subscriptions,SEN,_T,{year},{value},{unit},{times},2024-06-30\n"


def test_a_multiplier_is_applied(tmp_path):
    rows = ROW.format(year=2023, value="310.5", unit="", times=3) + ROW.format(
        year=2022, value=290000, unit="", times=0
    )
    reading = good(examined(tmp_path, "submission", (HEAD + rows).encode(), "sub.csv", ""))
    assert figures(reading, "time_period", "value") == [("2022", 290000.0), ("2023", 310500.0)]


@pytest.mark.parametrize(
    ("unit", "times", "value", "expected"),
    [
        ("", "-1", "25", 2.5), ("", "6", "0.29", 290000.0), ("NUMBER", "", "7", 7.0), ("THS", "0", "290", 290000.0),
        ("subscriptions", "", "7", 7.0), ("PS", "", "7", None), ("percent_of_population", "", "7", None),
        ("", "many", "7", None), ("MADE_UP", "", "7", None),
    ],
)  # fmt: skip
def test_units_and_multipliers_are_honoured_or_set_aside(unit, times, value, expected):
    rows = ROW.format(year=2023, value=value, unit=unit, times=times) + ROW.format(
        year=2022, value=1, unit="", times=""
    )
    reading = read("submission", (HEAD + rows).encode())
    found = dict(figures(reading, "time_period", "value"))
    assert found.pop("2022") == 1.0
    assert found == ({} if expected is None else {"2023": expected})
    assert reading.rejects.num_rows == (expected is None)


def test_a_converted_unit_and_decimals_stay_in_the_note():
    head = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,DECIMALS,CONF_STATUS,EDITION\n"
    rows = "internet_users,SEN,2023,0.565,RO,3,F,2024\ninternet_users,SEN,2022,55.5,PT,1,C,2024\n"
    reading = read("submission", (head + rows).encode())
    assert figures(reading, "value", "note") == [
        (55.5, "Decimals: 1 | Confidentiality: C"),
        (pytest.approx(56.5), "Decimals: 3 | Converted from RO to percent_of_population"),
    ]


DELETES = "STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,EDITION\n"


def test_a_delete_withdraws_and_nothing_else_goes(home, tmp_path):
    """Case 03, with figures of women beside: what is not named stays."""
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(
        DELETES.replace(",TIME", ",SEX,TIME")
        + "dataflow,X,I,internet_users,NPL,,2021,99.9,A,2024-06-30\n"
        + "dataflow,X,I,internet_users,NPL,,2022,55.8,A,2024-06-30\n"
        + "dataflow,X,I,internet_users,NPL,F,2022,45.8,A,2024-06-30\n"
    )
    second.write_text(
        DELETES
        + "dataflow,X,D,internet_users,NPL,2021,,,2024-09-30\n"
        + "dataflow,X,D,internet_users,NPL,2022,55.8,A,2024-09-30\n"
        + "dataflow,X,M,internet_users,NPL,2023,57.0,A,2024-09-30\n"
        + "dataflow,X,Z,internet_users,NPL,2024,58.0,A,2024-09-30\n"
    )
    refreshed(home, files=[f"submission={first}"])
    refreshed(home, files=[f"submission={second}"])
    with open_release(home.root) as session:
        stands = session.rows("SELECT sex, year, value FROM observation WHERE source = 'submission' ORDER BY ALL")
        gone = session.rows(
            "SELECT sex, year, cause_to FROM observation_history WHERE source = 'submission' "
            "AND vintage_to IS NOT NULL ORDER BY year"
        )
        rejects = session.rows("SELECT reason, detail FROM reject WHERE source = 'submission'")
    assert [tuple(row.values()) for row in stands] == [("F", 2022, 45.8), ("_T", 2023, 57.0)]
    assert [tuple(row.values()) for row in gone] == [
        ("_T", 2021, "source removed"),
        ("_T", 2022, "source removed"),
    ]
    assert [tuple(row.values()) for row in rejects] == [("unknown_action", "ACTION=Z")]


def _sdg(**changes):
    return {**SDG_RECORD, **changes}


def _answer(*records):
    return json.dumps({"totalElements": len(records), "totalPages": 1, "data": list(records)}).encode()


def test_a_dimension_that_unsd_adds_is_never_taken_for_a_total():
    sound = _sdg(geoAreaCode="288")
    persons = _sdg(dimensions={"Sex": "BOTHSEX", "Disability status": "PD"}, value="2.5")
    rural = _sdg(dimensions={"Sex": "BOTHSEX", "Quantile": "Q1"}, value="4.5", geoAreaCode="466")
    whole = _sdg(dimensions={"Sex": "BOTHSEX", "Disability status": "_T"}, value="47", geoAreaCode="768")
    reading = read("unsd_sdg", _answer(sound, persons, rural, whole))
    assert figures(reading, "ref_area", "value") == [("GHA", 50.5), ("TGO", 47.0)]
    assert aside(reading) == [
        ("unknown_dimension", "Disability status=PD"),
        ("unknown_dimension", "Quantile=Q1"),
    ]


def test_headings_in_brackets_are_read_and_unknown_ones_set_aside():
    text = (
        "SeriesCode,GeoAreaCode,TimePeriod,Value,ReleaseName,[Sex],[Units],[Migratory status]\n"
        "IT_USE_ii99,686,2020,41,2024.Q1.G.01,FEMALE,PERCENT,\n"
        "IT_USE_ii99,686,2021,42,2024.Q1.G.01,BOTHSEX,PERCENT,MIGRANT\n"
    )
    reading = read("unsd_sdg", text.encode())
    assert figures(reading, "year", "sex", "value") == [(2020, "F", 41.0)]
    assert aside(reading) == [("unknown_dimension", "Migratory status=MIGRANT")]


def test_a_series_that_is_always_parted_is_not_a_total_where_its_dimension_is_absent():
    text = "SeriesCode,GeoAreaCode,TimePeriod,Value,ReleaseName\nIT_MOB_OWN,686,2020,41,2024.Q1.G.01\n"
    reading = read("unsd_sdg", text.encode())
    assert reading.observations.num_rows == 0
    assert aside(reading) == [("unknown_dimension", "Sex is absent")]


@pytest.mark.parametrize("key", ["COMP_BREAKDOWN_1", "COMP_BREAKDOWN_4", "DISABILITY"])
def test_a_breakdown_of_data360_is_never_taken_for_a_total(key):
    row = {"INDICATOR": "ITU_DH_POP_COV_4G", "REF_AREA": "SEN", "TIME_PERIOD": "2020", "OBS_VALUE": "90"}
    rows = [row, {**row, "REF_AREA": "GHA", key: "ROADS", "OBS_VALUE": "41"}, {**row, "REF_AREA": "MLI", key: "_Z"}]
    reading = read("data360", json.dumps({"count": 3, "value": rows}).encode())
    assert figures(reading, "ref_area") == [("MLI",), ("SEN",)]
    assert aside(reading) == [("unknown_dimension", f"{key}=ROADS")]


@pytest.mark.parametrize(
    ("word", "sex", "place"),
    [("Female", "F", "_T"), ("", "_T", "_T"), ("Rural", "_T", "R"), ("Persons with disabilities", None, None)],
)
def test_disaggregations_of_itu_are_read_or_set_aside(word, sex, place):
    text = (
        "SeriesID,SeriesCode,Series,Unit,Database,Year,AreaName,AreaCode,DisaggregationGroup,Disaggregation1,"
        "Disaggregation2,Value,Notes,Source,LastModifiedOn\n"
        f"1,i99H,Individuals using the Internet,%,x,2020,Senegal,SEN,x,{word},,50,,,2026-07-11\n"
    )
    reading = read("itu_datahub", text.encode())
    assert figures(reading, "sex", "urbanisation") == ([] if sex is None else [(sex, place)])
    assert aside(reading) == ([("unknown_dimension", f"Disaggregation1={word}")] if sex is None else [])


def test_a_further_dimension_of_eurostat_is_read_only_as_a_total():
    head, *rows = SAMPLES["eurostat csv"][1].decode().splitlines()
    text = "\n".join([f"{head},isced11", f"{rows[0]},TOTAL", f"{rows[1]},ED0-2", rows[2] + ","])
    reading = read("eurostat", text.encode())
    assert figures(reading, "ref_area", "value") == [("GBR", 96.0), ("GRC", 78.1)]
    assert aside(reading) == [("unknown_dimension", "isced11=ED0-2")]


def test_what_a_layout_does_not_declare_is_unknown():
    layout = Layout(dimensions=("AREA",), ignored=("NAME",))
    assert layout.unknown(["AREA", "AREA_LABEL", "NAME", "SEX", "SEX_LABEL", "_7"]) == ["SEX"]
