"""One workbook for spreadsheets: typed cells, frozen headings, and a first sheet that says whose figures these are.

openpyxl writes it row by row, so that its size does not matter. It would stamp the hour into the file; here the moment
is the release's, so that the same release gives the same bytes.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml.etree import SerialisationError
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import tostring

from warehouse.exports import notice
from warehouse.exports.content import Content, Table, label
from warehouse.exports.tables import columns
from warehouse.exports.text_cells import for_xml
from warehouse.home import parse_vintage

MAX_ROWS = 1_048_576
"""Rows that a sheet can hold; what does not fit goes on in the next."""
MAX_TEXT = 32_767
"""Characters that a cell can hold."""
SHEETS = ("observation", "latest", "gender_gap", "group_aggregate", "assessment", "indicator", "area", "method")
"""Tables that become sheets; those that only programs read or that repeat figures are left to the other forms."""
_BATCH = 20_000
_NUMBERS = ("DOUBLE", "INTEGER", "BIGINT", "BOOLEAN", "DATE", "TIMESTAMP")


def write(content: Content, folder: Path) -> None:
    """Write `ictdev.xlsx`, with the licence in its name where that is not open."""
    book = Workbook(write_only=True)
    stem = "ictdev" if content.terms.open else f"ictdev.{label(content.terms)}"
    try:
        _write_sources(book, content)
        for table in content.tables():
            if table.name in SHEETS:
                _write_table(book, content, table)
        _save(book, content, folder / f"{stem}.xlsx")
    except SerialisationError as error:  # how lxml tells that the system took no more bytes
        raise OSError(str(error)) from error


def _write_sources(book: Workbook, content: Content) -> None:
    """Write the sheet that names release, terms, publishers and editions."""
    sheet = book.create_sheet("sources")
    sheet.append([notice.title(content)])
    sheet.append([f"Terms of the whole: {content.terms.licence} ({content.terms.title}), the strictest of its parts"])
    sheet.append([])
    heads = (
        "source",
        "title",
        "publisher",
        "licence",
        "terms",
        "open",
        "editions",
        "figures",
        "attribution",
        "left out",
    )
    sheet.append([_bold(sheet, name) for name in heads])
    for share in content.shares:
        told = [share.about.get("title", ""), share.about.get("publisher", ""), share.terms.licence, share.terms.url]
        counts = [share.terms.open, ", ".join(share.editions), share.figures]
        cells = [share.source, *told, *counts, notice.attribution(share), share.left_out]
        sheet.append([_plain(sheet, cell) for cell in cells])


def _write_table(book: Workbook, content: Content, table: Table) -> None:
    """Write a table as a sheet, or as several where one cannot hold it."""
    kinds = columns(content, table.query)
    cells = ", ".join(_cell(name, kind) for name, kind in kinds)
    rows = _rows(content, f"SELECT {cells} FROM ({table.query})")
    number, left = 1, 0
    sheet: Any = None
    for row in rows:
        if left == 0:
            sheet = _sheet(book, table.name if number == 1 else f"{table.name} {number}", [name for name, _ in kinds])
            number, left = number + 1, MAX_ROWS - 1
        sheet.append([_plain(sheet, cell) if type(cell) is str and cell[:1] == "=" else cell for cell in row])
        left -= 1
    if sheet is None:
        _sheet(book, table.name, [name for name, _ in kinds])


def _sheet(book: Workbook, title: str, names: list[str]) -> Any:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, name) for name in names])
    return sheet


def _rows(content: Content, query: str) -> Iterator[tuple[Any, ...]]:
    for batch in content.con.execute(query).to_arrow_reader(_BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _cell(name: str, kind: str) -> str:
    """Give the SQL of a cell: numbers and days as they are, the rest as text that XML and a cell can hold."""
    if kind == "VARCHAR":
        return f"left({for_xml(name)}, {MAX_TEXT}) AS {name}"
    if kind in _NUMBERS:
        return name
    return f"left({for_xml(f'array_to_string({name}, chr(44) || chr(32))')}, {MAX_TEXT}) AS {name}"


def _bold(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _plain(sheet: Any, value: Any) -> Any:
    """Keep a text a text, also one that begins like a formula, and also when somebody edits the cell."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", value)[:MAX_TEXT])
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


class _Archive(zipfile.ZipFile):
    """A zip whose entries carry the release's moment, and whose properties say it too."""

    def __init__(self, path: Path, book: Workbook, content: Content) -> None:
        super().__init__(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._moment = parse_vintage(content.release.vintage)
        self._properties = book.properties

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, self._moment.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        return entry

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        if zinfo_or_arcname == "docProps/core.xml":
            self._properties.created = self._properties.modified = self._moment
            data = tostring(self._properties.to_tree())
        super().writestr(self._entry(zinfo_or_arcname), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        with Path(filename).open("rb") as read, self.open(self._entry(arcname), "w", force_zip64=True) as written:
            while block := read.read(1 << 20):
                written.write(block)


def _save(book: Workbook, content: Content, path: Path) -> None:
    book.properties.creator, book.properties.title = "ictdev", notice.title(content)
    book.properties.description = f"Terms: {content.terms.licence}. {content.terms.title}"
    with _Archive(path, book, content) as archive:
        ExcelWriter(book, archive).write_data()
