"""Workbooks of before 2007 (.xls), read in the child process with xlrd, with their formats.

A formula's result is always stored in them, so that a formula cannot be told from its result.
"""

import os
from typing import Any

import xlrd

from schemas.sheet_cells import ERRORS, Cells, Wish


class Xls:
    """An open workbook. Raises what xlrd raises for a damaged one."""

    def __init__(self, content: bytes) -> None:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - xlrd writes its warnings to it
            self._book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=nowhere)
        self.sheets = list(self._book.sheet_names())
        self.hidden = [sheet.name for sheet in self._book.sheets() if sheet.visibility]

    def cells(self, sheet: str, wish: Wish) -> Cells:
        """Read what is wanted of a sheet."""
        cells = Cells(wish, epoch_1904=bool(self._book.datemode))
        table = self._book.sheet_by_name(sheet)
        for row in range(min(table.nrows, cells.last_row)):
            cells.reach(row + 1)
            for column in range(table.row_len(row)):
                if cells.wanted is None or column + 1 in cells.wanted:
                    self._take(cells, row + 1, column + 1, table.cell(row, column))
        cells.merged = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in table.merged_cells]
        cells.hidden_rows = [row + 1 for row, about in table.rowinfo_map.items() if about.hidden]
        cells.hidden_columns = [(at + 1, at + 1) for at, about in table.colinfo_map.items() if about.hidden]
        return cells

    def _take(self, cells: Cells, row: int, column: int, cell: Any) -> None:
        if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            style = self._book.xf_list[cell.xf_index]
            cells.number(row, column, repr(float(cell.value)), self._book.format_map[style.format_key].format_str)
        elif cell.ctype == xlrd.XL_CELL_TEXT and cell.value.strip():
            cells.put(row, column, cell.value.strip())
        elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
            cells.boolean(row, column, value=bool(cell.value))
        elif cell.ctype == xlrd.XL_CELL_ERROR:
            cells.fault(row, column, f"it holds the error value {ERRORS.get(cell.value, cell.value)}")
