"""Workbooks (.xlsx, .xls) as rows of cells and tables of text; damaged, encrypted and oversized files are refused."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from schemas.errors import Changed, Empty, Invalid
from schemas.tabular import refuse_bomb, text_of

Cell: TypeAlias = "object"
_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of .xlsx (a zip) and of .xls (a compound file)."""


def is_workbook(content: bytes) -> bool:
    """Tell whether bytes begin like a workbook."""
    return content.startswith(_MAGIC)


class Workbook:
    """The sheets of a workbook. Raises Invalid for bytes that are none, Changed for a web page in its place."""

    def __init__(self, content: bytes, name: str) -> None:
        self.name = name
        if not is_workbook(content):
            text_of(content, name)  # tells an empty file and a web page by their own names
            raise Invalid(f"{name} is no workbook", why="it begins neither like .xlsx nor like .xls")
        self._book = _open(content, name)
        self.sheets: list[str] = list(self._book.sheet_names)
        if not self.sheets:
            raise Empty(f"{name} has no sheet")

    def rows(self, sheet: str) -> list[Sequence[Cell]]:
        """Give the cells of a sheet, row by row, leading blank rows and columns included. Raises Empty for none."""
        try:
            found = self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except BaseException as error:
            raise _damaged(self.name, error) from error
        if not found:
            raise Empty(f"sheet “{sheet}” of {self.name} is empty")
        return list(found)

    def table(self, sheet: str, columns: Sequence[str], *, header_row: int = 0) -> pa.Table:
        """Give the named columns of a sheet whose header is at `header_row` as text. Raises Changed if one lacks."""
        rows = self.rows(sheet)
        header = [text(cell) for cell in rows[header_row]] if len(rows) > header_row else []
        missing = [column for column in columns if column not in header]
        if missing:
            raise Changed(
                f"sheet “{sheet}” of {self.name} lacks the columns {', '.join(missing)}",
                why=f"it has {', '.join(header[:20])}",
                next_step="check that this is the publisher's file; if the layout changed, its reader must follow",
            )
        body = rows[header_row + 1 :]
        places = {column: header.index(column) for column in columns}
        return pa.table({name: pa.array(texts(body, at), pa.string()) for name, at in places.items()})


def _open(content: bytes, name: str) -> CalamineWorkbook:
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                refuse_bomb(archive.infolist(), name)
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise _damaged(name, error) from error
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except BaseException as error:
        raise _damaged(name, error) from error


def _damaged(name: str, error: BaseException) -> BaseException:
    """Give our error for what the library says of a broken file; its panics derive from BaseException."""
    known = isinstance(error, CalamineError | zipfile.BadZipFile | NotImplementedError | OSError | ValueError)
    if not known and type(error).__name__ != "PanicException":
        return error
    return Invalid(
        f"{name} is a damaged or protected workbook",
        why=str(error).splitlines()[0] if str(error) else type(error).__name__,
        next_step="open it in a spreadsheet program; if that works, save it anew without a password",
    )


def texts(rows: Sequence[Sequence[Cell]], at: int) -> list[str]:
    """Give one column's cells as text."""
    return [text(row[at]) for row in rows]


def text(cell: Cell) -> str:
    """Write a cell as text: whole numbers without a decimal point, other numbers in full, dates as ISO."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def year_columns(header: Sequence[Cell]) -> Mapping[str, int]:
    """Give the columns that are headed by a year, and where they stand."""
    named = {text(cell): at for at, cell in enumerate(header)}
    return {name: at for name, at in named.items() if len(name) == 4 and name.isdigit()}
