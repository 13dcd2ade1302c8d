"""Workbooks of today (.xlsx, .xlsm), read in the child process: openpyxl for the book, its strings and its formats.

Cells are taken from the sheet's XML as it streams, because openpyxl's own cells say either a formula or its result,
and pads rows to the width that the file claims.
"""

from io import BytesIO
from typing import Any

from lxml.etree import iterparse
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH, from_ISO8601
from openpyxl.worksheet._reader import COL_TAG, FORMULA_TAG, INLINE_STRING, ROW_TAG, VALUE_TAG
from openpyxl.xml.constants import SHEET_MAIN_NS

from schemas.number_format import plain
from schemas.sheet_cells import NO_RESULT, Cells, Wish, shows_all

_MERGE = f"{{{SHEET_MAIN_NS}}}mergeCell"
_YES = ("1", "true")


class Xlsx:
    """An open workbook. Raises what zipfile, lxml and openpyxl raise for a damaged one."""

    def __init__(self, content: bytes) -> None:
        reader = ExcelReader(BytesIO(content), read_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        self._archive = reader.archive
        self._strings = [text.strip() for text in reader.shared_strings]
        found = [(sheet, rel) for sheet, rel in reader.parser.find_sheets() if rel.target in reader.valid_files]
        tables = [(sheet, rel) for sheet, rel in found if "chartsheet" not in rel.Type]
        self._places = {sheet.name: rel.target for sheet, rel in tables}
        self._codes = _codes(reader.wb)
        self._epoch_1904 = reader.wb.epoch == MAC_EPOCH
        self.sheets = list(self._places)
        self.hidden = [sheet.name for sheet, _ in tables if sheet.state != "visible"]

    def cells(self, sheet: str, wish: Wish) -> Cells:
        """Read what is wanted of a sheet."""
        cells = Cells(wish, epoch_1904=self._epoch_1904)
        row = 0
        with self._archive.open(self._places[sheet]) as source:
            for _, element in iterparse(source, tag=(ROW_TAG, COL_TAG, _MERGE)):
                if element.tag == ROW_TAG:
                    row = int(element.get("r", row + 1))
                    if row > cells.last_row:
                        break
                    self._take_row(cells, row, element)
                elif element.tag == _MERGE:
                    left, top, right, bottom = range_boundaries(element.get("ref"))
                    cells.merged.append((top, left, bottom, right))
                elif element.get("hidden") in _YES:
                    cells.hidden_columns.append((int(element.get("min")), int(element.get("max"))))
                _forget(element)
        return cells

    def _take_row(self, cells: Cells, row: int, element: Any) -> None:
        cells.reach(row)
        if element.get("hidden") in _YES or element.get("ht") == "0":
            cells.hidden_rows.append(row)
        wanted, at = cells.wanted, 0
        for cell in element:
            place = cell.get("r")
            at = _column(place.rstrip("0123456789")) if place else at + 1
            if len(cell) and (wanted is None or at in wanted):
                self._take(cells, row, at, cell)

    def _take(self, cells: Cells, row: int, column: int, cell: Any) -> None:
        """Take one cell that holds something."""
        kind, value = cell.get("t", "n"), cell.findtext(VALUE_TAG)
        if kind == "s" and value:
            text = self._strings[int(value)]
            if text:
                cells.put(row, column, text)
        elif kind == "n" and value:
            code = self._codes[int(cell.get("s", 0))]
            if shows_all(code):
                cells.put(row, column, plain(value))
            else:
                cells.number(row, column, value, code)
        elif value and kind == "b":
            cells.boolean(row, column, value=value != "0")
        else:
            _take_rest(cells, row, column, cell, kind, value)


def _take_rest(cells: Cells, row: int, column: int, cell: Any, kind: str, value: str | None) -> None:
    """Take what is rare: error values, ISO dates, texts of formulas and in the cell, formulas without a result."""
    if kind == "e":
        cells.fault(row, column, f"it holds the error value {value or '#N/A'}")
    elif kind == "d" and value:
        moment = from_ISO8601(value)
        cells.put(row, column, getattr(moment, "date", lambda: moment)().isoformat())
    elif kind == "inlineStr":
        inside = cell.find(INLINE_STRING)
        text = (Text.from_tree(inside).content if inside is not None else "").strip()
        if text:
            cells.put(row, column, text)
    elif kind == "str" and value is not None:
        if value.strip():
            cells.put(row, column, value.strip())
    elif cell.find(FORMULA_TAG) is not None:
        cells.fault(row, column, NO_RESULT)


_COLUMNS: dict[str, int] = {}


def _column(name: str) -> int:
    found = _COLUMNS.get(name)
    if found is None:
        found = _COLUMNS[name] = column_index_from_string(name)
    return found


def _codes(book: Any) -> list[str]:
    """Give the number format of each style."""
    own = list(book._number_formats)
    return [
        own[style.numFmtId - 164] if style.numFmtId >= 164 else BUILTIN_FORMATS.get(style.numFmtId, "General")
        for style in book._cell_styles
    ]


def _forget(element: Any) -> None:
    """Free an element that was read, and what stands before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
