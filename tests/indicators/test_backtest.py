import numpy as np
import pyarrow as pa
import pytest

from indicators import backtest
from indicators.backtest import HELD_OUT, LEAD, SET
from indicators.projection import figures_of
from indicators.trend import GAP, SHARE, Method, ahead, fit
from schemas.errors import Empty

ROW = {
    "indicator": "internet_users", "sex": "_T", "age": "_T", "urbanisation": "_T", "breakdown": "_T",
    "source": "made_up", "edition": "",
}  # fmt: skip


def _points(**areas) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {**ROW, "ref_area": area, "year": 2000 + at, "value": float(value)}
            for area, values in areas.items()
            for at, value in enumerate(values)
            if value is not None
        ]
    )


STRAIGHT = np.linspace(2, 32, 16)


def test_a_figure_is_a_case_when_enough_was_known_five_years_before():
    found = backtest.cases(_points(AAA=STRAIGHT), GAP)
    assert found.year.tolist() == list(range(2009, 2016))
    assert found.lines.newest.tolist() == [year - LEAD for year in found.year]
    assert found.actual.tolist() == pytest.approx(STRAIGHT[9:].tolist())


def test_nothing_of_the_five_years_is_looked_at():
    later = STRAIGHT.copy()
    later[10:] = 99
    one, other = (backtest.of_method(backtest.cases(_points(AAA=values), GAP), GAP) for values in (STRAIGHT, later))
    assert one.value[:6].tolist() == other.value[:6].tolist()


def test_a_figure_whose_past_is_old_or_stood_still_is_no_case():
    old = [*STRAIGHT[:6], None, None, *STRAIGHT[8:]]
    assert 2012 not in backtest.cases(_points(AAA=old, BBB=STRAIGHT), GAP).year[:4].tolist()
    still = backtest.cases(_points(AAA=[50.0] * 16, BBB=STRAIGHT), GAP)
    assert set(still.keys["ref_area"]) == {"BBB"}


def test_forecasts_are_those_of_a_line_fitted_by_then():
    values = STRAIGHT + np.array([0.3, -0.4] * 8)
    found = backtest.cases(_points(AAA=values), GAP)
    forecast = backtest.of_method(found, GAP)
    figures, _ = figures_of(_points(AAA=values[:11]))
    outlook = ahead(fit(figures, GAP), 2015.0)
    assert forecast.value[-1] == pytest.approx(outlook.value[0])
    assert forecast.upper[-1] == pytest.approx(outlook.interval(0.8)[1][0])


def test_rivals_keep_the_last_value_and_the_last_change():
    found = backtest.cases(_points(AAA=[*STRAIGHT[:-1], 99.0]), GAP)
    told = backtest.rivals(found)
    assert told["last value"].value[-1] == pytest.approx(STRAIGHT[10])
    assert told["last change"].value[-1] == pytest.approx(STRAIGHT[10] + 5 * 2.0)
    assert told["last value"].upper[-1] > told["last value"].value[-1]


def test_the_rival_s_error_grows_from_its_own_steps():
    found = backtest.cases(_points(AAA=np.array([1.0, 3, 2, 4, 3, 5, 4, 6, 5, 7, 6])), GAP)
    steps = np.array([2.0, -1, 2, -1, 2])
    assert found.step[-1] == pytest.approx((steps**2).mean())
    assert found.bend[-1] == pytest.approx((np.diff(steps) ** 2).mean())


def test_rivals_of_a_share_stay_within_0_and_100():
    rising = [*np.linspace(40, 99, 12), *[99.5] * 4]
    told = backtest.rivals(backtest.cases(_points(AAA=rising), SHARE))["last change"]
    assert told.value.max() == told.upper.max() == 100.0


def test_the_table_counts_what_lay_in_the_interval():
    rng = np.random.default_rng(5)
    areas = {f"A{number:02d}": STRAIGHT * rng.uniform(0.5, 3) + rng.normal(0, 1, 16) for number in range(20)}
    method = Method("linear", from_last=False)
    rows = backtest.backtest(_points(**areas), method).to_pylist()
    ours = {row["half"]: row for row in rows if row["method"] == "ours"}
    fitted = {row["half"]: row for row in rows if row["method"] == "line as fitted"}
    assert {half: row["economies"] for half, row in ours.items()} == {SET: 10, HELD_OUT: 10}
    assert ours[SET]["forecasts"] == 70
    assert ours[HELD_OUT]["coverage"] == fitted[HELD_OUT]["coverage"] == pytest.approx(0.8, abs=0.12)
    assert abs(ours[HELD_OUT]["bias"]) < 1


def test_the_choice_sees_only_the_half_that_is_set():
    rng = np.random.default_rng(7)
    areas = {f"A{number:02d}": 40 + np.cumsum(rng.normal(0.5, 2, 22)) for number in range(30)}
    others = {area: values if at % 2 == 0 else 100 - values for at, (area, values) in enumerate(sorted(areas.items()))}
    one, other = (backtest.choose(_points(**each), GAP) for each in (areas, others))
    assert one == other
    assert one.scale == "linear"


def test_chosen_constants_bring_the_set_half_near_the_level():
    rng = np.random.default_rng(11)
    points = _points(**{f"A{number:02d}": 40 + np.cumsum(rng.normal(0.5, 1, 22)) for number in range(40)})
    chosen = backtest.choose(points, Method("linear"))
    rows = backtest.backtest(points, chosen).to_pylist()
    (ours,) = [row for row in rows if (row["method"], row["half"]) == ("ours", SET)]
    assert ours["coverage"] == pytest.approx(0.8, abs=0.05)


def test_without_any_figure_there_is_nothing_to_try_and_with_too_few_no_case():
    with pytest.raises(Empty):
        backtest.backtest(_points(AAA=STRAIGHT).slice(0, 0), GAP)
    assert backtest.backtest(_points(AAA=STRAIGHT[:5]), GAP).num_rows == 0
