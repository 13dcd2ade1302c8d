from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from indicators import chance as chances
from indicators.projection import LEVEL, RESTATED, doubt, methods, projections
from indicators.targets import Question, Target
from indicators.trend import GAP, HORIZON, SHARE
from schemas.errors import Invalid

GROWING = [20.0, 24, 27, 33, 36, 42, 45, 50, 55, 58]
CHOSEN = {"internet_users": SHARE, "internet_gender_gap": GAP}


def _points(values, first=2010, **given) -> pa.Table:
    usual = {
        "indicator": "internet_users", "ref_area": "SEN", "sex": "_T", "age": "_T", "urbanisation": "_T",
        "breakdown": "_T", "source": "made_up", "edition": "e1",
    }  # fmt: skip
    return pa.Table.from_pylist(
        [{**usual, "year": first + at, "value": float(value), **given} for at, value in enumerate(values)]
    )


def _target(comparison="at_least", value=95.0, deadline=2025) -> Target:
    return Target(
        id="t", paragraph="8", question=Question(en="?", zh="?"), indicator="internet_users", area="LDC",
        comparison=comparison, value=value, deadline=deadline, base_year=2015, written_in="here",
    )  # fmt: skip


def chance(*given: Any, **more: Any) -> Any:
    return chances.chance(*given, **more)


def _dated(values, first=2010) -> list[tuple[int, float]]:
    return [(first + at, float(value)) for at, value in enumerate(values)]


def test_shares_and_gaps_of_the_catalogue_have_a_method_and_nothing_else():
    found = methods()
    assert found["internet_users"] == found["mobile_coverage"] == SHARE
    assert found["internet_gender_gap"] == GAP
    assert not {"population", "fixed_broadband_per_100", "idi_score", "gni_per_capita"} & set(found)


def test_a_series_is_told_for_every_year_ahead_within_its_interval():
    found = projections(_points(GROWING), CHOSEN).to_pylist()
    assert [row["year"] for row in found] == list(range(2020, 2020 + HORIZON))
    assert all(0 <= row["lower"] <= row["value"] <= row["upper"] <= 100 for row in found)
    assert {(row["newest_year"], row["figures"], row["level"], row["reason"]) for row in found} == {
        (2019, 10, LEVEL, "")
    }


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (_points(GROWING[:4]), "fewer than 5 figures"),
        (_points([*GROWING[:9], 101]), "outside 0 to 100"),
        (_points(GROWING, indicator="population"), "neither a bounded share nor a gap"),
    ],
)
def test_of_which_nothing_can_be_said_says_why(points, words):
    (row,) = projections(points, CHOSEN).to_pylist()
    assert words in row["reason"]
    assert (row["ref_area"], row["year"], row["value"], row["lower"]) == ("SEN", None, None, None)


def test_one_bad_series_leaves_the_others_as_they_are():
    good, bad = _points(GROWING), _points([*GROWING[:9], 101], ref_area="AAA")
    found = projections(pa.concat_tables([bad, good]), CHOSEN)
    alone = projections(good, CHOSEN)
    assert found.filter(pa.compute.equal(found["ref_area"], "SEN")).equals(alone)


def test_two_editions_are_two_lines():
    found = projections(pa.concat_tables([_points(GROWING), _points(GROWING, edition="e2")]), CHOSEN)
    assert sorted(set(found["edition"].to_pylist())) == ["e1", "e2"]
    assert found.num_rows == 2 * HORIZON


def test_a_year_given_twice_and_a_missing_number_are_refused():
    with pytest.raises(Invalid, match="twice"):
        projections(pa.concat_tables([_points(GROWING), _points(GROWING[:1])]), CHOSEN)
    with pytest.raises(Invalid, match="no number"):
        projections(_points([*GROWING, float("nan")]), CHOSEN)


@pytest.mark.parametrize("known", [{"coverage": 0.5}, {"estimated_share": 1.0}, {"half_unit": 5.0}])
def test_what_is_not_well_known_is_told_with_a_wider_interval(known):
    sure, unsure = (
        projections(points, CHOSEN).to_pylist()[4] for points in (_points(GROWING), _points(GROWING, **known))
    )
    assert unsure["upper"] - unsure["lower"] > sure["upper"] - sure["lower"]
    assert unsure["value"] == pytest.approx(sure["value"])


def test_doubt_adds_what_is_missing_and_what_is_estimated():
    found = doubt(np.array([1.0, 0.0, 1.0, 0.9]), np.array([0.0, 0.0, 1.0, 0.5]))
    assert found.tolist() == pytest.approx([0, 28.8675, RESTATED, np.hypot(2.88675, 2.8)], abs=1e-3)


def test_a_target_in_sight_has_a_probability_an_interval_and_a_year():
    found = chance(_dated(GROWING), _target(value=70.0), SHARE)
    assert found.reason == ""
    assert 0.5 < found.probability < 0.95
    assert found.lower < 70 < found.value < found.upper
    assert 2019 < found.earliest <= found.year_met <= 2025
    assert found.latest is None or found.latest > 2025


def test_the_year_in_which_it_is_met_is_the_first_with_an_even_chance():
    points, year = _dated(GROWING), chance(_dated(GROWING), _target(value=70.0), SHARE).year_met
    assert chance(points, _target(value=70.0, deadline=year), SHARE).probability >= 0.5
    assert chance(points, _target(value=70.0, deadline=year - 1), SHARE).probability < 0.5


def test_a_target_out_of_sight_is_not_met_within_reach():
    found = chance(_dated(np.linspace(30, 20, 10)), _target(), SHARE)
    assert found.probability < 0.01
    assert (found.year_met, found.latest, chances.REACH) == (None, None, 30)


def test_at_most_is_the_other_side_of_at_least():
    least, most = (chance(_dated(GROWING), _target(kind, 70.0), SHARE).probability for kind in ("at_least", "at_most"))
    assert least + most == pytest.approx(1)


def test_within_a_band_both_sides_count():
    falling = np.linspace(12, 3, 10) + np.array([0.5, -0.5] * 5)
    found = chance(_dated(falling), _target("within", 2.0), GAP)
    over, under = (chance(_dated(falling), _target("at_most", bound), GAP).probability for bound in (2.0, -2.0))
    assert found.probability == pytest.approx(over - under)
    assert 0 < found.probability < 1


@pytest.mark.parametrize("share", [0.0, 100.0])
def test_a_share_of_exactly_nothing_or_all_has_an_answer(share):
    found = chance(_dated([share] * 10), _target(value=50.0), SHARE)
    assert found.probability == pytest.approx(share / 100, abs=0.01)
    assert found.value == pytest.approx(share)


@pytest.mark.parametrize(
    ("points", "target", "method", "words"),
    [
        ([], _target(), SHARE, "fewer than 5"),
        (_dated(GROWING[:4]), _target(), SHARE, "fewer than 5"),
        (_dated(GROWING), _target(deadline=2030), SHARE, "11 years beyond"),
        (_dated([*GROWING, 120]), _target(), SHARE, "outside 0 to 100"),
        (_dated(GROWING), _target(), None, "neither"),
    ],
)
def test_where_nothing_can_be_said_there_is_no_number(points, target, method, words):
    found = chance(points, target, method)
    assert words in found.reason
    assert (found.probability, found.value, found.year_met) == (None, None, None)


def test_a_deadline_within_the_figures_has_no_probability_and_still_a_year():
    found = chance(_dated(GROWING), _target(value=70.0, deadline=2019), SHARE)
    later = chance(_dated(GROWING), _target(value=70.0, deadline=2025), SHARE)
    assert "within the figures" in found.reason
    assert (found.probability, found.value, found.lower) == (None, None, None)
    assert (found.year_met, found.earliest, found.latest) == (later.year_met, later.earliest, later.latest)
    assert found.year_met > 2019


def test_doubt_takes_a_probability_towards_a_half():
    sure, unsure = (
        chance(_dated(GROWING), _target(value=60.0), SHARE, shift=shift).probability for shift in (0.0, 30.0)
    )
    assert 0.5 < unsure < sure


def test_no_points_no_rows():
    assert projections(_points(GROWING).slice(0, 0), CHOSEN).num_rows == 0


def test_the_earliest_and_latest_years_are_those_of_one_in_ten_and_nine_in_ten():
    points = _dated(GROWING)
    found = chance(points, _target(value=90.0), SHARE)
    before, then = (chance(points, _target(value=90.0, deadline=found.earliest - at), SHARE) for at in (1, 0))
    assert before.probability < 0.1 <= then.probability < 0.2
    steep = _dated(np.linspace(10, 80, 10))
    sure = chance(steep, _target(value=82.0), SHARE)
    before, then = (chance(steep, _target(value=82.0, deadline=sure.latest - at), SHARE) for at in (1, 0))
    assert before.probability < 0.9 <= then.probability < 0.95
    assert sure.earliest <= sure.year_met < sure.latest
