"""A file of tiles before it is worked on: which network and quarter it tells of, and whether it can be read at all."""

import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from schemas.errors import Changed, Empty, Invalid, Usage
from schemas.tabular import text_of
from warehouse.tiles.statement import COLUMNS

_NAME = re.compile(r"(\d{4})-(01|04|07|10)-01_performance_(fixed|mobile)_tiles\.parquet$")
_FOLDERS = re.compile(r"type=(\w+)/year=(\d{4})/quarter=([1-4])/")
_NAMED = "a name like 2024-10-01_performance_fixed_tiles.parquet tells network and first day of the quarter"


@dataclass(frozen=True, slots=True)
class Told:
    """What a file's name tells: network (`fixed`, `mobile`) and quarter (`2024-Q4`)."""

    network: str
    time_period: str


def told_by_name(path: Path) -> Told:
    """Read network and quarter off the file's name. Raises Usage where they cannot be read or its folders differ."""
    match = _NAME.search(path.name)
    if not match:
        raise Usage(
            f"{path.name} does not say network and quarter", why=_NAMED, next_step="give it the publisher's name"
        )
    year, month, network = match.groups()
    told = Told(network, f"{year}-Q{(int(month) + 2) // 3}")
    folders = _FOLDERS.search(f"{path.as_posix()}")
    if folders and Told(folders[1], f"{folders[2]}-Q{folders[3]}") != told:
        raise Usage(f"{path.name} lies in a folder of another network or quarter", why=folders[0])
    return told


def require_tiles(path: Path) -> int:
    """Look at the foot of a Parquet file; give its number of rows. Raises Changed, Empty, Invalid.

    Reads a few kilobytes, whatever the size of the file.
    """
    with path.open("rb") as handle:
        start = handle.read(2_000)
    if start[:4] != b"PAR1":
        _refuse_text(start, path.name)
    try:
        with parquet.ParquetFile(path) as opened:
            schema, count = opened.schema_arrow, opened.metadata.num_rows
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise Invalid(
            f"{path.name} is a damaged Parquet file ({path.stat().st_size:,} bytes)",
            why=str(error).splitlines()[0],
            next_step="the download was probably cut off: fetch it again",
        ) from error
    _require_columns(schema, path.name)
    if count == 0:
        raise Empty(f"{path.name} holds no tile", next_step="ask again when the quarter is published")
    return int(count)


def _refuse_text(start: bytes, name: str) -> None:
    """Say what came in place of Parquet: a web page, or the store's XML that says why."""
    if start.lstrip()[:5] == b"<?xml" or b"<Error>" in start:
        code = re.search(rb"<Code>(\w+)</Code>", start)
        raise Changed(
            f"{name} is an XML error message, not Parquet",
            why=f"the store says {code[1].decode()}" if code else "stores answer errors as XML",
            next_step="check network and quarter: a quarter is published some weeks after its end",
        )
    text_of(start, name)
    raise Changed(f"{name} is not a Parquet file", why=f"it begins with {start[:12]!r}")


def _require_columns(schema: pa.Schema, name: str) -> None:
    missing = [column for column in ("quadkey", *COLUMNS) if column not in schema.names]
    if missing:
        raise Changed(f"{name} lacks the columns {', '.join(missing)}", why=f"it has {', '.join(schema.names[:20])}")
    wrong = [f"{column} is {schema.field(column).type}" for column in COLUMNS if not _whole(schema, column)]
    quadkey = schema.field("quadkey").type
    if not (pa.types.is_string(quadkey) or pa.types.is_large_string(quadkey)):
        wrong.append(f"quadkey is {quadkey}")
    if wrong:
        raise Changed(
            f"{name} has columns of another type: {', '.join(wrong)}", why="whole numbers, and text as quadkey"
        )


def _whole(schema: pa.Schema, column: str) -> bool:
    return bool(pa.types.is_integer(schema.field(column).type))
