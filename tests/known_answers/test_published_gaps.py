"""Gender gaps and parity scores as the resolution and ITU printed them, against our measures of the printed shares."""

import numpy as np
import pytest

from indicators import gap, published


def _figures(indicator: str):
    return [one for part in published.load() if part.indicator == indicator for one in part.figures if one.confirmed]


def _pairs():
    """Give (women, men, statement) of every edition that prints shares and a gap or parity for one area and year."""
    figures = _figures("internet_gender_gap")
    for told in (one for one in figures if one.measure in {"relative_gap", "parity"}):
        same = {
            one.measure: one
            for one in figures
            if (one.edition, one.area, one.year) == (told.edition, told.area, told.year)
        }
        if {"female", "male"} <= set(same):
            yield pytest.param(same["female"], same["male"], told, id=f"{told.edition} {told.area} {told.year}")


@pytest.mark.parametrize(("women", "men", "told"), list(_pairs()))
def test_what_was_published_lies_within_what_the_printed_shares_allow(women, men, told):
    lower, upper = gap.rounding_interval(women.value, men.value, women.half_unit)
    value, half = (told.value, told.half_unit) if told.measure == "relative_gap" else _as_gap(told)
    assert lower <= value + half
    assert value - half <= upper


def _as_gap(told) -> tuple[float, float]:
    return (1 - told.value) * 100, told.half_unit * 100


def test_three_editions_print_shares_and_their_gap():
    assert len(list(_pairs())) == 3


@pytest.mark.parametrize(
    ("female", "male", "relative", "parity"),
    [
        (48, 58, 17, 0.83),  # ITU, Measuring digital development 2019: world
        (40.7, 52.8, 22.9, 0.77),  # the same: developing countries, shares printed to a tenth
        (71, 77, 8, 0.92),  # ITU, Facts and Figures 2025: world
        (78, 87, 10, 0.90),  # A/RES/80/173: mobile telephones of their own, world
    ],
)
def test_gap_and_parity_of_printed_shares(female, male, relative, parity):
    found = gap.measures(np.array([female]), np.array([male]))
    assert found["relative_gap_pct"][0] == pytest.approx(relative, abs=0.5 if isinstance(relative, int) else 0.05)
    assert found["parity"][0] == pytest.approx(parity, abs=0.005)


@pytest.mark.parametrize(
    ("area", "year", "relative"), [("WLD", 2016, 12.0), ("LDC", 2016, 31.0), ("LDC", 2024, 30.0), ("WLD", 2024, 6.0)]
)
def test_the_resolution_s_gaps_and_the_scores_since_are_one_measure(area, year, relative):
    told = [one for one in published.gaps("internet_gender_gap", area) if one.year == year and one.value is not None]
    assert [one.value for one in told] == pytest.approx([relative])
