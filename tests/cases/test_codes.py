"""Codes that nobody foresaw: they cost their own rows, and no others.

| case | kind | right value |
| --- | --- | --- |
| 05-unsd-codes-in-use | codes of the newest release | SECOND, 25-74, <15Y, 75+, PRVCY are known |
| 10-world-bank-codes-until-2017 | codes of former years | AND, IMN, PSE, COD, ROU, TLS, XKX |
| former economies in an edition of ITU | economies that are no more | kept as their own |
| 1 % unknown codes in an edition of ITU | single unknown codes | exactly those rows set aside |
| OECD in a source | an aggregate of the publisher's own | left aside, counted |
| two blank country cells in an IDI table | single bad rows | the others go in |
| an unknown code that somebody knows | `ictdev map` | the same bytes go in, and again at a rebuild |
"""

import csv
import io
import json

import pytest

from flows import mapping
from flows.rebuild import rebuild
from schemas.mapping import Mapped
from tests.cases.answers import aside, examined, figures, good, read
from tests.conftest import refreshed
from tests.exchanges import page, row
from tests.payloads import payload
from tests.schemas.samples import SDG_RECORD, book
from warehouse.query import open_release


def _sdg(series, *dimensions, value="10", area="404"):
    return [
        {**SDG_RECORD, "series": series, "geoAreaCode": area, "value": value, "timePeriodStart": 2021.0,
         "dimensions": {"Reporting Type": "G", **one}}
        for one in dimensions
    ]  # fmt: skip


def _answer(records):
    return json.dumps({"totalElements": len(records), "totalPages": 1, "data": records}).encode()


def test_the_codes_of_education_in_use_are_known(tmp_path):
    levels = [{"Education level": code} for code in ("PRIMAR", "LOWSEC", "SECOND", "UPPSEC")]
    reading = good(examined(tmp_path, "unsd_sdg", _answer(_sdg("SE_ACS_INTNT", *levels)), "schools.json", "2023.Q4"))
    assert [row[0] for row in figures(reading, "breakdown")] == [
        "EDU_LOWER_SEC", "EDU_PRIMARY", "EDU_SECONDARY", "EDU_UPPER_SEC",
    ]  # fmt: skip
    assert reading.rejects.num_rows == 0


def test_the_codes_of_age_and_skill_in_use_are_known(tmp_path):
    usual = {"Sex": "BOTHSEX", "Location": "ALLAREA", "Age": "ALLAGE", "Type of skill": "EPRS"}
    ages = [{**usual, "Age": age} for age in ("ALLAGE", "25-74", "75+", "<15Y", "15-24")]
    skills = [{**usual, "Type of skill": code} for code in ("PRVCY", "SCRTY", "VRFY")]
    content = _answer(_sdg("SE_ADT_ACTS", *ages, *skills))
    reading = good(examined(tmp_path, "unsd_sdg", content, "skills.json", "2023.Q4"))
    assert figures(reading, "age", "breakdown") == [
        ("Y15T24", "SKILL_EPRS"), ("Y25T74", "SKILL_EPRS"), ("Y_GE75", "SKILL_EPRS"), ("Y_LT15", "SKILL_EPRS"),
        ("_T", "SKILL_EPRS"), ("_T", "SKILL_PRVCY"), ("_T", "SKILL_SCRTY"), ("_T", "SKILL_VRFY"),
    ]  # fmt: skip
    assert reading.rejects.num_rows == 0


def test_codes_in_use_by_unsd_in_its_newest_release_are_all_known():
    """Codes of the six editions at hand, as they stand in the files' columns."""
    from schemas import sdg  # noqa: PLC0415

    lists = {
        "education_level": sdg.EDUCATION,
        "type_of_skill": sdg.SKILL,
        "type_of_speed": sdg.SPEED,
        "sex": sdg.SEX,
        "location": sdg.LOCATION,
        "type_of_mobile_technology": sdg.NETWORK,
    }
    for path in sorted(payload("unsd/editions").rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
        for name, known in lists.items():
            assert {one[name] for one in rows if name in one} <= set(known), path.name


def test_codes_of_the_world_bank_back_to_2013(tmp_path):
    codes = ("ADO", "IMY", "WBG", "ZAR", "ROM", "TMP", "KSV")
    sheet = [["GroupCode", "GroupName", "CountryCode", "CountryName"], *(["HIC", "High", code, ""] for code in codes)]
    reading = good(examined(tmp_path, "classifications", book(Groups=sheet), "CLASS_2013.xlsx", "2013-07"))
    assert sorted(reading.tables["classification"]["ref_area"].to_pylist()) == [
        "AND", "COD", "IMN", "PSE", "ROU", "TLS", "XKX",
    ]  # fmt: skip


def _edition(change):
    """Make another edition of ITU's file: `change` gives the code of an economy anew by the row's number."""
    text = payload("itu/datahub_csv/individuals-using-the-internet_2025-08.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    changed = []
    for number, one in enumerate(rows):
        code = change(number, one)
        if code != one["entityIso"]:
            changed.append(f"row:{number + 1}")
            one["entityIso"] = code
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode(), changed, len(rows)


def test_the_edition_of_itu_at_hand_goes_in_whole(tmp_path):
    content, _, count = _edition(lambda _, one: one["entityIso"])
    reading = good(examined(tmp_path, "itu_datahub", content, "individuals_2025-08.csv", "2025-08"))
    assert (reading.observations.num_rows, reading.rejects.num_rows) == (count, 0)


@pytest.mark.payloads
def test_an_edition_of_itu_with_former_economies_keeps_them_as_their_own(tmp_path):
    content, changed, count = _edition(lambda at, one: ("YUG", "SCG", "ANT")[at % 3] if at < 3 else one["entityIso"])
    reading = good(examined(tmp_path, "itu_datahub", content, "individuals_2025-08.csv", "2025-08"))
    assert (reading.observations.num_rows, reading.rejects.num_rows) == (count, 0)
    former = [one for one in figures(reading, "ref_area", "record") if one[0] in ("ANT", "SCG", "YUG")]
    assert sorted(record for _, record in former if record in changed) == changed


@pytest.mark.payloads
def test_an_edition_of_itu_with_one_per_cent_unknown_codes_loses_those_rows(home, tmp_path):
    content, changed, count = _edition(lambda at, one: f"Q{at % 7}Q" if at % 100 == 0 else one["entityIso"])
    path = tmp_path / "individuals_2025-08.csv"
    path.write_bytes(content)
    report = refreshed(home, files=[f"itu_datahub={path}"])
    (source,) = report.sources
    assert (source.state, source.observations, source.rejected) == ("good", count - len(changed), len(changed))
    with open_release(home.root) as session:
        rejects = session.rows("SELECT record, reason FROM reject WHERE source = 'itu_datahub'")
    assert sorted(one["record"] for one in rejects) == sorted(changed)
    assert {one["reason"] for one in rejects} == {"unmapped_area"}


def test_a_third_of_unknown_codes_quarantines_and_the_rejects_are_kept(tmp_path):
    content, changed, _ = _edition(
        lambda _, one: f"{one['entityIso'][:2]}9" if one["entityIso"] < "H" else one["entityIso"]
    )
    outcome = examined(tmp_path, "itu_datahub", content, "individuals_2025-08.csv", "2025-08")
    assert outcome.readings == []
    ((_, error),) = outcome.troubles
    assert "not in our code list" in error.what
    assert "more than a fifth" in error.why
    assert error.next_step.startswith("ictdev map itu_datahub area ")
    assert outcome.rejected == len(changed)


@pytest.mark.parametrize("code", ["OECD", "EU27_2020", "EA20"])
def test_an_aggregate_of_the_publisher_s_own_is_left_aside(tmp_path, code):
    reading = good(examined(tmp_path, "world_bank", page(row("SEN"), row(code)), "page.json", ""))
    assert figures(reading, "ref_area") == [("SEN",)]
    assert (reading.rejects.num_rows, reading.skipped) == (0, 1)


def test_two_blank_country_cells_cost_two_rows_of_an_idi_table(tmp_path):
    lines = ["edition,ref_area,internet_users_pct"]
    lines += [f"2024,{area},{50 + at}" for at, area in enumerate(("SEN", "", "GHA", "", "MLI", "TGO", "BEN", "NER"))]
    lines += ["soon,CIV,40"]
    reading = good(examined(tmp_path, "itu_workbooks", "\n".join(lines).encode(), "idi.csv", ""))
    assert [area for (area,) in figures(reading, "ref_area")] == ["BEN", "GHA", "MLI", "NER", "SEN", "TGO"]
    assert aside(reading, "record", "reason") == [
        ("row:2", "unmapped_area"),
        ("row:4", "unmapped_area"),
        ("row:9", "bad_period"),
    ]


def test_a_year_of_the_future_costs_its_own_rows(tmp_path):
    years = [row("SEN", str(year), 50.0) for year in range(2010, 2026)]
    ahead = row("SEN", "2027", 60.0, obs_status="forecast")
    outcome = examined(tmp_path, "world_bank", page(*years, ahead), "page.json", "")
    reading = good(outcome)
    assert reading.observations.num_rows == len(years)
    assert aside(reading, "reason") == [("impossible_year",)]


def test_a_single_share_above_all_and_a_count_with_a_fraction_are_set_aside(tmp_path):
    head = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,EDITION\n"
    sound = "".join(f"fixed_broadband_subscriptions,SEN,{year},{year * 10},2026\n" for year in range(2005, 2025))
    odd = "fixed_broadband_subscriptions,SEN,2004,310.5,2026\ninternet_users,SEN,2020,156.8,2026\n"
    reading = good(examined(tmp_path, "submission", (head + sound + odd).encode(), "sub.csv", ""))
    assert aside(reading, "reason") == [("count_with_fraction",), ("out_of_bounds",)]
    assert reading.observations.num_rows == 20


UNKNOWN_AGE = _answer(
    [
        *_sdg("IT_USE_ii99", {"Sex": "BOTHSEX", "Age": "ALLAGE"}, value="50"),
        *_sdg("IT_USE_ii99", {"Sex": "BOTHSEX", "Age": "GROWN"}, value="60"),
    ]
)


def test_what_is_mapped_goes_in_and_counts_before_our_own_lists(tmp_path):
    entry = Mapped("unsd_sdg", "age", "GROWN", "Y_GE15", "the survey's own word")
    assert figures(read("unsd_sdg", UNKNOWN_AGE), "age") == [("_T",)]
    mapped = good(examined(tmp_path, "unsd_sdg", UNKNOWN_AGE, "a.json", "2024.Q1", [entry]))
    assert figures(mapped, "age", "value") == [("Y_GE15", 60.0), ("_T", 50.0)]
    other = Mapped("world_bank", "age", "GROWN", "Y_GE15", "of another source")
    assert figures(good(examined(tmp_path, "unsd_sdg", UNKNOWN_AGE, "a.json", "2024.Q1", [other])), "age") == [("_T",)]


def test_a_column_that_says_nothing_can_be_mapped_away(tmp_path):
    records = [{**one, "rowId": at} for at, one in enumerate(_sdg("IT_USE_ii99", {"Sex": "FEMALE"}, {"Sex": "MALE"}))]
    assert read("unsd_sdg", _answer(records)).observations.num_rows == 0
    entry = Mapped("unsd_sdg", "rowId", "*", "_T", "a running number")
    reading = good(examined(tmp_path, "unsd_sdg", _answer(records), "a.json", "2024.Q1", [entry]))
    assert figures(reading, "sex") == [("F",), ("M",)]


def test_the_next_refresh_of_the_same_bytes_takes_mapped_rows_in_and_a_rebuild_does_so_again(home, tmp_path):
    path = tmp_path / "use.json"
    path.write_bytes(UNKNOWN_AGE)
    first = refreshed(home, files=[f"unsd_sdg={path}@2024.Q1"])
    assert (first.sources[0].added, first.sources[0].rejected) == (1, 1)
    assert "ictdev map unsd_sdg age GROWN=OURS --why TEXT" in " ".join(first.sources[0].warnings)
    mapping.add(home, mapping.parse("unsd_sdg", "age", ["GROWN=Y_GE15"], why="the survey's own word", by="me"))
    second = refreshed(home, files=[f"unsd_sdg={path}@2024.Q1"])
    assert (second.sources[0].added, second.sources[0].rejected, second.changed) == (1, 0, True)
    mapping.remove(home, "unsd_sdg", "age", ["GROWN"])
    made = rebuild(home)
    assert (made.runs, made.different) == (2, {})
