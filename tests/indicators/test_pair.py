import itertools
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from indicators import pair_backtest
from indicators.backtest import HELD_OUT, SET, of_method
from indicators.chance import gap_chance
from indicators.pair import gap_ahead, gap_projections, lines_of
from indicators.projection import OUTSIDE, TOO_FEW
from indicators.targets import Question, Target
from indicators.trend import RATIO, SHARE, ahead, from_scale, to_scale

WHO = {
    "indicator": "internet_gender_gap", "ref_area": "SEN", "sex": "_T", "age": "_T", "urbanisation": "_T",
    "breakdown": "_T", "source": "made_up", "edition": "e1",
}  # fmt: skip
MEN = [30.0, 34, 39, 41, 47, 50, 55, 58, 63, 66]
WOMEN = [20.0, 24, 27, 33, 36, 42, 45, 50, 55, 58]


def _pairs(women, men, **given) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {**WHO, "year": 2010 + at, "female": float(f), "male": float(m), **given}
            for at, (f, m) in enumerate(zip(women, men, strict=True))
        ]
    )


def _dated(values) -> list[tuple[int, float]]:
    return [(2010 + at, float(value)) for at, value in enumerate(values)]


def _target(deadline=2025, **given: Any) -> Target:
    usual: dict[str, Any] = {"comparison": "within", "value": 2.0, **given}
    return Target(
        id="t", paragraph="31", question=Question(en="?", zh="?"), indicator="internet_gender_gap", area="WLD",
        deadline=deadline, base_year=2016, written_in="here", **usual,
    )  # fmt: skip


@pytest.mark.parametrize("gap", [-40.0, 0.0, 12.0, 99.0])
def test_a_gap_comes_back_from_the_scale_of_ratios(gap):
    assert from_scale(to_scale(np.array(gap), RATIO), RATIO) == pytest.approx(gap, abs=1e-9)


def test_the_gap_is_the_one_between_the_two_projected_rates():
    _, women, men, _ = lines_of(_pairs(WOMEN, MEN))
    f, m = ahead(women, 2025.0).value[0], ahead(men, 2025.0).value[0]
    outlook = gap_ahead(women, men, 2025.0)
    assert outlook.value[0] == pytest.approx((m - f) / m * 100)
    lower, upper = outlook.interval(0.8)
    assert lower[0] < outlook.value[0] < upper[0]


def test_a_gap_between_rates_that_fill_up_closes_by_itself():
    found = gap_projections(_pairs(WOMEN, MEN)).to_pylist()
    assert [row["year"] for row in found] == list(range(2020, 2030))
    values = [row["value"] for row in found]
    assert all(later < before for before, later in itertools.pairwise(values))
    assert (66 - 58) / 66 * 100 > values[0] > values[-1] > 0


def test_where_women_lead_the_gap_stays_negative():
    found = gap_projections(_pairs(MEN, WOMEN)).to_pylist()
    assert all(row["lower"] < row["value"] < 0 for row in found)


def test_equal_rates_have_no_gap_and_an_interval_around_it():
    row = gap_projections(_pairs(MEN, MEN)).to_pylist()[4]
    assert row["value"] == pytest.approx(0)
    assert row["lower"] < 0 < row["upper"]


def test_errors_in_common_do_not_widen_a_gap():
    _, women, men, _ = lines_of(_pairs(WOMEN, MEN))
    errors = [gap_ahead(women, men, 2025.0, together).error[0] for together in (0.0, 0.9, 0.99)]
    assert errors[0] > errors[1] > errors[2] > 0


def test_the_error_of_a_gap_is_that_of_the_ratio_to_first_order():
    _, women, men, _ = lines_of(_pairs(WOMEN, MEN))
    sizes = []
    for one in (ahead(women, 2022.0), ahead(men, 2022.0)):
        step = 1e-5
        sizes.append(one.error[0] * (np.log(from_scale(one.centre + step, SHARE)) - np.log(one.value))[0] / step)
    f, m = sizes
    expected = np.sqrt(f**2 + m**2 - 2 * 0.9 * f * m)
    assert gap_ahead(women, men, 2022.0, 0.9).error[0] == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("share", [0.0, 100.0])
def test_two_rates_of_exactly_nothing_or_all(share):
    rows = gap_projections(_pairs([share] * 10, [share] * 10)).to_pylist()
    assert len(rows) == 10
    assert [row["value"] for row in rows] == ([None] * 10 if share == 0 else pytest.approx([0.0] * 10))


@pytest.mark.parametrize(("women", "men", "reason"), [(WOMEN[:4], MEN[:4], TOO_FEW), (WOMEN, [*MEN[:9], 101], OUTSIDE)])
def test_of_which_nothing_can_be_said_says_why(women, men, reason):
    (row,) = gap_projections(_pairs(women, men)).to_pylist()
    assert (row["reason"], row["value"], row["year"]) == (reason, None, None)
    found = gap_chance(_dated(women), _dated(men), _target())
    assert (found.reason, found.probability) == (reason, None)


def test_the_chance_of_a_gap_is_that_of_its_outlook():
    found: Any = gap_chance(_dated(WOMEN), _dated(MEN), _target(value=8.0))
    _, women, men, _ = lines_of(_pairs(WOMEN, MEN))
    outlook = gap_ahead(women, men, 2025.0)
    assert found.probability == pytest.approx(outlook.below(8.0)[0] - outlook.below(-8.0)[0])
    assert found.lower < found.value < found.upper
    narrow: Any = gap_chance(_dated(WOMEN), _dated(MEN), _target(value=2.0))
    assert narrow.probability < found.probability


def test_rates_of_different_years_make_no_gap():
    with pytest.raises(ValueError, match="same years"):
        gap_chance(_dated(WOMEN), _dated(MEN[:9]), _target())


def test_the_backtest_tries_the_same_cases_by_every_method():
    rng = np.random.default_rng(4)
    parts = []
    for number in range(12):
        men = np.clip(30 + np.cumsum(rng.uniform(0, 5, 16)), 0, 99)
        parts.append(_pairs(men * rng.uniform(0.8, 1, 16), men, ref_area=f"A{number:02d}"))
    pairs = pa.concat_tables(parts)
    found = pair_backtest.pair_cases(pairs)
    assert found.women.keys.equals(found.gap.keys)
    assert found.men.year.tolist() == found.gap.year.tolist()
    assert found.gap.actual == pytest.approx((found.men.actual - found.women.actual) / found.men.actual * 100)
    f, m = (of_method(one, SHARE).value for one in (found.women, found.men))
    assert pair_backtest.of_rates(found).value == pytest.approx((m - f) / m * 100)
    rows = pair_backtest.pair_backtest(pairs).to_pylist()
    assert {row["method"] for row in rows} == {"ours", "line of the gap", "line as fitted", "last value", "last change"}
    assert {row["forecasts"] for row in rows if row["half"] in {SET, HELD_OUT}} == {42}
    assert 0.9 <= pair_backtest.choose_together(pairs) < 1
