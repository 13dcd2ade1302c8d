"""A lookup of tiles' economies is checked before millions of tiles rest on it."""

import pyarrow as pa
import pytest
from pyarrow import parquet

from schemas.errors import Changed, Empty, Invalid, Unmapped, Usage
from tests.tiles import write_lookup
from warehouse.tiles.lookup import load


def test_csv_and_parquet_give_the_same(tmp_path):
    rows = [("0", "SEN", ""), ("012", "GHA", "U")]
    from_csv = load(write_lookup(tmp_path, *rows))
    path = tmp_path / "lookup.parquet"
    columns = zip(*rows, strict=True)
    names = ("quadkey", "ref_area", "urbanisation")
    parquet.write_table(pa.table({name: list(cells) for name, cells in zip(names, columns, strict=True)}), path)
    assert load(path).table.equals(from_csv.table)
    assert (from_csv.lengths, from_csv.table.num_rows) == ([1, 3], 2)


def test_a_row_that_stands_twice_counts_once(tmp_path):
    assert load(write_lookup(tmp_path, ("0", "SEN"), ("0", "SEN"))).table.num_rows == 1


@pytest.mark.parametrize(
    ("rows", "kind", "words"),
    [
        ([], Empty, "holds no row"),
        ([("0", "SEN"), ("0", "GHA")], Invalid, "two places, as 0; GHA and SEN"),
        ([("0", "SEN", "U"), ("0", "SEN", "R")], Invalid, "two places"),
        ([("0", "SEN"), ("4", "GHA")], Invalid, "1 quadkeys .* are none, as “4”"),
        ([("01230123012301230", "SEN")], Invalid, "are none"),
        ([("", "SEN")], Invalid, "are none"),
        ([("0", "ZZZ")], Unmapped, "no economy with ZZZ"),
        ([("0", "WLD")], Unmapped, "groups hold no tiles"),
        ([("0", "")], Unmapped, "no economy with a blank"),
        ([("0", "SEN", "city")], Unmapped, "urbanisation “city”"),
    ],
)
def test_what_cannot_be_is_told(tmp_path, rows, kind, words):
    with pytest.raises(kind, match=words):
        load(write_lookup(tmp_path, *rows))


def test_a_missing_column_is_told(tmp_path):
    path = tmp_path / "lookup.csv"
    path.write_text("quadkey,country\n0,SEN\n")
    with pytest.raises(Changed, match="lacks the columns ref_area"):
        load(path)


def test_quadkeys_that_were_kept_as_numbers_are_refused(tmp_path):
    path = tmp_path / "lookup.parquet"
    parquet.write_table(pa.table({"quadkey": [123], "ref_area": ["SEN"]}), path)
    with pytest.raises(Invalid, match="no text"):
        load(path)


def test_a_file_that_is_not_there_or_damaged_is_told(tmp_path):
    with pytest.raises(Usage, match="cannot be read"):
        load(tmp_path / "none.csv")
    path = tmp_path / "lookup.parquet"
    path.write_bytes(b"PAR1 damaged")
    with pytest.raises(Invalid, match="damaged"):
        load(path)
