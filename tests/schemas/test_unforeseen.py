"""What no reader foresaw, for every shape of every reader: an unknown column or code costs its own rows, no others."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.columns import totals
from schemas.errors import Invalid
from schemas.in_force import plain
from schemas.sources import readers
from tests.schemas.shapes import SHAPES, read

_FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors]
)
_UNKNOWN = "QQ9"
_REGISTERS = {"classifications", "mlab_stats", "ookla_tiles", "stocktaking"}
"""Sources without columns of dimensions: lists, a register of projects, and statistics that are summed here."""
_STRICT = ["submission form", "submission sheet"]
"""Shapes whose sender is there to change them: a filled cell outside the known columns refuses the file."""
_TOTALS = st.sampled_from(["", "_T", "_Z", "TOTAL", "BOTHSEX", "ALLAGE", "ALLAREA", " _t "])
_WORDS = st.text(alphabet="abcXYZ 0123456789-", min_size=1, max_size=8).filter(lambda text: plain(text) not in totals())
_COLUMNS = st.sampled_from(["Disability status", "QUANTILE", "hhtyp", "[Migratory status]", "network"])


def _told(reading):
    """Give observations without the hash of the bytes, by their record."""
    rows = reading.observations.drop_columns(["snapshot"]).to_pylist()
    return {row["record"]: tuple(row.values()) for row in rows}


@pytest.fixture(scope="module")
def sound():
    """What every shape tells before it is changed, and the record of each of its rows."""
    return {name: read(shape, shape.rows) for name, shape in SHAPES.items()}


def test_every_source_of_figures_has_a_shape():
    assert {shape.source for shape in SHAPES.values()} - {"bundle"} == set(readers()) - _REGISTERS


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_read_whole(name, sound):
    assert sound[name].observations.num_rows == len(SHAPES[name].rows)
    assert sound[name].rejects.num_rows == 0


@pytest.mark.parametrize("name", [name for name in SHAPES if name not in _STRICT])
@_FEW
@given(data=st.data())
def test_an_unknown_column_costs_the_rows_that_it_tells_apart(name, sound, data):
    shape = SHAPES[name]
    column = data.draw(_COLUMNS)
    cells = data.draw(st.lists(_TOTALS | _WORDS, min_size=len(shape.rows), max_size=len(shape.rows)))
    reading = read(shape, [{**one, column: cell} for one, cell in zip(shape.rows, cells, strict=True)])
    records = list(_told(sound[name]))
    apart = {record for record, cell in zip(_by_row(sound[name]), cells, strict=True) if plain(cell) not in totals()}
    assert _told(reading) == {record: row for record, row in _told(sound[name]).items() if record not in apart}
    assert set(reading.rejects["record"].to_pylist()) == apart <= set(records)
    assert set(reading.rejects["reason"].to_pylist()) <= {"unknown_dimension"}
    assert all(column.strip("[]") in detail for detail in reading.rejects["detail"].to_pylist())


@pytest.mark.parametrize("name", _STRICT)
@_FEW
@given(data=st.data())
def test_a_form_with_cells_in_an_unknown_column_is_refused_by_their_addresses(name, sound, data):
    shape = SHAPES[name]
    column = data.draw(_COLUMNS)
    cells = data.draw(st.lists(_TOTALS | _WORDS, min_size=len(shape.rows), max_size=len(shape.rows)))
    rows = [{**one, column: cell} for one, cell in zip(shape.rows, cells, strict=True)]
    filled = [number for number, cell in enumerate(cells, start=2) if cell]
    if not filled:
        assert _told(read(shape, rows)) == _told(sound[name])
        return
    with pytest.raises(Invalid) as refused:
        read(shape, rows)
    assert f"has {len(filled)} cells" in str(refused.value)
    assert f"under “{column}”" in str(refused.value)
    named = set(re.findall(r"[J-L](\d+)", str(refused.value)))
    assert {str(filled[0]), str(filled[-1])} <= named <= {str(number) for number in filled}


def _by_row(reading):
    """Give the record of each row, in the order of the rows: areas differ, or years do."""
    return reading.observations["record"].to_pylist()


_CODED = [(name, field) for name, shape in SHAPES.items() for field in shape.coded]


@pytest.mark.parametrize(("name", "field"), _CODED)
@_FEW
@given(data=st.data())
def test_an_unknown_code_costs_its_own_rows(name, field, sound, data):
    shape = SHAPES[name]
    places = range(len(shape.rows))
    chosen = data.draw(st.sets(st.sampled_from(places), min_size=1, max_size=len(shape.rows) - 1))
    rows = [{**one, field: _UNKNOWN} if at in chosen else one for at, one in enumerate(shape.rows)]
    reading = read(shape, rows)
    lost = {_by_row(sound[name])[at] for at in chosen}
    assert _told(reading) == {record: row for record, row in _told(sound[name]).items() if record not in lost}
    assert set(reading.rejects["record"].to_pylist()) == lost
    assert all(_UNKNOWN in detail for detail in reading.rejects["detail"].to_pylist())
