import io
import zipfile
from contextlib import suppress

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.containers import member
from schemas.errors import Changed, Empty, IctdevError, Invalid
from schemas.tabular import read_csv, require_columns, unpivot


def test_every_column_arrives_as_text():
    table = read_csv(b"a,b\n1,2.50\n", "f.csv")
    assert table.to_pylist() == [{"a": "1", "b": "2.50"}]


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfa,b\n1,2\n", b"a,b\r\n1,2\r\n", b'"a","b"\n"1","2"\n'])
def test_marks_line_ends_and_quotes_make_no_difference(content):
    assert read_csv(content, "f.csv").to_pylist() == [{"a": "1", "b": "2"}]


def test_a_quoted_cell_may_run_over_lines():
    assert read_csv(b'a,b\n"x\ny",2\n', "f.csv").to_pylist() == [{"a": "x\ny", "b": "2"}]


def test_a_trailing_comma_makes_a_column_without_name():
    assert read_csv(b"a,b,\n1,2,\n", "f.csv").column_names == ["a", "b", "_2"]


def test_header_below_a_preamble():
    assert read_csv(b"x\n\na,b\n1,2\n", "f.csv", header_row=2).to_pylist() == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("content", "error", "text"),
    [
        (b"", Empty, "empty"),
        (b"  \n ", Empty, "empty"),
        (b"<!DOCTYPE html><html>", Changed, "HTML"),
        (b"<html><body>sorry", Changed, "HTML"),
        ("a,b\n1,2\n".encode("utf-32"), Invalid, "UTF-32"),
        (b"a,b\n1\x002\n", Invalid, "UTF-8"),
        (b"a,b\n1,2,3\n", Changed, "well-formed"),
        (b"a,b\n1\n2,3\n", Changed, "row 1 below the header has 1 fields"),
        (b"a,b\n1,2\n3\n", Invalid, "cut off"),
        (b"a,a\n1,2\n", Changed, "same name"),
    ],
)
def test_what_is_no_table_is_named(content, error, text):
    with pytest.raises(error, match=text):
        read_csv(content, "f.csv")


def test_missing_columns_are_named_with_those_that_are_there():
    with pytest.raises(Changed) as caught:
        require_columns(pa.table({"a": ["1"]}), ["a", "c"], "f.csv")
    assert "c" in caught.value.what
    assert "a" in caught.value.why


def test_unpivot_leaves_blanks_out_and_remembers_the_row():
    wide = pa.table({"k": ["x", "y"], "2020": ["1", ""], "2021": [None, "3"]})
    long = unpivot(wide, ["k"], ["2020", "2021"]).to_pylist()
    assert long == [
        {"k": "x", "column": "2020", "value": "1", "row": 0},
        {"k": "y", "column": "2021", "value": "3", "row": 1},
    ]


def test_unpivot_of_nothing_has_the_same_columns():
    wide = pa.table({"k": ["x"], "2020": [""]})
    assert unpivot(wide, ["k"], ["2020"]).column_names == ["k", "column", "value", "row"]


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_the_one_fitting_member_is_taken():
    content = _zip({"a.csv": b"x", "b.txt": b"y"})
    assert member(content, "f.zip", lambda name: name.endswith(".csv")) == ("a.csv", b"x")


@pytest.mark.parametrize("members", [{}, {"a.txt": b""}, {"a.csv": b"", "b.csv": b""}])
def test_no_or_several_fitting_members_are_an_error(members):
    with pytest.raises(Changed):
        member(_zip(members), "f.zip", lambda name: name.endswith(".csv"))


def test_a_cut_off_zip_is_named_as_such():
    content = _zip({"a.csv": b"x" * 1000})
    with pytest.raises(Invalid, match="damaged"):
        member(content[:-30], "f.zip", lambda name: True)


def test_a_zip_that_expands_beyond_reason_is_refused():
    content = _zip({"a.csv": b"0" * 5_000_000})
    with pytest.raises(Invalid, match="expand"):
        member(content, "f.zip", lambda name: True)


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_table_or_an_error_of_ours(content):
    with suppress(IctdevError):
        assert isinstance(read_csv(content, "f.csv"), pa.Table)
