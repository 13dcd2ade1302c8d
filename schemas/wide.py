"""The World Bank's wide downloads: a row per economy and series, a column per year; of one series, or of all WDI.

The bulk file is streamed: only the rows of wanted series are ever held.
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
from schemas.errors import Changed, Empty
from schemas.source import Raw, Series
from schemas.tabular import member, read_csv, require_columns, stream_member, text_of, unpivot

_NEEDED = ("Country Code", "Indicator Code")
_LAYOUT = Layout(
    dimensions=_NEEDED, ignored=("Country Name", "Indicator Name", "Series Name", "Series Code"),
    pattern=r"_\d+|(YR)?\d{4}( \[YR\d{4}\])?",
)  # fmt: skip
_ONE = re.compile(r"(^|/)API_.*\.csv$", re.IGNORECASE)
_BULK = re.compile(r"(^|/)WDI(CSV|Data)\.csv$", re.IGNORECASE)
_YEAR = re.compile(r"^(?:YR)?(\d{4})(?: \[YR\d{4}\])?$", re.IGNORECASE)


@dataclass(frozen=True)
class Wide:
    """A download as records: text columns for `assemble`, the edition if it is told, its series and years."""

    records: pa.Table
    edition: str
    codes: tuple[str, ...]
    years: tuple[int, int]


def read(raw: Raw, wanted: Sequence[Series]) -> Wide:
    """Read a zip or CSV. Raises Changed for one that is no download of the World Bank."""
    if raw.content[:2] != b"PK":
        return _one_series(raw.content, raw.name, "")
    members = _members(raw)
    if any(_BULK.search(name) for name in members):
        return _bulk(raw, wanted)
    name, content = member(raw.content, raw.name, lambda path: bool(_ONE.search(path)))
    return _one_series(content, raw.name, f"{name}!")


def _members(raw: Raw) -> list[str]:
    """Name the members; a damaged archive is told by `member`, which is asked for one next."""
    names: list[str] = []

    def note(path: str) -> bool:
        names.append(path)
        return False

    with suppress(Changed):
        member(raw.content, raw.name, note)
    return names


def _one_series(content: bytes, name: str, prefix: str) -> Wide:
    """A series' own download: a preamble with the edition above the header."""
    body = text_of(content, name)
    header_row, edition = _preamble(body, name)
    table = read_csv(body, name, header_row=header_row)
    return _records(table, name, prefix, edition)


def _bulk(raw: Raw, wanted: Sequence[Series]) -> Wide:
    codes = pa.array([series.code for series in wanted], pa.string())

    def keep(batch: pa.RecordBatch) -> pa.Array:
        require_columns(batch, _NEEDED, raw.name)
        return pc.is_in(batch["Indicator Code"], value_set=codes)

    name, table = stream_member(raw.content, raw.name, lambda path: bool(_BULK.search(path)), keep)
    if table.num_rows == 0:
        raise Empty(f"{raw.name} holds no series that is asked for", next_step="is it the whole of WDI?")
    return _records(table, raw.name, f"{name}!", _edition_in(raw.name))


def _edition_in(name: str) -> str:
    """Take the edition from a dated copy, such as WDI_CSV_2026_02_25.zip; the file overwritten in place has none."""
    match = re.search(r"(20\d\d)[-_](\d\d)[-_](\d\d)", name)
    return "-".join(match.groups()) if match else ""


def _records(table: pa.Table, name: str, prefix: str, edition: str) -> Wide:
    require_columns(table, _NEEDED, name)
    columns = {column: match.group(1) for column in table.column_names if (match := _YEAR.match(column.strip()))}
    if not columns:
        raise Changed(f"{name} has no column named by a year")
    table = table.rename_columns([columns.get(column, column) for column in table.column_names])
    table = table.append_column(UNKNOWN, unknown_cells(table, _LAYOUT))
    long = unpivot(table, [*_NEEDED, UNKNOWN], list(columns.values()))
    row = pc.cast(pc.add(long["row"], 1), pa.string())
    records = pa.table(
        {
            "series_code": long["Indicator Code"],
            "area": long["Country Code"],
            "time_period": long["column"],
            "value": long["value"],
            "record": pc.binary_join_element_wise(f"{prefix}row", row, long["column"], ":"),
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
    for number in range(20):
        line = lines.readline().decode("utf-8", errors="replace").replace('"', "")
        if line.startswith("Country Name"):
            return number, edition
        if line.startswith("Last Updated Date"):
            edition = _iso(line.partition(",")[2].partition(",")[0].strip())
    raise Changed(
        f"{name} is neither an API answer nor a World Bank download",
        why="no line begins with 'Country Name' in its first 20 lines",
        next_step="give the CSV or zip that data.worldbank.org offers as a download",
    )


def _iso(text: str) -> str:
    """Write the download's date as ISO; a spreadsheet that re-saved it writes month/day/year."""
    american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    if american:
        month, day, year = (int(part) for part in american.groups())
        with suppress(ValueError):  # no such day: the text stays as it is
            return date(year, month, day).isoformat()
    return text
