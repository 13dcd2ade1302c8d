"""Script files: whatever the texts are, they come back as they were and cannot leave the script."""

import json
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from dashboards.site import columns

TEXTS = st.text() | st.sampled_from(
    ["</script>", "<!--", "\u2028\u2029", "';alert(1)//", "\\", '"', "__proto__", "]]>"]
)
ROWS = st.lists(
    st.tuples(TEXTS | st.none(), st.floats(allow_nan=False, allow_infinity=False) | st.none(), st.booleans())
)


def _unpacked(packed: dict[str, Any]) -> list[dict[str, Any]]:
    """Do what assets/core.js does."""

    def cell(stored, row):
        if isinstance(stored, list):
            return stored[row]
        if "i" in stored:
            place = stored["i"][row]
            return None if place is None else stored["d"][place]
        return stored["k"]

    return [{name: cell(stored, row) for name, stored in packed["c"].items()} for row in range(packed["n"])]


@given(ROWS)
def test_a_table_comes_back_as_it_was(rows):
    schema = pa.schema([("text", pa.string()), ("value", pa.float64()), ("flag", pa.bool_())])
    table = pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)
    told = columns.script("x", columns.packed(table)).decode()
    assert _unpacked(json.loads(told.removeprefix('ICTDEV.take("x",').removesuffix(");\n"))) == table.to_pylist()


@given(TEXTS, TEXTS)
def test_no_text_can_end_the_script_or_a_line_of_it(name, text):
    told = columns.script(name, {"text": text, text: 1}).decode()
    assert not set("<>&\u2028\u2029") & set(told)
    assert told.count("\n") == 1
    assert told.endswith(");\n")


def test_repeated_and_constant_columns_are_small():
    table = pa.table({"same": ["a"] * 1000, "few": ["x", "y"] * 500, "none": pa.nulls(1000, pa.string())})
    packed = columns.packed(table)
    assert packed["c"]["same"] == {"k": "a"}
    assert packed["c"]["few"]["d"] == ["x", "y"]
    assert packed["c"]["none"] == {"k": None}


def test_an_empty_table_keeps_its_columns():
    assert columns.packed(pa.table({"a": pa.array([], pa.string())})) == {"n": 0, "c": {"a": []}}
