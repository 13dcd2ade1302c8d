"""Splitting a change: the parts add up, and each is what it says."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.composition import decompose


def _state(*rows):
    names = ("ref_area", "value", "weight")
    return pa.Table.from_pylist([{"key": "g", **dict(zip(names, row, strict=True))} for row in rows])


def _split(before, after):
    return decompose(_state(*before), _state(*after), ["key"]).to_pylist()


def test_the_same_members_with_other_figures_are_data_alone():
    (row,) = _split([("A", 40.0, 1.0), ("B", 60.0, 1.0)], [("A", 50.0, 1.0), ("B", 60.0, 1.0)])
    assert (row["by_data"], row["by_composition"], row["entered"], row["left"]) == (5, 0, 0, 0)


def test_other_members_with_the_same_figures_are_composition_alone():
    (row,) = _split([("A", 40.0, 1.0)], [("A", 40.0, 1.0), ("B", 60.0, 1.0)])
    assert (row["by_data"], row["by_composition"], row["entered"]) == (0, 10, 1)


def test_other_weights_of_the_same_members_are_data():
    (row,) = _split([("A", 40.0, 1.0), ("B", 60.0, 1.0)], [("A", 40.0, 3.0), ("B", 60.0, 1.0)])
    assert (row["by_data"], row["by_composition"]) == (-5, 0)


def test_without_a_common_member_nothing_can_be_split():
    (row,) = _split([("A", 40.0, 1.0)], [("B", 60.0, 1.0)])
    assert (row["before"], row["after"]) == (40, 60)
    assert row["by_data"] is None
    assert row["by_composition"] is None


def test_what_stands_in_one_state_only_is_left_out():
    one = _state(("A", 1.0, 1.0))
    for nothing in (
        one.slice(0, 0),
        one.schema.empty_table(),
        pa.Table.from_batches([], one.schema),
    ):
        assert decompose(one, nothing, ["key"]).num_rows == 0
        assert decompose(nothing, one, ["key"]).column_names[0] == "key"


_MEMBERS = st.dictionaries(
    st.sampled_from("ABCDEF"), st.tuples(st.floats(0, 100), st.floats(1, 1000)), min_size=1, max_size=6
)


@given(_MEMBERS, _MEMBERS)
def test_the_parts_always_add_up(before, after):
    (row,) = _split(*([(area, *pair) for area, pair in state.items()] for state in (before, after)))
    if row["by_data"] is not None:
        assert row["by_data"] + row["by_composition"] == pytest.approx(row["after"] - row["before"], abs=1e-9)
