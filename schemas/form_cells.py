"""The cells of a form that a person filled in: read as they are seen, or refused all together by their addresses.

A publisher's workbook is read whatever it hides, and a cell that cannot be read costs its record. A form is strict:
its sender is there to change it, and what nobody saw when it was filled in (hidden rows, a cell outside the table) may
not be meant.
"""

import re
from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa

from schemas.grid import Grid, Problem, refuse
from schemas.number_text import is_unclear
from schemas.sheet_cells import letters
from schemas.workbook import Workbook, placed, table_of

_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")


def form_table(book: Workbook, sheet: str, columns: Sequence[str], *, values: Collection[str]) -> pa.Table:
    """Give the rows of a form's sheet that hold something, with `record`. The header is its first row.

    Raises Invalid, naming every cell that must be changed, and Changed where a column lacks.
    """
    grid = book.grid(sheet)
    places = placed(grid, columns, 0)
    figures = {places[name] for name in values}
    problems = {*_unreadable(grid, places, figures), *_unseen(book, grid), *_outside(grid, set(places.values()))}
    refuse(grid, sorted(problems))
    table = table_of(grid, columns, values=values)
    filled = [any(row[name] for name in columns) for row in table.to_pylist()]
    return table.filter(pa.array(filled, pa.bool_()))


def _unreadable(grid: Grid, places: dict[str, int], figures: Collection[int]) -> Iterator[Problem]:
    """Name cells that hold no text or number, and figures that are no number or could be two."""
    for (row, column), reason in grid.faults.items():
        if column in places.values():
            yield row, column, reason
    for column in figures:
        for row, text in enumerate(grid.columns.get(column, [])[1:], start=2):
            if (row, column) in grid.booleans:
                yield row, column, "it is TRUE or FALSE, where a figure is expected"
            elif _DAY.fullmatch(text):
                yield row, column, f"it is the date {text}, where a figure is expected"
            elif is_unclear(text) and not text.startswith(("<", ">", "≤", "≥")):
                yield row, column, f"“{text}” is no number, or could be two: write 56.8, with a point for decimals"
    yield from _merged(grid, set(places.values()), figures)


def _merged(grid: Grid, columns: Collection[int], figures: Collection[int]) -> Iterator[Problem]:
    """Name merged cells that say one thing of several figures, or stand in several columns."""
    for top, left, bottom, right in grid.merged:
        own = [at for at in range(left, min(right, left + 500) + 1) if at in columns]
        if bottom > 1 and own and grid.text(top, left):
            if set(own) & set(figures) and bottom > top:
                yield top, left, f"it is merged over the rows {top} to {bottom}: one figure for several"
            elif len(own) > 1 or own[0] != left:
                yield top, left, f"it is merged over the columns {letters(left)} to {letters(right)}"


def _unseen(book: Workbook, grid: Grid) -> Iterator[Problem]:
    """Name filled cells that a person does not see."""
    for column, texts in grid.columns.items():
        hidden = any(first <= column <= last for first, last in grid.hidden_columns)
        for row, text in enumerate(texts, start=1):
            if text and row > 1:
                if grid.sheet in book.hidden:
                    yield row, column, "its sheet is hidden: show it if it is meant"
                elif row in grid.hidden_rows:
                    yield row, column, "its row is hidden: show it if it is meant, delete it if not"
                elif hidden:
                    yield row, column, "its column is hidden: show it if it is meant, empty it if not"


def _outside(grid: Grid, columns: Collection[int]) -> Iterator[Problem]:
    """Name filled cells that stand in no column of the form."""
    for column, texts in grid.columns.items():
        if column not in columns:
            heading = grid.text(1, column)
            where = f"under “{heading}”, which is no column of the form" if heading else "outside the form's columns"
            for row, text in enumerate(texts, start=1):
                if text and row > 1:
                    yield row, column, f"it stands {where}: move or delete it"
