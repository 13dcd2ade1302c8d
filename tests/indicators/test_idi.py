from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import idi, idi_ranks, index_edition
from indicators.index_edition import TOTAL, Component, Input
from schemas import codelist
from schemas.errors import Invalid, Unanswered, Unmapped

NEW = index_edition.of(2024)
OLD = index_edition.of(2011)
WORKED = [87.4, 89.3, 105.7, 99.2, 98.5, 123.3, 2908.6, 1.0, 1.4, 93.8]


def _inputs(
    economies: Mapping[str, Sequence[float | None]], half_unit: float | None = None, edition=NEW, **more
) -> pa.Table:
    rows = [
        {"ref_area": area, "input": name, "value": value, "half_unit": half_unit}
        for area, values in economies.items()
        for name, value in zip(edition.inputs, values, strict=True)
        if value is not None
    ]
    return pa.Table.from_pylist(rows)


def _row(table: pa.Table, area: str, breakdown: str = TOTAL) -> dict[str, Any]:
    (row,) = [one for one in table.to_pylist() if (one["ref_area"], one["breakdown"]) == (area, breakdown)]
    return row


@pytest.mark.parametrize("year", sorted(index_edition.load()))
def test_an_edition_s_breakdowns_are_codes_of_the_list(year):
    known = set(codelist.codes("breakdown").to_pylist())
    assert set(index_edition.of(year).breakdowns) <= known


@pytest.mark.parametrize("year", sorted(index_edition.load()))
def test_all_at_the_goalpost_is_the_whole_scale_and_all_at_the_threshold_nothing(year):
    edition = index_edition.of(year)
    full = [one.full for one in edition.components for _ in one.inputs]
    least = [one.threshold for one in edition.components for _ in one.inputs]
    assert idi.score_all(np.array(full), edition) == pytest.approx(edition.scale)
    assert idi.score_all(np.array(least), edition) == pytest.approx(0)


def test_an_edition_that_is_not_held_names_those_that_are():
    with pytest.raises(Unanswered, match="2011"):
        index_edition.of(1999)


def test_what_is_carried_over_is_marked_and_what_is_confirmed_is_not():
    assert index_edition.of(2025).unconfirmed
    assert not index_edition.of(2024).unconfirmed
    assert not index_edition.of(2011).unconfirmed


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"goalpost": 0}, "the same"),
        ({"inputs": (Input(id="a", share=0.4), Input(id="b", share=0.5))}, "add up"),
    ],
)
def test_parameters_that_cannot_be_are_refused(changed, words):
    right = {"id": "c", "breakdown": "IDI_USERS", "threshold": 0, "goalpost": 95, "inputs": (Input(id="a"),)}
    with pytest.raises(ValueError, match=words):
        Component(**{**right, **changed})


def test_below_the_threshold_is_nothing_and_above_the_goalpost_is_all():
    beyond = [120.0, -3.0, 900.0, 100.0, 100.0, -5.0, 1e9, 0.0, 90.0, 100.0]
    found = idi.component_scores(np.array(beyond), NEW)
    assert found.tolist() == [100, 0, 100, 100, 0, 100, 100, 0, 100]


def test_coverage_is_mixed_before_it_is_put_on_the_scale():
    found = idi.scores(_inputs({"AAA": WORKED}), NEW)
    assert _row(found, "AAA", "IDI_COVERAGE")["score"] == pytest.approx(0.4 * 99.2 + 0.6 * 98.5)


def test_four_of_ten_inputs_have_no_figure_but_a_reason():
    found = _row(idi.scores(_inputs({"AAA": [*WORKED[:4], *[None] * 6]}), NEW), "AAA")
    assert [found[name] for name in ("score", "lower", "upper")] == [None, None, None]
    assert found["reason"] == "cannot say: 4 of 10 inputs are official data, at least 5 are needed"


def test_inputs_that_are_estimates_do_not_count_as_official():
    table = _inputs({"AAA": [*WORKED[:5], *[None] * 5]}).append_column(
        "obs_status", pa.array(["E", "A", "A", "A", "A"])
    )
    found = _row(idi.scores(table, NEW), "AAA")
    assert (found["inputs"], found["official"], found["upper"]) == (5, 4, None)


def test_five_of_ten_inputs_have_bounds_that_hold_the_whole_score():
    whole = _row(idi.scores(_inputs({"AAA": WORKED}), NEW), "AAA")["score"]
    found = _row(idi.scores(_inputs({"AAA": [*WORKED[:5], *[None] * 5]}), NEW), "AAA")
    assert found["score"] is None
    assert found["lower"] < whole < found["upper"]
    assert found["reason"] == "5 of 10 inputs are known: bounds instead of a score"


def test_a_component_whose_inputs_are_known_has_its_score_without_the_others():
    found = idi.scores(_inputs({"AAA": [*WORKED[:5], *[None] * 5]}), NEW)
    assert _row(found, "AAA", "IDI_USERS")["score"] == pytest.approx(92)
    assert _row(found, "AAA", "IDI_UNIVERSAL")["score"] == pytest.approx((92.0 + 94.0 + 70.4667) / 3, abs=1e-3)
    assert _row(found, "AAA", "IDI_MEANINGFUL")["score"] is None


def test_half_of_the_coverage_is_no_coverage():
    values: list[float | None] = [*WORKED[:4], None, *WORKED[5:]]
    found = _row(idi.scores(_inputs({"AAA": values}), NEW), "AAA", "IDI_COVERAGE")
    assert (found["score"], found["lower"], found["upper"]) == (None, 0.0, 100.0)


def test_an_unknown_input_and_one_given_twice_are_refused():
    with pytest.raises(Unmapped, match="shoes"):
        idi.scores(pa.table({"ref_area": ["AAA"], "input": ["shoes"], "value": [1.0]}), NEW)
    twice = pa.concat_tables([_inputs({"AAA": WORKED}), _inputs({"AAA": WORKED})])
    with pytest.raises(Invalid, match="twice"):
        idi.scores(twice, NEW)


def test_a_residual_beyond_rounding_is_not_explained():
    found = idi.scores(_inputs({"AAA": WORKED, "BBB": WORKED, "CCC": WORKED[:4] + [None] * 6}, 0.05), NEW)
    exact = _row(found, "AAA")["score"]
    published = pa.table(
        {
            "ref_area": ["AAA", "BBB", "CCC"],
            "breakdown": [TOTAL] * 3,
            "value": [round(exact, 1), round(exact, 1) + 2, 50.0],
            "half_unit": [0.05] * 3,
        }
    )
    rows = idi.residuals(found, published).to_pylist()
    assert [row["explained"] for row in rows] == [True, False, None]
    assert rows[1]["residual"] == pytest.approx(exact - rows[1]["published"])
    assert rows[2]["residual"] is None


VALUES = st.lists(st.floats(0, 300), min_size=10, max_size=10)


@settings(max_examples=80, deadline=None)
@given(VALUES, st.lists(st.floats(-1, 1), min_size=10, max_size=10))
def test_bounds_hold_every_figure_that_rounds_to_the_printed_one(printed, moved):
    found = _row(idi.scores(_inputs({"AAA": printed}, 0.05), NEW), "AAA")
    true = np.array(printed) + 0.05 * np.array(moved)
    assert found["lower"] - 1e-9 <= idi.score_all(true, NEW)[0] <= found["upper"] + 1e-9
    assert 0 <= found["lower"] <= found["score"] <= found["upper"] <= 100


def test_ranks_count_who_is_better_and_equal_scores_share_one():
    assert idi_ranks.ranks(np.array([50.0, 90.0, 50.0, 10.0])).tolist() == [2, 1, 2, 4]


def test_the_same_inputs_give_the_same_rank_intervals_in_any_order():
    inputs = _inputs({"AAA": WORKED, "BBB": [x * 0.98 for x in WORKED], "CCC": [x * 0.9 for x in WORKED]}, 0.05)
    turned = inputs.take(pa.array(range(inputs.num_rows - 1, -1, -1)))
    assert idi_ranks.rank_intervals(inputs, NEW).equals(idi_ranks.rank_intervals(turned, NEW))


def test_without_anything_drawn_every_draw_is_the_plain_rank():
    inputs = _inputs({"AAA": WORKED, "BBB": [x * 0.98 for x in WORKED], "CCC": [x * 0.9 for x in WORKED]})
    rows = idi_ranks.rank_intervals(inputs, NEW, idi_ranks.Plan(draws=20, weight=0, goalpost=0)).to_pylist()
    assert all(row["rank"] == row["rank_lower"] == row["rank_upper"] for row in rows)
    assert sorted(row["rank"] for row in rows) == [1, 2, 3]


def test_who_leads_in_one_pillar_and_trails_in_the_other_may_be_first_or_second():
    users, traffic = [95, 95, 150, 60, 60, 5, 100, 10, 10, 60], [60, 60, 90, 100, 100, 300, 9000, 1, 1, 95]
    rows = idi_ranks.rank_intervals(_inputs({"AAA": users, "BBB": traffic}, 0.05), NEW).to_pylist()
    totals = [_row(idi.scores(_inputs({"AAA": users, "BBB": traffic}), NEW), area)["score"] for area in ("AAA", "BBB")]
    assert abs(totals[0] - totals[1]) < 10
    assert {(row["rank_lower"], row["rank_upper"]) for row in rows} == {(1, 2)}


def test_only_economies_with_all_inputs_are_ranked_and_one_alone_is_first():
    inputs = _inputs({"AAA": WORKED, "BBB": [*WORKED[:9], None]}, 0.05)
    (row,) = idi_ranks.rank_intervals(inputs, NEW).to_pylist()
    assert (row["ref_area"], row["rank"], row["rank_lower"], row["rank_upper"], row["ranked"]) == ("AAA", 1, 1, 1, 1)
    none = idi_ranks.rank_intervals(_inputs({"BBB": [*WORKED[:9], None]}), NEW)
    assert none.num_rows == 0


def test_equal_economies_share_the_first_rank_in_every_draw_that_only_moves_weights():
    rows = idi_ranks.rank_intervals(_inputs({"AAA": WORKED, "BBB": WORKED}), NEW).to_pylist()
    assert [(row["rank_lower"], row["rank_upper"]) for row in rows] == [(1, 1), (1, 1)]


def test_drawing_all_at_once_is_drawing_one_after_the_other():
    rng = np.random.default_rng(3)
    values, plan = np.abs(rng.normal(60, 30, (12, 10))), idi_ranks.Plan(draws=600)
    drawn = idi_ranks.drawn_ranks(values, np.zeros_like(values), NEW, plan)
    weights, full = idi.edition_weights(NEW), np.array([one.full for one in NEW.components])
    again = np.random.default_rng(plan.seed)
    factors = again.uniform(1 - plan.weight, 1 + plan.weight, (plan.draws, len(weights)))
    goals = full * again.uniform(1 - plan.goalpost, 1 + plan.goalpost, (plan.draws, len(full)))
    for draw in (0, 299, 599):
        parts = idi.component_scores(values, NEW, np.broadcast_to(goals[draw], (12, 9)))
        assert (
            idi_ranks.ranks(idi.put_together(parts, NEW, weights * factors[draw])[:, 0]).tolist()
            == drawn[draw].tolist()
        )


def test_bandwidth_counts_by_its_logarithm():
    korea = [59.2, 105.4, 11878.4, 82, 97, 84, 36.6, 91.0, 97.9, 102.0, 99.0]
    found = _row(idi.scores(_inputs({"KOR": korea}, edition=OLD), OLD), "KOR", "IDI_BANDWIDTH")
    assert found["score"] == pytest.approx(10 * np.log10(11878.4) / 5.45)
