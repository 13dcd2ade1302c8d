import pytest

from indicators.digits import decimals, half_units


@pytest.mark.parametrize(
    ("value", "count"), [(40.0, 0), (39.3, 1), (0.25, 2), (100.0, 0), (1e-5, 5), (0.1 + 0.2, 1), (1 / 3, 6), (-2.5, 1)]
)
def test_decimals_are_those_that_were_printed(value, count):
    assert decimals(value) == count


def test_the_figure_with_the_most_decimals_tells_for_its_series():
    found = half_units([40.0, 39.3, 12.0, 1 / 3], ["a", "a", "b", "c"])
    assert found.tolist() == pytest.approx([0.05, 0.05, 0.5, 0.0])


def test_no_figures_have_no_digits():
    assert half_units([], []).tolist() == []
