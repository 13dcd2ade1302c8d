"""One sheet of a workbook as texts, with what a person who looks at it sees or does not see.

A cell that cannot be read as it is seen (an error value, a formula without a result, a format that shows another
quantity) is never a blank: where a figure is expected its text says what is wrong, so that the record becomes a
reject by that name; everywhere else the sheet is refused, with the addresses of all such cells.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from schemas.errors import Invalid
from schemas.sheet_cells import letters

Problem = tuple[int, int, str]
"""Row and column of a cell, counted from one, and what is wrong with it."""
_MOST_NAMED = 60
_MOST_PLACES = 20_000_000


@dataclass
class Grid:
    """The cells of a sheet; rows and columns are counted from one, as the sheet does."""

    file: str
    sheet: str
    columns: dict[int, list[str]]
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    booleans: frozenset[tuple[int, int]] = frozenset()
    merged: Sequence[tuple[int, int, int, int]] = ()
    """Top, left, bottom, right."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: Sequence[tuple[int, int]] = ()

    @cached_property
    def height(self) -> int:
        """Number of the last row that holds something."""
        return max((len(texts) for texts in self.columns.values()), default=0)

    def text(self, row: int, column: int) -> str:
        """Give one cell; blank outside."""
        texts = self.columns.get(column, [])
        return texts[row - 1] if 0 < row <= len(texts) else ""

    def heading(self, row: int) -> list[str]:
        """Give the filled cells of a row of headings, in order."""
        return [text for at in sorted(self.columns) if (text := self.text(row, at))]

    def header(self, needed: Collection[str], ours: Callable[[str], str] = str) -> int | None:
        """Find the line (0-based) that has the needed headings, under the names that `ours` gives; None for none."""
        lines = range(self.height)
        return next((at for at in lines if set(needed) <= {ours(name) for name in self.heading(at + 1)}), None)

    def nearest(self, needed: Collection[str], ours: Callable[[str], str] = str) -> list[str]:
        """Give those of the needed headings that the fullest line has."""
        lines = [[name for name in map(ours, self.heading(row)) if name in needed] for row in range(1, self.height + 1)]
        return max(lines, key=len) if lines else []

    @cached_property
    def rows(self) -> list[list[str]]:
        """Give the cells row by row, from the first row and column on. Raises Invalid for too large a sheet."""
        width = max(self.columns, default=0)
        if width * self.height > _MOST_PLACES:
            raise Invalid(
                f"sheet “{self.sheet}” of {self.file} reaches to cell {letters(width)}{self.height}",
                why="a table of that size cannot be laid out",
                next_step="delete what stands outside the table, and save it",
            )
        blank = [""] * self.height
        padded = [_padded(self.columns[at], self.height) if at in self.columns else blank for at in range(1, width + 1)]
        return [list(row) for row in zip(*padded, strict=True)]

    def readable(self, values: Collection[int] = (), *, below: int = 0) -> "Grid":
        """Say what is wrong in the figures (`values` under row `below`), refuse it elsewhere; fill merged cells.

        A merged cell of several rows speaks for each of them; merged figures do not, since they are one figure.
        """
        self._spread(values, below)
        refused = [
            (row, column, reason)
            for (row, column), reason in self.faults.items()
            if row <= below or column not in values
        ]
        refuse(self, refused)
        for (row, column), reason in self.faults.items():
            self._put(row, column, f"{self.address(row, column)}: {reason}")
        return self

    def _spread(self, values: Collection[int], below: int) -> None:
        for top, left, bottom, _ in self.merged:
            if bottom <= below or top <= below or left not in self.columns:
                continue
            told = self.text(top, left)
            for row in range(top, min(bottom, max(self.height, top)) + 1):
                if told and left in values and bottom > top:
                    self.faults[row, left] = f"it is merged over the rows {top} to {bottom}: one figure for several"
                elif told and row > top:
                    self._put(row, left, told)

    def _put(self, row: int, column: int, text: str) -> None:
        texts = self.columns.setdefault(column, [])
        texts.extend([""] * (row - len(texts)))
        texts[row - 1] = text

    def address(self, row: int, column: int) -> str:
        """Give a cell's address: `Data!G2`."""
        return f"{self.sheet}!{letters(column)}{row}"

    def hidden(self) -> str:
        """Say which rows and columns with content are hidden; blank for none."""
        rows = [row for row in sorted(self.hidden_rows) if any(self.text(row, at) for at in self.columns)]
        columns = [letters(at) for at in sorted(self.columns) if any(a <= at <= b for a, b in self.hidden_columns)]
        parts = [f"rows {_spans(rows)}"] * bool(rows) + [f"columns {', '.join(columns)}"] * bool(columns)
        return " and ".join(parts)


def refuse(grid: Grid, problems: Sequence[Problem]) -> None:
    """Raise Invalid, with the address of every cell, where there are problems."""
    if problems:
        raise Invalid(
            f"{grid.file} has {len(problems):,} cells that cannot be read as they are seen",
            why=described(grid.sheet, problems),
            next_step="change these cells, save the file, and give it again; a formula gets its result when a "
            "spreadsheet program opens the file and saves it",
        )


def described(sheet: str, problems: Sequence[Problem]) -> str:
    """Name all cells, those of one column and reason together: `Data!G2:G5: it is a formula …`."""
    ordered = sorted(problems, key=lambda one: (one[1], one[2], one[0]))
    parts = []
    for (column, reason), cells in groupby(ordered, key=lambda one: (one[1], one[2])):
        rows = [row for row, _, _ in cells]
        named = ", ".join(
            f"{letters(column)}{first}" + (f":{letters(column)}{last}" if last > first else "")
            for first, last in _runs(rows)
        )
        parts.append(f"{sheet}!{named}: {reason}")
    more = f"; and {len(parts) - _MOST_NAMED} more kinds of them" if len(parts) > _MOST_NAMED else ""
    return "; ".join(parts[:_MOST_NAMED]) + more


def _spans(rows: Sequence[int]) -> str:
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in _runs(rows))


def _runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Give the first and last of each run of neighbours."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found


def _padded(texts: list[str], height: int) -> list[str]:
    return texts + [""] * (height - len(texts))
