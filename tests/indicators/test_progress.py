"""The yardsticks of others: known answers worked out by hand, and a defined answer for every bad input."""

import numpy as np
import pyarrow as pa
import pytest

from indicators import progress, yardstick
from schemas.errors import Invalid

TARGET = {"comparison": "at_least", "target_value": 80.0, "direction": "up", "base_year": 2015, "deadline": 2030}
FIELDS = {"row": pa.int64(), "comparison": pa.string(), "target_value": pa.float64(), "direction": pa.string(),
          "base_year": pa.int64(), "deadline": pa.int64()}  # fmt: skip

BOUNDED = """yardsticks:
- {id: x, name: {en: a, zh: b}, citation: c, certainty: confirmed,
   with_target: {measure: growth_pct, bands: [{state: a, at_least: 1}]}}"""


def _measured(points, **given):
    target = pa.Table.from_pylist([{"row": 0, **TARGET, **given}], schema=pa.schema(list(FIELDS.items())))
    rows = [{"row": 0, "year": year, "value": value} for year, value in points]
    schema = pa.schema([("row", pa.int64()), ("year", pa.int64()), ("value", pa.float64())])
    found = progress.yardsticks(target, pa.Table.from_pylist(rows, schema=schema), yardstick.load())
    return {row["yardstick"]: row for row in found.to_pylist()}


def test_growth_ratio_is_growth_over_needed_growth():
    found = _measured([(2015, 20.0), (2020, 40.0)])
    # 20 to 40 in 5 years, 20 to 80 needed in 15: (2^(1/5) − 1) / (4^(1/15) − 1)
    assert found["open_sdg"]["measured"] == pytest.approx((2 ** (1 / 5) - 1) / (4 ** (1 / 15) - 1))
    assert {one: found[one]["state"] for one in ("un_progress_chart", "open_sdg", "eurostat")} == {
        "un_progress_chart": "on track",
        "open_sdg": "on track",
        "eurostat": "significant progress",
    }


def test_a_fall_is_wanted_where_the_target_is_a_ceiling():
    found = _measured([(2015, 10.0), (2020, 8.0)], comparison="at_most", target_value=2.0, direction="down")
    needed = 1 - 0.2 ** (1 / 15)
    assert found["open_sdg"]["measured"] == pytest.approx((1 - 0.8 ** (1 / 5)) / needed)
    away = _measured([(2015, 10.0), (2020, 12.0)], comparison="at_most", target_value=2.0, direction="down")
    assert away["open_sdg"]["state"] == "deterioration"


def test_anticipated_progress_is_what_will_be_missing_of_what_was_needed():
    # a straight line: any weights find it; 20 in 2015 and 2 a year come to 50 in 2030, 30 of 60 points missing
    found = _measured([(2015, 20.0), (2018, 26.0), (2020, 30.0)])["escap_anticipated"]
    assert found["anticipated"] == pytest.approx(50.0)
    assert found["measured"] == pytest.approx(0.5)
    assert found["state"] == "accelerate"


def test_newer_years_weigh_more_in_the_anticipated_line():
    found = _measured([(2015, 20.0), (2016, 20.0), (2017, 26.0)])["escap_anticipated"]
    slope, level = np.polyfit([2015, 2016, 2017], [20.0, 20.0, 26.0], 1, w=np.sqrt([1.0, 2.0, 3.0]))
    assert found["anticipated"] == pytest.approx(level + slope * 2030)


def test_without_a_number_growth_itself_is_told():
    found = _measured([(2015, 20.0), (2017, 20.2)], comparison=None, target_value=None)
    assert found["open_sdg"]["measured"] == pytest.approx(((20.2 / 20) ** 0.5 - 1) * 100)
    assert found["open_sdg"]["state"] == "negligible progress"
    assert found["escap_anticipated"]["reason"] == progress.NO_NUMBER


@pytest.mark.parametrize(
    ("points", "given", "reason"),
    [
        ([], {}, progress.ONE_POINT),
        ([(2020, 5.0)], {}, progress.ONE_POINT),
        ([(2010, 5.0), (2014, 6.0)], {}, progress.ONE_POINT),
        ([(2031, 5.0), (2032, 6.0)], {}, progress.ONE_POINT),
        ([(2015, 85.0), (2020, 70.0)], {}, progress.MET_BEFORE),
        ([(2015, -5.0), (2020, 5.0)], {}, progress.SIGNS),
        ([(2015, 9.0), (2020, 5.0)], {"comparison": "within", "target_value": 2.0}, progress.CROSSES),
        ([(2015, 1.0), (2020, 5.0)], {"comparison": None, "target_value": None, "direction": "none"},
         progress.NO_DIRECTION),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_says_why(points, given, reason):
    found = _measured(points, **given)["open_sdg"]
    assert (found["measured"], found["state"], found["reason"]) == (None, "", reason)


def test_a_zero_base_and_figures_that_never_move_have_defined_answers():
    assert _measured([(2015, 0.0), (2020, 10.0)])["open_sdg"]["state"] == "on track"
    found = _measured([(2015, 20.0), (2018, 20.0), (2020, 20.0)])
    assert found["open_sdg"]["measured"] == 0
    assert found["escap_anticipated"]["measured"] == pytest.approx(1)


def test_a_gap_that_turned_negative_still_has_its_distance():
    found = _measured([(2015, 10.0), (2016, 4.0), (2017, -2.0)], comparison="within", target_value=2.0)
    assert found["escap_anticipated"]["state"] == "reverse"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yardsticks: [{id: x}]", "name"),
        ("yardsticks: []\nother: 1", "other"),
        (BOUNDED, "no limit"),
    ],
)
def test_a_wrong_file_is_named_with_the_key(text, said):
    with pytest.raises(Invalid) as caught:
        yardstick.parse(text)
    assert said in caught.value.why
