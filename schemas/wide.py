"""The World Bank's wide tables: a row per economy and series, a column per year.

They come as the download of one series (CSV or workbook, with the edition above the header), as an extract of DataBank
(`Series Code`, `2010 [YR2010]`, the edition at the foot), and as all of WDI. The last is streamed: only the rows of
wanted series are ever in memory.
"""

import io
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import UNKNOWN, Layout, unknown_cells
from schemas.containers import DAMAGE, is_workbook, is_zip, members
from schemas.errors import Changed, Empty
from schemas.grid import Grid
from schemas.reading import row_locators
from schemas.source import Raw, Series
from schemas.tables import noted
from schemas.tabular import cells_of, read_csv, require_columns, stream_member, unpivot
from schemas.workbook import Workbook, table_of

_NEEDED = ("Country Code", "Indicator Code")
_LAYOUT = Layout(
    dimensions=_NEEDED, ignored=("Country Name", "Indicator Name", "Series Name", "Series Code"),
    pattern=r"_\d+|(YR)?\d{4}( \[YR\d{4}\])?",
)  # fmt: skip
_DATABANK = {"Series Code": "Indicator Code", "Series Name": "Indicator Name"}
"""Headings of DataBank → those of the other downloads."""
_BULK = re.compile(r"(^|/)WDI(CSV|Data)\.csv$", re.IGNORECASE)
_YEAR = re.compile(r"^(?:YR)?(\d{4})(?: \[YR\d{4}\])?$", re.IGNORECASE)
_FOOT = b"Data from database:"
"""Begins what DataBank writes under its table, after blank lines: the database, the day of the last update."""
_UPDATED = re.compile(r"Last Updated:?\s*([\d/-]+)")
_HEADER_LINES = 20


@dataclass(frozen=True)
class Wide:
    """A download as records: text columns for `assemble`, the edition if it is told, its series and years."""

    records: pa.Table
    edition: str
    codes: tuple[str, ...]
    years: tuple[int, int]


def year_in(heading: str) -> str:
    """Give the year that a heading names (`2010`, `YR2010`, `2010 [YR2010]`); blank for none."""
    match = _YEAR.match(heading.strip())
    return match.group(1) if match else ""


def is_bulk(raw: Raw) -> bool:
    """Tell whether a file is the zip of all of WDI."""
    return is_zip(raw.content) and any(_BULK.search(name) for name in _members(raw))


def read(raw: Raw) -> tuple[Wide, Raw]:
    """Read an unpacked download; the file comes back with what was noted when it was read.

    Raises Changed for one that is no download of the World Bank.
    """
    if is_workbook(raw.content):
        return _from_book(Workbook(raw.content, raw.name), raw)
    return _one_series(raw), raw


def _members(raw: Raw) -> list[str]:
    """Name the members; a damaged archive is met when it is unpacked next."""
    with suppress(*DAMAGE):
        return members(raw.content)
    return []


def _one_series(raw: Raw) -> Wide:
    """A table as CSV: a preamble with the edition above the header, or a foot with it under the last row."""
    body, foot = _without_foot(raw.content)
    header_row, edition = _preamble(body, raw.name)
    table = _as_download(read_csv(body, raw.name, header_row=header_row))
    return _records(table, raw.name, row_locators(table.num_rows, raw.prefix), edition or foot)


def _without_foot(body: bytes) -> tuple[bytes, str]:
    """Part a table from the lines that DataBank writes under it; gives the edition that they name."""
    begin = body.rfind(_FOOT, max(0, len(body) - 2_000))
    if begin < 0:
        return body, ""
    begin = body.rfind(b"\n", 0, begin) + 1
    table, tail = body[: max(0, begin - 2_000)], body[max(0, begin - 2_000) : begin]
    day = _UPDATED.search(body[begin:].decode())
    return table + re.sub(rb"\n[\s,;]*\Z", b"\n", tail), _iso(day.group(1)) if day else ""


def _as_download(table: pa.Table) -> pa.Table:
    """Give DataBank's headings their names in the other downloads."""
    return table.rename_columns([_DATABANK.get(name, name) for name in table.column_names])


def _from_book(book: Workbook, raw: Raw) -> tuple[Wide, Raw]:
    """Read the sheet Data of a download, of today's layout or of that of .xls, or of an extract of DataBank."""
    sheet = next((name for name in book.sheets if book.first_rows(name).header(["Country Code"]) is not None), "")
    if not sheet:
        raise _no_download(book.name, f"none of its sheets {', '.join(book.sheets[:8])} has a column Country Code")
    first = book.first_rows(sheet)
    at = first.header(["Country Code"]) or 0
    columns = first.heading(at + 1)
    years = [name for name in columns if year_in(name)]
    grid = book.grid(sheet)
    above = {grid.text(row, 1): grid.text(row, 2) for row in range(1, at + 1)}
    edition = _iso(above.get("Last Updated Date", "")) or _edition_at_foot(grid)
    table = _as_download(table_of(grid, columns, header_row=at, values=years))
    require_columns(table, _NEEDED, book.name)
    table = table.filter(pc.not_equal(table["Indicator Code"], ""))
    place = pc.binary_join_element_wise(raw.prefix, table["record"], "")
    return _records(table.drop_columns(["record"]), book.name, place, edition), noted(raw, book)


def _edition_at_foot(grid: Grid) -> str:
    """Find the day of the last update that DataBank writes under its table."""
    texts = (grid.text(row, 1) for row in range(grid.height, max(0, grid.height - 10), -1))
    days = (_UPDATED.search(text) for text in texts)
    return next((_iso(day.group(1)) for day in days if day), "")


def read_bulk(raw: Raw, wanted: Sequence[Series]) -> Wide:
    """Read the series that are wanted out of the zip of all of WDI."""
    codes = pa.array([series.code for series in wanted], pa.string())

    def keep(batch: pa.RecordBatch) -> pa.Array:
        require_columns(batch, _NEEDED, raw.name)
        return pc.is_in(batch["Indicator Code"], value_set=codes)

    name, table = stream_member(raw.content, raw.name, lambda path: bool(_BULK.search(path)), keep)
    if table.num_rows == 0:
        raise Empty(f"{raw.name} holds no series that is asked for", next_step="is it the whole of WDI?")
    row = pc.cast(pc.add(table["row"], 1), pa.string())
    record = pc.binary_join_element_wise(f"{name}!row", row, ":")
    return _records(table.drop_columns(["row"]), raw.name, record, _edition_in(raw.name))


def _edition_in(name: str) -> str:
    """Take the edition from a dated copy, such as WDI_CSV_2026_02_25.zip; the file overwritten in place has none."""
    match = re.search(r"(20\d\d)[-_](\d\d)[-_](\d\d)", name)
    return "-".join(match.groups()) if match else ""


def _records(table: pa.Table, name: str, record: pa.Array | pa.ChunkedArray, edition: str) -> Wide:
    require_columns(table, _NEEDED, name)
    columns = {column: year for column in table.column_names if (year := year_in(column))}
    if not columns:
        raise Changed(f"{name} has no column named by a year")
    table = table.rename_columns([columns.get(column, column) for column in table.column_names])
    table = table.append_column(UNKNOWN, unknown_cells(table, _LAYOUT)).append_column("record", record)
    long = unpivot(table, (*_NEEDED, UNKNOWN, "record"), list(columns.values()))
    records = pa.table(
        {
            "series_code": long["Indicator Code"],
            "area": long["Country Code"],
            "time_period": long["column"],
            "value": long["value"],
            "record": pc.binary_join_element_wise(long["record"], long["column"], ":"),
            UNKNOWN: long[UNKNOWN],
        }
    )
    years = sorted(int(year) for year in columns.values())
    codes = tuple(sorted(pc.unique(table["Indicator Code"]).to_pylist()))
    return Wide(records, edition, codes, (years[0], years[-1]))


def _preamble(body: bytes, name: str) -> tuple[int, str]:
    """Find the header line and the edition above it."""
    edition = ""
    lines = io.BytesIO(body)
    for number in range(_HEADER_LINES):
        line = lines.readline().decode("utf-8", errors="replace").strip()
        cells = [cell.strip() for cell in cells_of(line)]
        if "Country Code" in cells:
            return number, edition
        if cells[:1] == ["Last Updated Date"]:
            edition = _iso(cells[1]) if len(cells) > 1 else ""
    raise _no_download(name, f"no line has a heading “Country Code” in its first {_HEADER_LINES} lines")


def _no_download(name: str, why: str) -> Changed:
    return Changed(
        f"{name} is neither an API answer nor a World Bank download",
        why=why,
        next_step="give the CSV, Excel or zip that data.worldbank.org or DataBank offers as a download",
    )


def _iso(text: str) -> str:
    """Write the download's date as ISO; a spreadsheet that re-saved it writes month/day/year."""
    american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    if american:
        month, day, year = (int(part) for part in american.groups())
        with suppress(ValueError):  # no such day: the text stays as it is
            return date(year, month, day).isoformat()
    return text
