"""Workbooks (.xlsx, .xlsm, .xls) as tables of the text that a person sees; each is opened in a bounded process.

What cannot be read at all is refused by its own name: damaged, encrypted and oversized files, other kinds of
workbooks (.ods, .xlsb), a web page in a workbook's place. `schemas/number_format.py` says what a cell shows,
`schemas/grid.py` what becomes of cells that show nothing which can be read.
"""

import hashlib
import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

import pyarrow as pa

from schemas.containers import DAMAGE, is_workbook, refuse_bomb
from schemas.encoding import text_of
from schemas.errors import Changed, Empty, Invalid
from schemas.grid import Grid
from schemas.sheet_cells import Wish, letters
from schemas.workbook_process import PROCESS, damaged

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_XML = 600_000_000
"""Bytes of XML in one workbook; the largest honest one known has 29 million."""
_MOST_STRINGS = 120_000_000
_AS_XLSX = "open it, save it as .xlsx (Excel workbook) and give that"
_STRICT = (
    "if a spreadsheet program shows one, save it as “Excel workbook (.xlsx)”, not as Strict Open XML, and give that"
)
_HEADER_ROWS = 20
"""Rows in which a header is looked for."""


class Workbook:
    """The sheets of a workbook. Raises Invalid for bytes that are none, Changed for a web page in its place."""

    def __init__(self, content: bytes, name: str) -> None:
        self.name = name
        if not is_workbook(content):
            text_of(content, name)  # names an empty file and a web page as such
            raise Invalid(f"{name} is no workbook", why="it begins neither like .xlsx nor like .xls")
        _refuse_others(content, name)
        self._content = content
        self._key = hashlib.sha256(content).hexdigest()
        opened = PROCESS.ask(self._key, content, name, {"do": "open"})
        self.sheets: list[str] = opened["sheets"]
        self.hidden: list[str] = opened["hidden"]
        self.notices: list[str] = []
        if not self.sheets:
            raise Empty(f"{name} has no sheet that can be read", next_step=_STRICT)

    def grid(self, sheet: str, names: Collection[str] | None = None, *, header_row: int = 0) -> Grid:
        """Give a sheet, or its columns that are so named in line `header_row` (0-based). Raises Empty for none."""
        grid = self._grid(sheet, Wish(None if names is None else sorted(names), header_row))
        if not grid.height and names is None:
            raise Empty(f"sheet “{sheet}” of {self.name} is empty")
        self._note_hidden(grid)
        return grid

    def first_rows(self, sheet: str) -> Grid:
        """Give the first rows of a sheet, in which a header is looked for; there may be none."""
        return self._grid(sheet, Wish(last_row=_HEADER_ROWS))

    def _grid(self, sheet: str, wish: Wish) -> Grid:
        request = {"do": "sheet", "sheet": sheet, "wish": asdict(wish)}
        found = PROCESS.ask(self._key, self._content, self.name, request)
        return Grid(
            self.name,
            sheet,
            dict(found["columns"]),
            {(row, column): reason for row, column, reason in found["faults"]},
            frozenset((row, column) for row, column in found["booleans"]),
            [(top, left, bottom, right) for top, left, bottom, right in found["merged"]],
            frozenset(found["hidden_rows"]),
            [(first, last) for first, last in found["hidden_columns"]],
        )

    def _note_hidden(self, grid: Grid) -> None:
        """Remember what a person does not see and is read all the same: publishers hide what they need not show."""
        hidden = grid.hidden()
        if grid.sheet in self.hidden:
            self.notices.append(f"sheet “{grid.sheet}” of {self.name} is hidden; it was read")
        elif hidden:
            self.notices.append(f"sheet “{grid.sheet}” of {self.name}: hidden {hidden} were read")

    def table(
        self, sheet: str, columns: Sequence[str], *, header_row: int = 0, values: Collection[str] = ()
    ) -> pa.Table:
        """Give the named columns of a sheet as text, with `record`, the place of each row.

        Cells of `values` that cannot be read say why; other such cells are refused. Raises Changed if a column lacks
        or stands there twice, Invalid for cells that cannot be read.
        """
        return table_of(self.grid(sheet, columns, header_row=header_row), columns, header_row=header_row, values=values)


def table_of(grid: Grid, columns: Sequence[str], *, header_row: int = 0, values: Collection[str] = ()) -> pa.Table:
    """Give the named columns of a sheet as text, as `Workbook.table` does."""
    places = placed(grid, columns, header_row)
    grid.readable([places[name] for name in values if name in places], below=header_row + 1)
    count = max(0, grid.height - header_row - 1)
    body = {name: grid.columns[at][header_row + 1 :] for name, at in places.items()}
    padded = {name: texts + [""] * (count - len(texts)) for name, texts in body.items()}
    record = [f"{grid.sheet}!row:{number}" for number in range(header_row + 2, header_row + 2 + count)]
    return pa.table({name: pa.array(column, pa.string()) for name, column in {**padded, "record": record}.items()})


def placed(grid: Grid, columns: Sequence[str], header_row: int) -> dict[str, int]:
    """Find the columns by their headings. Raises Changed for one that lacks or stands there twice."""
    header = [(at, grid.text(header_row + 1, at)) for at in sorted(grid.columns)]
    found: dict[str, list[int]] = {}
    for at, name in header:
        found.setdefault(name, []).append(at)
    missing = [column for column in columns if column not in found]
    if missing:
        raise Changed(
            f"sheet “{grid.sheet}” of {grid.file} lacks the columns {', '.join(missing)}",
            why=f"it has {', '.join([name for _, name in header if name][:20]) or 'none of them'}",
            next_step="check that this is the publisher's file; if the layout changed, its reader must follow",
        )
    for name in columns:
        if len(found[name]) > 1:
            raise Changed(
                f"sheet “{grid.sheet}” of {grid.file} has more than one column {name}",
                why=f"in {', '.join(letters(at) for at in found[name])}",
                next_step="leave the one that is meant",
            )
    return {name: found[name][0] for name in columns}


def _refuse_others(content: bytes, name: str) -> None:
    """Raise Invalid, before anything is unpacked, for what is no workbook that we read, and for a bomb."""
    if not content.startswith(b"PK"):
        if _ENCRYPTED in content:
            raise Invalid(f"{name} is protected by a password", next_step="save it anew without a password")
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
    except DAMAGE as error:
        raise damaged(name, str(error)) from error
    refuse_bomb(infos, name)
    sizes = {info.filename: info.file_size for info in infos}
    if "mimetype" in sizes:
        raise Invalid(f"{name} is an OpenDocument file", why="workbooks are read as .xlsx or .xls", next_step=_AS_XLSX)
    if "xl/workbook.bin" in sizes:
        raise Invalid(f"{name} is a binary workbook (.xlsb)", why="they are read as .xlsx or .xls", next_step=_AS_XLSX)
    if sum(sizes.values()) > _MOST_XML or sizes.get("xl/sharedStrings.xml", 0) > _MOST_STRINGS:
        raise Invalid(
            f"{name} was not opened: it is too large to read",
            why=f"it unpacks to {sum(sizes.values()):,} bytes",
            next_step="save the sheet with the figures alone, or as CSV UTF-8, and give that",
        )


def year_columns(header: Sequence[str]) -> Mapping[str, int]:
    """Give the columns that are headed by a year, and where they stand (0-based)."""
    return {name: at for at, name in enumerate(header) if len(name) == 4 and name.isdigit()}
