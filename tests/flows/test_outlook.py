"""The outlook in a release: chances beside statuses, projections, inequality and time distance."""

import csv
import io

import orjson
import pytest

from flows import outlook
from flows.outlook import Asked
from flows.standing import lines
from indicators.targets import Target
from tests.flows.screens import screens
from warehouse.query import open_release


def _target(**given):
    usual = {
        "id": "t",
        "paragraph": "1",
        "question": {"en": "question", "zh": "问题"},
        "deadline": 2030,
        "written_in": "here",
        "indicator": "internet_users",
        "area": "WLD",
        "base_year": 2015,
        "comparison": "at_least",
        "value": 90.0,
    }
    return Target.model_validate({**usual, **given})


def _line(step=3.0, until=2024, **more):
    return [{"year": year, "value": 60.0 + step * (year - 2015), **more} for year in range(2015, until + 1)]


def _ahead(rows, status="on track", as_of=2026, **given):
    return outlook.by_line(rows, Asked(_target(**given), status, as_of))


def test_a_chance_has_interval_years_and_method():
    found = _ahead(_line())
    assert 0 < found["probability"] < 1
    assert found["expected_lower"] < found["expected"] < found["expected_upper"]
    assert found["year_met_earliest"] <= found["year_met"]
    assert (found["chance_reason"], found["chance_method"]) == ("", "trend-1")


def test_estimates_and_people_who_are_not_covered_widen_the_interval():
    def width(**more):
        found = _ahead(_line(**more))
        return found["expected_upper"] - found["expected_lower"]

    assert width() < width(obs_status="E")
    assert width(coverage=1.0, estimated_share=0.0) < width(coverage=0.8, estimated_share=0.0)


def test_figures_after_the_year_of_the_assessment_are_not_known_yet():
    assert _ahead(_line(until=2025), as_of=2022) == _ahead(_line(until=2022), as_of=2022)


def test_too_few_figures_and_no_method_are_told():
    few = _ahead(_line(until=2018))
    assert few["chance_reason"] == "cannot say: fewer than 5 figures in 10 years"
    none = _ahead(_line(), indicator="fixed_broadband_per_100")
    assert none["chance_reason"] == "cannot say: neither a bounded share nor a gap"
    assert (few["probability"], none["probability"], none["expected"]) == (None, None, None)


def test_what_the_figures_have_decided_has_no_probability_beside_it():
    late = _ahead(_line(until=2019), status="missed", deadline=2020)
    assert late["probability"] is None
    assert late["chance_reason"] == "the deadline 2020 has passed and the figures decide"
    assert late["year_met"] > 2020
    open_case = _ahead(_line(until=2018, step=4), status="cannot say", deadline=2020)
    assert open_case["chance_reason"].startswith("cannot say")
    held = _ahead(
        [{"year": year, "value": 40.0 + 3 * (year - 2009)} for year in range(2009, 2019)], "cannot say", deadline=2020
    )
    assert held["probability"] is not None


def test_a_target_that_is_met_already_is_not_met_once_more_in_the_future():
    found = _ahead(_line(), status="met", value=50.0)
    assert found["probability"] > 0.99
    assert (found["year_met"], found["year_met_earliest"], found["year_met_latest"]) == (None, None, None)


def test_a_gap_goes_on_by_its_two_rates():
    rows = [
        {"year": year, "female": 50.0 + 3 * at, "male": 60.0 + 3 * at, "value": 1000 / (60 + 3 * at), "coverage": 0.9}
        for at, year in enumerate(range(2016, 2025))
    ]
    asked = Asked(_target(indicator="internet_gender_gap", comparison="within", value=2.0), "off track", 2026)
    found = outlook.by_pair(rows, asked)
    assert found["chance_method"] == "gap_of_two_rates-1"
    assert 0 < found["expected"] < rows[-1]["value"]
    assert outlook.by_pair([], asked)["chance_reason"] == "cannot say: fewer than 5 figures in 10 years"


def test_a_chance_is_one_line_on_the_screen():
    row = {
        "status": "on track", "value": 87.0, "lower": None, "year": 2024, "former_year": None, "former_value": None,
        "unit": "percent_of_population", "basis": "published", "source": "s", "source_title": "S", "edition": "e",
        "reason": "", "deadline": 2030, "coverage": None, **_ahead(_line()),
    }  # fmt: skip
    told = list(lines(row))[-1]
    assert f"by 2030, expected are {row['expected']:.1f} %" in told
    assert f"as likely as not in {row['year_met']}" in told
    slow = list(lines({**row, "year_met": None, "year_met_earliest": 2041}))[-1]
    assert slow.endswith("; one chance in ten by 2041")
    without = {**row, **outlook.none("nobody counts it")}
    assert len(list(lines(without))) == len(list(lines(row))) - 1


@pytest.mark.parametrize(("share", "words"), [(0.001, "below 1 %"), (0.34, "34 %"), (0.999, "above 99 %")])
def test_what_is_not_certain_is_not_written_as_certain(share, words):
    row = {
        "status": "on track", "value": 87.0, "lower": None, "year": 2024, "former_year": None, "former_value": None,
        "unit": "percent_of_population", "basis": "published", "source": "s", "source_title": "S", "edition": "e",
        "reason": "", "deadline": 2030, "coverage": None, **_ahead(_line()), "probability": share,
    }  # fmt: skip
    assert f"chance {words} by 2030" in list(lines(row))[-1]


def _of_the_release(released, query):
    with open_release(released.root) as session:
        return session.rows(query)


def test_paragraph_8_carries_probability_and_interval(released):
    told = orjson.loads(screens("assess", "--paragraph", "8", "--format", "json", home=released))
    assert told
    assert all({name for name, _ in outlook.FIELDS} <= set(row) for row in told)
    given = [row for row in told if row["probability"] is not None]
    assert given
    for row in given:
        assert 0 <= row["probability"] <= 1
        assert row["expected_lower"] <= row["expected"] <= row["expected_upper"]
        assert row["chance_method"]
    standings = [row for row in told if row["told_by"] == "target" and row["probability"] is None]
    assert all(row["chance_reason"] or row["status"] in {"met", "missed"} for row in standings)


def test_paragraph_8_shows_its_chances(released):
    assert "chance " in screens("assess", "--paragraph", "8", home=released)


def test_the_split_of_inequality_adds_up(released):
    rows = _of_the_release(
        released,
        "SELECT max(abs(theil - theil_between - theil_within)) AS off, count(*) AS n, count(DISTINCT grouping) AS ways "
        "FROM inequality WHERE reason = ''",
    )
    assert rows[0]["n"] > 100
    assert rows[0]["ways"] == 2
    assert rows[0]["off"] < 1e-12


def test_both_splits_have_the_same_whole_and_a_complement_its_own(released):
    rows = _of_the_release(
        released,
        'SELECT "of", grouping, gini, theil, coverage, economies FROM inequality '
        "WHERE indicator = 'internet_users' AND year = 2020 ORDER BY ALL",
    )
    assert len(rows) == 4
    for side in ("value", "complement"):
        one, other = (row for row in rows if row["of"] == side)
        assert (one["gini"], one["theil"]) == pytest.approx((other["gini"], other["theil"]))
    assert rows[0]["gini"] != pytest.approx(rows[-1]["gini"])
    assert all(0.9 < row["coverage"] <= 1 and row["economies"] > 150 for row in rows)


def test_gini_by_the_double_sum_over_the_release_s_own_figures(released):
    """The mean absolute difference of all pairs of economies over twice the mean, in SQL."""
    (row,) = _of_the_release(
        released,
        """WITH e AS (
          SELECT o.value AS y, p.value AS w FROM observation_preferred o
          JOIN observation_preferred p ON p.indicator = 'population' AND p.ref_area = o.ref_area AND p.year = o.year
          JOIN area a ON a.ref_area = o.ref_area AND a.kind = 'economy'
          WHERE o.indicator = 'internet_users' AND o.year = 2020 AND o.sex = '_T' AND o.age = '_T'
            AND o.source <> 'ictdev')
        SELECT (SELECT sum(a.w * b.w * abs(a.y - b.y)) FROM e a, e b)
               / (2 * (SELECT sum(w) * sum(w * y) FROM e)) AS again,
               (SELECT any_value(gini) FROM inequality
                WHERE indicator = 'internet_users' AND year = 2020 AND "of" = 'value') AS gini""",
    )
    assert row["gini"] == pytest.approx(row["again"], rel=1e-9)


def test_time_distance_to_world_and_leader(released):
    rows = _of_the_release(
        released,
        "SELECT * FROM time_distance WHERE indicator = 'internet_users' AND ref_area IN ('LDC', 'SEN') ORDER BY ALL",
    )
    assert {(row["ref_area"], row["reference"]) for row in rows} == {
        (area, reference) for area in ("LDC", "SEN") for reference in ("WLD", "LEADER")
    }
    assert all(row["years_behind"] > 0 for row in rows)
    leader = {row["ref_area"]: row["years_behind"] for row in rows if row["reference"] == "LEADER"}
    world = {row["ref_area"]: row["years_behind"] for row in rows if row["reference"] == "WLD"}
    assert leader["LDC"] > world["LDC"]


def test_projections_of_economies(released):
    rows = _of_the_release(
        released, "FROM projection WHERE indicator = 'internet_users' AND ref_area = 'SEN' ORDER BY year"
    )
    told = [row for row in rows if not row["reason"] and row["age"] == "_T"]
    assert [row["year"] - row["newest_year"] for row in told] == list(range(1, 11))
    assert all(0 <= row["lower"] <= row["value"] <= row["upper"] <= 100 for row in told)
    refused = _of_the_release(
        released, "FROM projection WHERE reason <> '' AND (value IS NOT NULL OR year IS NOT NULL)"
    )
    assert refused == []


def test_the_chances_are_written_as_csv_too(released):
    text = screens("assess", "--paragraph", "8", "--format", "csv", home=released)
    assert {"probability", "chance_reason"} <= set(next(csv.reader(io.StringIO(text))))
