"""One record inside raw bytes, found by its locator and shown as the publisher wrote it.

Locators: `json:/1/23` a JSON pointer; `row:5` the fifth row under the header of a CSV; `row:5:2017` one column of it;
`member.csv!row:5` the same inside a zip; `Sheet!row:5` the fifth row of a workbook's sheet, as the sheet numbers it.
Files are opened as their readers open them (`schemas/containers.py`): unpacked, and as UTF-8.
"""

import csv
import io
import itertools
import zipfile

import orjson

from schemas.containers import is_workbook, is_zip, member, members, unpacked
from schemas.errors import IctdevError
from schemas.source import Raw
from schemas.tabular import cells_of, delimiter_of
from schemas.wide import year_in
from schemas.workbook import Workbook


def text_at(content: bytes, locator: str, *, limit: int = 600) -> str:
    """Show the record at the locator, cut to `limit` characters; says so where it cannot be found."""
    try:
        found = _find(content, locator)
    except (KeyError, IndexError, ValueError, StopIteration, zipfile.BadZipFile, IctdevError) as error:
        return f"(record {locator} was not found: {error})"
    return found if len(found) <= limit else f"{found[:limit]} …"


def _find(content: bytes, locator: str) -> str:
    if is_zip(content) and not is_workbook(content):
        inside = next((name for name in members(content) if locator.startswith(f"{name}!")), "")
        if inside:
            return _find(member(content, inside, lambda name: name == inside)[1], locator.removeprefix(f"{inside}!"))
    content = unpacked(Raw(content, "the file")).content
    if "!" in locator:
        sheet, locator = locator.rsplit("!", 1)
        return _cells_at(content, sheet, int(locator.split(":")[1]))
    kind, _, place = locator.partition(":")
    if kind == "json":
        return _json_at(content, place)
    if kind == "row":
        number, _, column = place.partition(":")
        return _row_at(content, int(number), column)
    raise ValueError(f"unknown kind of locator {kind!r}")


def _cells_at(content: bytes, sheet: str, number: int) -> str:
    """Show the cells of a row; those that cannot be read say why."""
    grid = Workbook(content, "the workbook").grid(sheet)
    row = grid.readable(list(grid.columns)).rows[number - 1]
    return orjson.dumps([text for text in row if text]).decode()


def _json_at(content: bytes, pointer: str) -> str:
    node = orjson.loads(content)
    for step in pointer.strip("/").split("/"):
        node = node[int(step)] if isinstance(node, list) else node[step]
    return orjson.dumps(node).decode()


def _row_at(content: bytes, number: int, column: str) -> str:
    """Find the header (the first line that names the column, else the first line) and the row under it."""
    lines = io.StringIO(content.decode(), newline="")
    header: list[str] = []
    while not header or (column and column not in header):
        line = lines.readline()
        if not line:
            raise KeyError(column)
        delimiter = delimiter_of(line.strip())
        header = [year_in(cell) or cell.strip() for cell in cells_of(line.rstrip("\r\n"), delimiter)]
    rows = csv.reader(lines, delimiter=delimiter)
    cells = next(itertools.islice((row for row in rows if row), number - 1, None))
    named = dict(zip(header, cells, strict=False))
    if column:
        fixed = {name: cell for name, cell in named.items() if name and not name.isdigit() and cell}
        named = {**fixed, column: named[column]}
    return orjson.dumps({name: cell for name, cell in named.items() if cell}).decode()
