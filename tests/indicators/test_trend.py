import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.trend import GAP, MINIMUM, SHARE, WINDOW, Figures, Method, ahead, fit, from_scale, to_scale

YEARS = np.arange(2010, 2020)
PLAIN = Method("logit", from_last=False)


def _figures(*series, years=YEARS, half_unit=0.0, doubt=0.0) -> Figures:
    count = len(years)
    number = np.repeat(np.arange(len(series)), count)
    value = np.concatenate([np.asarray(one, dtype="float64") for one in series])
    same = np.full(len(value), 1.0)
    return Figures(number, np.tile(years, len(series)), value, same * half_unit, same * doubt)


def _growing() -> np.ndarray:
    return np.array([20.0, 24, 27, 33, 36, 42, 45, 50, 55, 58])


@given(st.floats(0, 100))
def test_a_share_comes_back_from_its_scale(value):
    assert from_scale(to_scale(np.array(value), SHARE), SHARE) == pytest.approx(value, abs=1e-9)


def test_nothing_and_all_have_a_place_on_the_scale():
    ends = to_scale(np.array([0.0, 100.0]), SHARE)
    assert ends.tolist() == pytest.approx([-np.log(201), np.log(201)])
    assert from_scale(np.array([-50.0, 50.0]), SHARE).tolist() == [0.0, 100.0]


def test_a_gap_keeps_its_sign():
    falling = np.linspace(8, -1, 10)
    outlook = ahead(fit(_figures(falling), GAP), 2025.0)
    assert outlook.value[0] == pytest.approx(-1 + GAP.kept * -1 * 6)
    lower, upper = outlook.interval(0.8)
    assert lower[0] <= outlook.value[0] <= upper[0] < 0


def test_a_straight_line_goes_straight_on():
    outlook = ahead(fit(_figures(np.linspace(5, 14, 10)), Method("linear", from_last=False)), 2025.0)
    assert outlook.value[0] == pytest.approx(20)
    assert outlook.error[0] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("share", [0.0, 100.0])
def test_a_share_that_stands_at_its_end_stays_there_and_may_leave_it(share):
    outlook = ahead(fit(_figures(np.full(10, share)), SHARE), np.array([[2024.0], [2029.0]]))
    lower, upper = outlook.interval(0.8)
    assert outlook.value.ravel().tolist() == pytest.approx([share, share])
    assert np.all((upper - lower).ravel() > 0)
    assert (upper - lower)[1] > (upper - lower)[0]


def test_equal_figures_have_no_trend_and_an_interval_all_the_same():
    outlook = ahead(fit(_figures(np.full(10, 40.0)), SHARE), 2024.0)
    lower, upper = outlook.interval(0.8)
    assert outlook.value[0] == pytest.approx(40)
    assert lower[0] < 39 < 41 < upper[0]


def test_too_few_figures_make_no_line():
    short = _figures(_growing()[:4], years=YEARS[:4])
    outlook = ahead(fit(short, SHARE), 2024.0)
    assert (MINIMUM, np.isnan(outlook.value[0]), np.isnan(outlook.below(50)[0])) == (5, True, True)


def test_figures_before_the_window_play_no_part():
    long = _figures(np.concatenate([[90.0, 1.0], _growing()]), years=np.arange(2008, 2020))
    one, other = (ahead(fit(figures, SHARE), 2024.0) for figures in (long, _figures(_growing())))
    assert WINDOW == 10
    assert one.interval(0.8)[0] == pytest.approx(other.interval(0.8)[0])


def test_later_figures_can_be_left_out():
    whole = fit(_figures(_growing()), SHARE, np.array([2016.0]))
    cut = fit(_figures(_growing()[:7], years=YEARS[:7]), SHARE)
    assert (whole.newest[0], whole.slope[0]) == (2016, pytest.approx(cut.slope[0]))


def test_many_series_at_once_are_each_as_alone():
    series = [_growing(), _growing()[::-1], np.full(10, 7.0)]
    at_once = ahead(fit(_figures(*series), SHARE), 2025.0)
    for number, one in enumerate(series):
        alone = ahead(fit(_figures(one), SHARE), 2025.0)
        assert at_once.centre[number] == pytest.approx(alone.centre[0])
        assert at_once.error[number] == pytest.approx(alone.error[0])


def test_the_order_of_the_rows_does_not_matter():
    figures = _figures(_growing())
    turned = Figures(
        *(part[::-1] for part in (figures.series, figures.year, figures.value, figures.half_unit, figures.doubt))
    )
    assert ahead(fit(figures, SHARE), 2025.0).error == pytest.approx(ahead(fit(turned, SHARE), 2025.0).error)


def test_rounding_is_a_floor_under_the_scatter():
    straight = np.linspace(40, 49, 10)
    exact, rounded = (fit(_figures(straight, half_unit=half), Method("linear")) for half in (0.0, 0.5))
    assert exact.scatter[0] == pytest.approx(0, abs=1e-9)
    assert rounded.scatter[0] == pytest.approx(0.5 / np.sqrt(3))


@pytest.mark.parametrize("method", [SHARE, GAP])
def test_doubt_widens_and_does_not_move(method):
    sure, unsure = (ahead(fit(_figures(_growing(), doubt=doubt), method), 2025.0) for doubt in (0.0, 8.0))
    assert unsure.value == pytest.approx(sure.value)
    assert unsure.error[0] > sure.error[0]
    assert unsure.interval(0.8)[1][0] > sure.interval(0.8)[1][0]


def test_the_further_ahead_the_wider():
    lines = fit(_figures(_growing()), SHARE)
    errors = ahead(lines, np.arange(2020.0, 2030.0)[:, None]).error.ravel()
    assert np.all(np.diff(errors) > 0)


def test_the_probability_agrees_with_the_interval():
    outlook = ahead(fit(_figures(_growing()), SHARE), 2025.0)
    lower, upper = outlook.interval(0.8)
    assert outlook.below(float(lower[0]))[0] == pytest.approx(0.1)
    assert outlook.below(float(upper[0]))[0] == pytest.approx(0.9)
    assert outlook.below(float(outlook.value[0]))[0] == pytest.approx(0.5)
