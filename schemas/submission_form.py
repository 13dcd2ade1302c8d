"""The form for national figures: a workbook with code lists as drop-downs, written here and read back by the source."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from schemas.codelist import rows

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ABOUT, DATA, CODES, NOTES = "About", "Data", "Codes", "Notes"
COLUMNS = (
    "INDICATOR",
    "TIME_PERIOD",
    "SEX",
    "AGE",
    "URBANISATION",
    "BREAKDOWN",
    "OBS_VALUE",
    "OBS_STATUS",
    "COMMENT_OBS",
)
"""Columns of the sheet Data; blank dimensions mean the total."""
ABOUT_FIELDS = {
    "REF_AREA": "ISO 3166-1 alpha-3 code of the economy",
    "ORGANISATION": "office that submits the figures",
    "CONTACT": "address for questions",
    "SUBMISSION_DATE": "day of the submission, as 2026-11-24",
    "CITATION": "how the figures are to be cited",
}
_LISTS = {
    "SEX": "sex",
    "AGE": "age",
    "URBANISATION": "urbanisation",
    "BREAKDOWN": "breakdown",
    "OBS_STATUS": "obs_status",
}
_ROWS = 2_000
_NOTES = (
    "One row of the sheet Data is one figure. INDICATOR, TIME_PERIOD and OBS_VALUE are needed; blank codes are totals.",
    "Units are those of the indicator (sheet Codes); figures in another unit cannot be told apart and will be wrong.",
    "Shares are in per cent: 56.8, not 0.568; a cell formatted as per cent (56.8%) is read as 56.8.",
    "Write a point for decimals and no thousands separator. Hidden rows and cells outside these columns are refused.",
    "OBS_STATUS: A normal, E estimated, P provisional, B break in the series. Name the survey in COMMENT_OBS.",
    "Check and take in: ictdev submit FILE.xlsx",
)


def template(indicators: Sequence[Mapping[str, str]]) -> bytes:
    """Give the form as .xlsx. `indicators`: rows of id, name, unit, in the order of the drop-down."""
    from openpyxl import Workbook  # noqa: PLC0415 - only who writes the form needs it; readers need its names

    book = Workbook()
    book.remove(book.worksheets[0])
    about = book.create_sheet(ABOUT)
    _fill(about, [("FIELD", "VALUE", "MEANING"), *((name, "", meaning) for name, meaning in ABOUT_FIELDS.items())])
    data = book.create_sheet(DATA)
    _fill(data, [COLUMNS])
    lists = book.create_sheet(CODES)
    _code_lists(lists, data, indicators)
    _fill(book.create_sheet(NOTES), [("NOTE",), *((line,) for line in _NOTES)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(sheet: "Worksheet", lines: Sequence[Sequence[str]]) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415

    for line in lines:
        sheet.append(list(line))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for column in sheet.columns:
        letter = column[0].column_letter
        sheet.column_dimensions[letter].width = min(90, max(len(str(cell.value or "")) for cell in column) + 4)


def _code_lists(sheet: "Worksheet", data: "Worksheet", indicators: Sequence[Mapping[str, str]]) -> None:
    """Write each list into two columns, code and name, and let the cells of Data choose from it."""
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    lists = {"INDICATOR": [(one["id"], f"{one['name']} ({one['unit']})") for one in indicators]}
    lists |= {column: [(row["code"], row["name_en"]) for row in rows(name)] for column, name in _LISTS.items()}
    for number, (column, codes) in enumerate(lists.items()):
        at = 2 * number + 1
        for line, (code, name) in enumerate([(column, "NAME"), *codes], start=1):
            sheet.cell(line, at, code)
            sheet.cell(line, at + 1, name)
        letter = sheet.cell(1, at).column_letter
        choice = DataValidation("list", formula1=f"{CODES}!${letter}$2:${letter}${len(codes) + 1}", allow_blank=True)
        choice.error = f"{column} must be a code of the sheet {CODES}"
        data.add_data_validation(choice)
        place = data.cell(1, COLUMNS.index(column) + 1).column_letter
        choice.add(f"{place}2:{place}{_ROWS}")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
