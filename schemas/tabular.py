"""From bytes to tables: the one place that turns CSV, zip members and wide sheets into Arrow, for every reader.

Nothing is guessed: a header is expected word for word, every column arrives as text, and what a text means is
decided in `schemas/reading.py`.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO, Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from schemas.containers import DAMAGE, damaged, only
from schemas.encoding import text_of
from schemas.errors import Changed, Invalid

_DELIMITERS = (",", ";", "\t", "|")


def json_of(content: bytes, name: str) -> Any:
    """Parse JSON. Raises Changed, naming what came instead, and Empty for nothing."""
    body = text_of(content, name)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        shape = "an XML document" if body.lstrip()[:1] == b"<" else "not JSON"
        raise Changed(f"{name} is {shape}", why=f"{error}; the answer may be cut off") from error


def cell(value: object) -> str:
    """Write a JSON value as text: nothing as blank, whole floats without a point, lists and objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value) if isinstance(value, int) else orjson.dumps(value, default=str).decode()


def count_of(answer: Mapping[str, Any], field: str, name: str) -> int:
    """Give a number that an answer counts by; 0 where it is absent. Raises Changed for what is no whole number."""
    told = answer.get(field)
    if told is None:
        return 0
    try:
        return int(told)
    except (TypeError, ValueError, OverflowError) as error:
        raise Changed(f"{name} counts {field} as {cell(told)[:40]}", why="a whole number is expected") from error


def read_csv(content: bytes, name: str, *, delimiter: str = "", header_row: int = 0) -> pa.Table:
    """Read CSV with a header at line `header_row` into a table of text columns (empty text stays empty text).

    Without a delimiter the one that the header line uses is taken: comma, semicolon, tab or bar. A column without a
    name is called `_<position>`. Raises Changed when rows and header do not agree.
    """
    body = text_of(content, name)
    delimiter = delimiter or delimiter_of(_line(body, header_row))
    names = _header(body, name, delimiter, header_row)
    try:
        return pacsv.read_csv(
            pa.py_buffer(body),
            read_options=pacsv.ReadOptions(column_names=names, skip_rows=header_row + 1, block_size=8 << 20),
            parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=True
            ),
        )
    except pa.ArrowInvalid as error:
        raise _misfit(body, name, delimiter, header_row, error) from error


def _first_misfit(body: bytes, delimiter: str, header_row: int) -> tuple[int, int, int, bool]:
    """Give the header's fields, the first row that has others (0 for none), how many, and if it is the last."""
    rows = csv.reader(io.StringIO(body.decode(errors="replace"), newline=""), delimiter=delimiter)
    width = 0
    with suppress(csv.Error):
        for number, row in enumerate(rows):
            if number == header_row:
                width = len(row)
            elif number > header_row and row and len(row) != width:
                return width, number - header_row, len(row), not any(rows)
    return width, 0, 0, False


def delimiter_of(line: str) -> str:
    """Give the delimiter that parts a header line into the most fields; a comma where none does."""
    if "\\TIME_PERIOD\t" in line:
        return "\t"  # Eurostat's TSV, with the dimensions in one cell
    return max(_DELIMITERS, key=lambda sign: (len(cells_of(line, sign)), sign == ","))


def cells_of(line: str, delimiter: str = "") -> list[str]:
    """Part one line into its cells, by the delimiter that parts it into the most where none is given."""
    with suppress(csv.Error):
        return next(csv.reader([line], delimiter=delimiter or delimiter_of(line)), [])
    return []


def _line(body: bytes, number: int) -> str:
    lines = io.BytesIO(body)
    for _ in range(number):
        lines.readline(1_000_000)
    return lines.readline(1_000_000).decode(errors="replace").rstrip("\r\n")


def _misfit(body: bytes, name: str, delimiter: str, header_row: int, error: Exception) -> Invalid | Changed:
    """Say which row has not the header's fields. Only the last row, and one field too few, is a download cut off."""
    width, misfit, fields, last = _first_misfit(body, delimiter, header_row)
    if misfit and last and fields < width:
        return Invalid(
            f"{name} is cut off",
            why=f"its last row, {misfit:,} below the header, has {fields} of {width} fields",
            next_step="fetch it again",
        )
    return Changed(
        f"{name} is not a well-formed table",
        why=f"row {misfit:,} below the header has {fields} fields, the header {width}"
        if misfit
        else str(error).splitlines()[0][:300],
        next_step=f"open it: a text that holds the delimiter “{delimiter}” must stand in quotes",
    )


def _header(body: bytes, name: str, delimiter: str, header_row: int) -> list[str]:
    lines = io.TextIOWrapper(io.BytesIO(body[:1_000_000]), encoding="utf-8", errors="replace", newline="")
    for _ in range(header_row):
        lines.readline()
    try:
        header = next(csv.reader(lines, delimiter=delimiter))
    except (StopIteration, csv.Error) as error:
        raise Changed(f"{name} has no header line", why=str(error)) from error
    names = [text.strip() or f"_{position}" for position, text in enumerate(header)]
    if not names:
        raise Changed(f"{name} has no header line", why=f"line {header_row + 1} is blank")
    repeated = sorted({text for text in names if names.count(text) > 1})
    if repeated:
        raise Changed(f"{name} has columns of the same name: {', '.join(repeated)}")
    return names


def require_columns(table: pa.Table, wanted: Sequence[str], name: str) -> None:
    """Raise Changed, naming what is missing and what is there, unless the table has the wanted columns."""
    missing = [column for column in wanted if column not in table.column_names]
    if missing:
        raise Changed(
            f"{name} lacks the columns {', '.join(missing)}",
            why=f"it has {', '.join(table.column_names[:20])}",
            next_step="check that this is the publisher's file; if the publisher changed it, its reader must follow",
        )


def stream_member(
    content: bytes, name: str, choose: Callable[[str], bool], keep: Callable[[pa.RecordBatch], pa.Array]
) -> tuple[str, pa.Table]:
    """Read the one CSV in a zip that `choose` accepts, block by block, and keep the rows that `keep` says.

    Gives the member's name and the kept rows as text, with `row`, their place in the file (0-based). Never holds more
    than a block of what is not kept. Raises as `member` and `read_csv` do.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            info = only(archive, name, choose)
            with archive.open(info) as head:
                names = _header(head.read(1 << 16).removeprefix(b"\xef\xbb\xbf"), info.filename, ",", 0)
            with archive.open(info) as handle:
                return info.filename, _kept(handle, names, keep)
    except pa.ArrowInvalid as error:
        raise Changed(f"{name} is not a well-formed table", why=str(error).splitlines()[0][:300]) from error
    except DAMAGE as error:
        raise damaged(name, content, error) from error


def _kept(handle: IO[bytes], names: Sequence[str], keep: Callable[[pa.RecordBatch], pa.Array]) -> pa.Table:
    reader = pacsv.open_csv(
        pa.PythonFile(handle, mode="r"),
        read_options=pacsv.ReadOptions(column_names=names, skip_rows=1, block_size=512 << 10, use_threads=False),
        parse_options=pacsv.ParseOptions(newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=True
        ),
    )
    found, before = [], 0
    for batch in reader:
        at = np.flatnonzero(keep(batch).to_numpy(zero_copy_only=False))
        if len(at):
            rows = pa.array(at + before, pa.int64())
            found.append(pa.Table.from_batches([batch.take(pa.array(at))]).append_column("row", rows))
        before += batch.num_rows
    schema = pa.schema([*((name, pa.string()) for name in names), ("row", pa.int64())])
    return pa.concat_tables(found) if found else schema.empty_table()


def unpivot(table: pa.Table, keep: Sequence[str], columns: Sequence[str]) -> pa.Table:
    """Turn a wide table into long: `keep` columns, `column` (the former heading), `value`, `row` (0-based); blanks go.

    A column `row` that the table has already is kept in place of the position.

    Values that are empty text or null are left out before anything is repeated, so a sparse sheet stays small.
    """
    parts = []
    table = table.combine_chunks()  # what is taken from many small chunks is searched for in each
    for column in columns:
        values = table[column]
        filled = pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(values), ""), fill_value=False)
        at = np.flatnonzero(filled.combine_chunks().to_numpy(zero_copy_only=False))
        if len(at):
            numbered = ["row"] if "row" in table.column_names else []
            taken = table.select([*keep, column, *numbered]).take(pa.array(at))
            parts.append(
                pa.table(
                    {
                        **{name: taken[name] for name in keep},
                        "column": pa.repeat(pa.scalar(column), len(at)),
                        "value": taken[column],
                        "row": taken["row"] if "row" in table.column_names else pa.array(at, pa.int64()),
                    }
                )
            )
    if not parts:
        text = pa.string()
        return pa.schema(
            [*(pa.field(name, text) for name in keep), ("column", text), ("value", text), ("row", pa.int64())]
        ).empty_table()
    return pa.concat_tables(parts)
