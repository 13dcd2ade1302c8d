import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.assess import assess
from indicators.targets import Question, Target


def _target(comparison="at_least", value=95.0, deadline=2030, base_year=2015) -> Target:
    return Target(
        id="t", paragraph="8", question=Question(en="?", zh="?"), indicator="internet_users", area="LDC",
        comparison=comparison, value=value, deadline=deadline, base_year=base_year, written_in="here",
    )  # fmt: skip


def test_without_a_figure_nothing_can_be_said():
    found = assess([], _target(), 2026)
    assert (found.status, found.value) == ("cannot say", None)


def test_figures_of_the_future_are_not_looked_at():
    assert assess([(2027, 99.0)], _target(), 2026).status == "cannot say"


def test_one_figure_alone_tells_no_change():
    found = assess([(2024, 50.0)], _target(), 2026)
    assert (found.status, found.year, found.value) == ("cannot say", 2024, 50.0)
    assert "two are needed" in found.reason


@pytest.mark.parametrize(
    ("points", "status"),
    [
        ([(2015, 20.0), (2025, 90.0)], "on track"),
        ([(2015, 20.0), (2025, 40.0)], "off track"),
        ([(2015, 40.0), (2025, 40.5)], "no progress"),
        ([(2015, 40.0), (2025, 20.0)], "moving away"),
        ([(2015, 20.0), (2025, 96.0)], "met"),
    ],
)
def test_movement_is_named_by_its_pace(points, status):
    assert assess(points, _target(), 2026).status == status


def test_pace_and_need_are_given_with_the_figure_they_start_from():
    found = assess([(2010, 1.0), (2015, 20.0), (2025, 45.0)], _target(), 2026)
    assert found.former == (2015, 20.0)
    assert found.pace == pytest.approx(2.5)
    assert found.needed == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("points", "status", "words"),
    [
        ([(2019, 24.0), (2025, 34.0)], "missed", "24 in 2019"),
        ([(2020, 24.0), (2025, 97.0)], "missed", "reached in 2025"),
        ([(2020, 95.0), (2025, 97.0)], "met", "met by 2020"),
        ([(2018, 17.0)], "cannot say", "no figure of 2020"),
        ([(2018, 96.0), (2024, 97.0)], "met", "met in 2018"),
    ],
)
def test_after_the_deadline_only_figures_of_the_deadline_speak(points, status, words):
    found = assess(points, _target(deadline=2020), 2026)
    assert found.status == status
    assert words in found.reason


def test_more_than_half_is_not_half():
    target = _target("more_than", 50.0)
    assert not target.met_by(50.0)
    assert target.met_by(50.01)


def test_within_a_band_women_ahead_counts_like_men_ahead():
    target = _target("within", 2.0)
    assert target.met_by(-2.0)
    assert not target.met_by(-2.1)
    assert assess([(2019, 26.0), (2024, 30.0)], target, 2026).status == "moving away"


def test_met_says_since_when_without_a_break():
    found = assess([(2019, 96.0), (2021, 90.0), (2022, 95.0), (2024, 97.0)], _target(), 2026)
    assert (found.status, found.met_in) == ("met", 2022)


POINTS = st.lists(st.tuples(st.integers(2000, 2026), st.floats(0, 100)), max_size=15, unique_by=lambda point: point[0])


@given(POINTS, st.sampled_from(["at_least", "more_than", "at_most", "within"]), st.integers(2005, 2040))
def test_every_series_gets_a_status_and_order_does_not_matter(points, comparison, deadline):
    target = _target(comparison, 50.0, deadline)
    found = assess(points, target, 2026)
    assert found == assess(points[::-1], target, 2026)
    if found.status == "met" and deadline >= 2026:
        assert found.value is not None
        assert target.met_by(found.value)
