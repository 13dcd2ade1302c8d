"""What a sheet holds, gathered cell by cell in the child process: texts by column, and cells that cannot be read."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from schemas.errors import Invalid
from schemas.number_format import Shown, is_plain, shown

MOST_CELLS = 5_000_000
"""Filled cells of one sheet; the largest honest one known has 850,000."""
MOST_PLACES = 20_000_000
"""Places between the first cell and the last filled one of each column, together."""
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
"""Error values as .xls writes them."""
NO_RESULT = "it is a formula without a stored result"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a sheet: names of columns (None for all), the line that has them (0-based), the last row."""

    names: Collection[str] | None = None
    header_row: int = 0
    last_row: int = 1 << 30


class Cells:
    """The wanted part of one sheet, to the row `last_row`.

    `names` None means every column; else those so headed in line `header_row`.
    """

    def __init__(self, wish: Wish, *, epoch_1904: bool) -> None:
        self.columns: dict[int, list[str]] = {}
        self.faults: list[tuple[int, int, str]] = []
        self.booleans: list[tuple[int, int]] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.names, self.header_row, self.last_row = wish.names, wish.header_row, wish.last_row
        self.epoch_1904 = epoch_1904
        self.wanted: set[int] | None = None
        self.filled = self.places = 0

    def reach(self, row: int) -> None:
        """Note that a row begins: from the first one below the header on, only columns of wanted names count."""
        if self.names is not None and self.wanted is None and row > self.header_row + 1:
            at = self.header_row
            self.wanted = {
                column for column, texts in self.columns.items() if len(texts) > at and texts[at] in self.names
            }

    def put(self, row: int, column: int, text: str) -> None:
        """Add a cell's text. Raises Invalid where the sheet is larger than any honest one, ValueError out of order."""
        texts = self.columns.setdefault(column, [])
        gap = row - len(texts) - 1
        if gap < 0:
            raise ValueError(f"cell {letters(column)}{row} stands twice, or behind a later one")
        self.filled += 1
        self.places += gap + 1
        if self.filled > MOST_CELLS or self.places > MOST_PLACES:
            raise _too_large(row, column)
        if gap:
            texts.extend([""] * gap)
        texts.append(text)

    def fault(self, row: int, column: int, reason: str) -> None:
        """Add a cell that holds something which cannot be read as it is seen."""
        self.faults.append((row, column, reason))
        self.put(row, column, "")

    def boolean(self, row: int, column: int, *, value: bool) -> None:
        """Add TRUE or FALSE, which is a text and no number."""
        self.booleans.append((row, column))
        self.put(row, column, "TRUE" if value else "FALSE")

    def number(self, row: int, column: int, number: str, code: str) -> None:
        """Add a number as its format shows it."""
        seen = _shown(number, code, epoch_1904=self.epoch_1904)
        if seen.fault:
            self.fault(row, column, seen.fault)
        else:
            self.put(row, column, seen.text)

    def answer(self) -> dict[str, Any]:
        """Give all of it as the parent takes it."""
        kept = self.columns.items() if self.wanted is None else [
            (at, texts) for at, texts in self.columns.items() if at in self.wanted
        ]  # fmt: skip
        return {
            "columns": [[at, texts] for at, texts in sorted(kept)],
            "faults": self.faults,
            "booleans": self.booleans,
            "merged": self.merged,
            "hidden_rows": self.hidden_rows,
            "hidden_columns": self.hidden_columns,
        }


@lru_cache(maxsize=4096)
def _shown(number: str, code: str, *, epoch_1904: bool) -> Shown:
    return shown(number, code, epoch_1904=epoch_1904)


@lru_cache(maxsize=1024)
def shows_all(code: str) -> bool:
    """Tell whether numbers of this format need no look of their own."""
    return is_plain(code)


def letters(column: int) -> str:
    """Give a column's letters: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _too_large(row: int, column: int) -> Invalid:
    return Invalid(
        f"the sheet reaches to cell {letters(column)}{row}, further than can be read",
        why=f"at most {MOST_CELLS:,} filled cells and {MOST_PLACES:,} places are read",
        next_step="delete what stands outside the table, or save the sheet as CSV UTF-8",
    )
