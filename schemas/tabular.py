"""From bytes to tables: the one place that turns CSV, zip members and wide sheets into Arrow, for every reader.

Nothing is guessed: a header is expected word for word, every column arrives as text, and what a text means is
decided in `schemas/reading.py`.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from schemas.errors import Changed, Empty, Invalid

MAX_EXPANDED = 2_000_000_000
"""Bytes that a compressed answer may expand to; the largest honest one known is about a fifth of this."""
MAX_RATIO = 200
"""A zip that expands further than this is taken for a bomb."""
_BOM = b"\xef\xbb\xbf"


def text_of(content: bytes, name: str) -> bytes:
    """Return UTF-8 bytes without a byte order mark; refuse what is empty, HTML or not UTF-8."""
    body = content.removeprefix(_BOM)
    if not body.strip():
        raise Empty(f"{name} is empty", next_step="fetch it again, or give the publisher's download with --from-file")
    start = body.lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise Changed(
            f"{name} is an HTML page, not data ({len(content):,} bytes)",
            why="publishers answer errors and maintenance with a web page, often with status 200",
            next_step="try again later, or give the publisher's download with --from-file",
        )
    if body.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in body[:4096]:
        raise Invalid(f"{name} is not UTF-8 text", why="it looks like UTF-16 or binary data")
    return body


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


def read_csv(content: bytes, name: str, *, delimiter: str = ",", header_row: int = 0) -> pa.Table:
    """Read CSV with a header at line `header_row` into a table of text columns (empty text stays empty text).

    A column without a name is called `_<position>`. Raises Changed when rows and header do not agree.
    """
    body = text_of(content, name)
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
        raise Changed(
            f"{name} is not a well-formed table",
            why=str(error).splitlines()[0][:300],
            next_step="open the file: a line with more or fewer fields than the header means a cut-off download",
        ) from error


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


def member(content: bytes, name: str, choose: Callable[[str], bool]) -> tuple[str, bytes]:
    """Take the one member of a zip whose name `choose` accepts; bounded in size, checked for damage.

    Raises Invalid for a broken, encrypted or oversized archive and Changed when no or several members fit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            info = _only(archive, name, choose)
            return info.filename, archive.read(info)
    except _DAMAGE as error:
        raise _damaged(name, content, error) from error


def refuse_bomb(members: Sequence[zipfile.ZipInfo], name: str) -> None:
    """Raise Invalid where zip members would together expand to far more than an honest file does."""
    size = sum(info.file_size for info in members)
    packed = sum(info.compress_size for info in members)
    if size > MAX_EXPANDED or size > MAX_RATIO * max(packed, 1_000):
        raise Invalid(f"{name} would expand to {size:,} bytes", why=f"it has {packed:,} packed")


def stream_member(
    content: bytes, name: str, choose: Callable[[str], bool], keep: Callable[[pa.RecordBatch], pa.Array]
) -> tuple[str, pa.Table]:
    """Read the one CSV in a zip that `choose` accepts, block by block, and keep the rows that `keep` says.

    Gives the member's name and the kept rows as text, with `row`, their place in the file (0-based). Never holds more
    than a block of what is not kept. Raises as `member` and `read_csv` do.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            info = _only(archive, name, choose)
            with archive.open(info) as head:
                names = _header(head.read(1 << 16).removeprefix(_BOM), info.filename, ",", 0)
            with archive.open(info) as handle:
                return info.filename, _kept(handle, names, keep)
    except pa.ArrowInvalid as error:
        raise Changed(f"{name} is not a well-formed table", why=str(error).splitlines()[0][:300]) from error
    except _DAMAGE as error:
        raise _damaged(name, content, error) from error


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


def _only(archive: zipfile.ZipFile, name: str, choose: Callable[[str], bool]) -> zipfile.ZipInfo:
    """Give the one member that fits. Raises Changed for none or several, Invalid for a bomb."""
    found = [info for info in archive.infolist() if choose(info.filename)]
    if len(found) != 1:
        names = ", ".join(info.filename for info in archive.infolist()[:10]) or "nothing"
        raise Changed(f"{name} holds {len(found)} members that fit, one was expected", why=f"it holds {names}")
    refuse_bomb(found, name)
    return found[0]


_DAMAGE = (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError, ValueError, OSError, zlib.error)


def _damaged(name: str, content: bytes, error: Exception) -> Invalid:
    return Invalid(
        f"{name} is a damaged zip file ({len(content):,} bytes)",
        why=str(error),
        next_step="the download was probably cut off: fetch it again",
    )


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
