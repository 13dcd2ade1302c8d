"""One record inside raw bytes, found by its locator and shown as the publisher wrote it.

Locators: `json:/1/23` a JSON pointer; `row:5` the fifth row under the header of a CSV; `row:5:2017` one column of it;
`member.csv!row:5` the same inside a zip; `Sheet!row:5` the fifth row of a workbook's sheet, as the sheet numbers it.
"""

import csv
import io
import itertools
import zipfile

import orjson

from schemas.errors import IctdevError
from schemas.workbook import Workbook, text


def text_at(content: bytes, locator: str, *, limit: int = 600) -> str:
    """Show the record at the locator, cut to `limit` characters; says so where it cannot be found."""
    try:
        found = _find(content, locator)
    except (KeyError, IndexError, ValueError, StopIteration, zipfile.BadZipFile, IctdevError) as error:
        return f"(record {locator} was not found: {error})"
    return found if len(found) <= limit else f"{found[:limit]} …"


def _find(content: bytes, locator: str) -> str:
    if "!" in locator:
        member, locator = locator.rsplit("!", 1)
        if not member.lower().endswith(".csv"):
            return _cells_at(content, member, int(locator.split(":")[1]))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read(member)
    kind, _, place = locator.partition(":")
    if kind == "json":
        return _json_at(content, place)
    if kind == "row":
        number, _, column = place.partition(":")
        return _row_at(content, int(number), column)
    raise ValueError(f"unknown kind of locator {kind!r}")


def _cells_at(content: bytes, sheet: str, number: int) -> str:
    row = Workbook(content, "the workbook").rows(sheet)[number - 1]
    return orjson.dumps([text(cell) for cell in row if text(cell)]).decode()


def _json_at(content: bytes, pointer: str) -> str:
    node = orjson.loads(content)
    for step in pointer.strip("/").split("/"):
        node = node[int(step)] if isinstance(node, list) else node[step]
    return orjson.dumps(node).decode()


def _row_at(content: bytes, number: int, column: str) -> str:
    """Find the header (the first line that names the column, else the first line) and the row under it."""
    body = content.decode("utf-8-sig")
    start = body[:4000]
    delimiter = "\t" if start.count("\t") > start.count(",") else ","
    rows = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    header = next(rows)
    while column and column not in header:
        header = next(rows)
    cells = next(itertools.islice((row for row in rows if row), number - 1, None))
    named = dict(zip(header, cells, strict=False))
    if column:
        fixed = {name: cell for name, cell in named.items() if name and not name.isdigit() and cell}
        named = {**fixed, column: named[column]}
    return orjson.dumps({name: cell for name, cell in named.items() if cell}).decode()
