"""From the publisher's Parquet file to the small answer that is kept as the snapshot: figures of economies, in JSON."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.errors import Changed, Empty, Invalid, Usage
from schemas.sources import ookla_tiles
from warehouse.tiles import lookup as lookups
from warehouse.tiles.aggregate import Aggregate

Run: TypeAlias = Callable[[Path, pa.Table], Aggregate]
"""An engine's run: tiles and lookup in, figures out."""


def condense(tiles: Path, lookup: Path | None, run: Run) -> bytes:
    """Aggregate a file of tiles; the same file and lookup give the same bytes, whichever engine runs.

    Raises Usage for a name that does not say quarter and network or for a missing lookup, Changed for another shape,
    Invalid for a damaged file or an impossible lookup, Empty where no tile lies in an economy of the lookup.
    """
    told = ookla_tiles.named(tiles)
    _refuse_other_shapes(tiles)
    if lookup is None:
        raise no_lookup()
    areas = lookups.read(lookup)
    found = run(tiles, areas)
    if not found.figures:
        reasons = ", ".join(f"{count:,} {reason}" for reason, (count, _) in found.aside.items())
        raise Empty(
            f"none of the {found.tiles:,} tiles of {tiles.name} counts in an economy of {lookup.name}",
            why=reasons,
            next_step="look whether the lookup's quadkeys are those of the economies that you mean",
        )
    note = {
        "answer": ookla_tiles.ANSWER,
        **told,
        "tiles": found.tiles,
        "tiles_file": tiles.name,
        "tiles_sha256": sha256(tiles),
        "lookup_sha256": sha256(lookup),
        "figures": list(found.figures),
        "aside": {reason: list(counts) for reason, counts in found.aside.items()},
    }
    return orjson.dumps(note, option=orjson.OPT_SORT_KEYS)


def no_lookup() -> Usage:
    """Give the error of tiles without a lookup."""
    return Usage(
        "tiles carry no country, and no lookup is set",
        why="which tile lies in which economy is yours to say: no borders ship with this project",
        next_step="make a CSV or Parquet file with columns quadkey (a prefix), ref_area and, if you have it, "
        "urbanisation (U or R), and name it: tiles_lookup in ictdev.toml, or ICTDEV_TILES_LOOKUP; "
        "or name a boundary file: tiles_boundaries",
    )


def sha256(path: Path) -> str:
    """Give the hash of a file, however large."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _refuse_other_shapes(tiles: Path) -> None:
    with tiles.open("rb") as handle:
        start = handle.read(200)
    if not start:
        raise Empty(f"{tiles.name} is empty", next_step="fetch the file again")
    if not start.startswith(b"PAR1"):
        page = start.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html", b"<?xml"))
        raise Changed(
            f"{tiles.name} is {'a web page' if page else 'not a Parquet file'}",
            why="the storage answers a missing or forbidden file with a page"
            if page
            else "it does not begin with PAR1",
            next_step="fetch the file again and look at its size: a quarter has about 350 MB",
        )
    try:
        footer = pq.ParquetFile(tiles)
    except (pa.ArrowException, OSError) as error:
        raise Invalid(
            f"{tiles.name} is a damaged Parquet file ({tiles.stat().st_size:,} bytes)",
            why=str(error).splitlines()[0][:300],
            next_step="the download was probably cut off: fetch the file again",
        ) from error
    _refuse_other_columns(tiles.name, footer.schema_arrow)
    if footer.metadata.num_rows == 0:
        raise Empty(f"{tiles.name} holds no tile", next_step="look whether the publisher has the quarter yet")


def _refuse_other_columns(name: str, columns: pa.Schema) -> None:
    missing = [column for column in ookla_tiles.COLUMNS if column not in columns.names]
    if missing:
        raise Changed(
            f"{name} lacks the columns {', '.join(missing)}",
            why=f"it has {', '.join(columns.names[:20])}",
            next_step="check that this is the publisher's file of tiles; if the publisher changed it, so must we",
        )
    for column in ookla_tiles.COLUMNS:
        kind = columns.field(column).type
        text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
        if not (text if column == "quadkey" else pa.types.is_integer(kind)):
            raise Changed(
                f"column {column} of {name} has the type {kind}",
                why="quadkey is text, all other columns are whole numbers",
                next_step="check that this is the publisher's file as it came",
            )
