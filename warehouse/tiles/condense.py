"""From a file of tiles to the few kilobytes that are kept of it: its figures by economy, and what they were made of.

The tiles themselves are not kept. Their publisher withdraws measurements from files that are out already, where people
ask for it by law; a copy for ever would undo that. The hash of the file stays, so that anybody who holds it can check.
"""

import hashlib
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import Empty, Invalid
from schemas.sources.ookla_tiles import KIND
from warehouse.tiles import statement
from warehouse.tiles.engine import Engine, Tables
from warehouse.tiles.file import Told, require_tiles, told_by_name
from warehouse.tiles.lookup import Lookup

TOLERATED = 0.01
"""Share of a file's tiles that may be impossible: those are counted and left out. More, and it is another unit."""


def condense(path: Path, lookup: Lookup, engine: Engine, *, edition: str = "", told: Told | None = None) -> bytes:
    """Aggregate a file of tiles; give the account that the source's reader reads, as JSON.

    `told` names network and quarter where the file's name does not. The same file and lookup give the same bytes with
    every engine. Raises Usage, Changed, Empty, Invalid.
    """
    told = told or told_by_name(path)
    count = require_tiles(path)
    found = engine.run(lambda tables: _figures(tables, lookup, path.name), path, lookup)
    table, repeated = found.drop_columns(["repeated"]), found["repeated"][0].as_py()
    _require_possible(table, count - repeated, path.name)
    account = {
        "kind": KIND,
        "method": statement.METHOD,
        "network": told.network,
        "time_period": told.time_period,
        "edition": edition,
        "file": {"name": path.name, "sha256": _sha256(path), "bytes": path.stat().st_size, "tiles": count},
        "lookup": {"name": lookup.name, "sha256": lookup.sha256, "prefixes": lookup.table.num_rows},
        "repeated": repeated,
        "rows": table.to_pylist(),
    }
    return orjson.dumps(account, option=orjson.OPT_INDENT_2)


def _figures(tables: Tables, lookup: Lookup, name: str) -> pa.Table:
    """Ask for the figures. Tiles that stand twice alike count once; such that differ raise Invalid."""
    tables.tile(statement.tile_columns())
    twice = tables.ask(statement.repeated())
    if twice.num_rows:
        _refuse_contradictions(twice, name)
        tables.tile(statement.tile_columns(distinct=True))
    found = tables.ask(statement.aggregate(lookup.lengths))
    again = (pc.sum(twice["times"]).as_py() or 0) - twice.num_rows
    return found.append_column("repeated", pa.repeat(pa.scalar(again, pa.int64()), found.num_rows))


def _refuse_contradictions(twice: pa.Table, name: str) -> None:
    other = twice.filter(pc.greater(twice["sayings"], 1))
    if other.num_rows:
        raise Invalid(
            f"{name} says different things of {other.num_rows:,} tiles, as of {other['quadkey'][0].as_py()}",
            why="a tile stands once in a quarter's file of one network",
            next_step="fetch it again; two files may have been put together",
        )


def _require_possible(table: pa.Table, count: int, name: str) -> None:
    """Raise Invalid where many tiles cannot be, Empty where no tile lies in an economy."""
    of_tiles = table.filter(
        pc.and_(pc.equal(table["measure"], "download"), pc.equal(table["urbanisation"], "_T"))
    ).to_pylist()
    tiles = {row["ref_area"]: row["tiles"] for row in of_tiles}
    faults = {area[1:]: number for area, number in tiles.items() if area.startswith("!") and area != "!unplaced"}
    if sum(faults.values()) > TOLERATED * count:
        told = ", ".join(f"{reason} {number:,}" for reason, number in sorted(faults.items()))
        raise Invalid(
            f"{sum(faults.values()):,} of {count:,} tiles of {name} cannot be",
            why=f"wrong or absurd: {told}",
            next_step="look at the file: kilobits per second, milliseconds and 16 digits of quadkey are expected",
        )
    if all(area.startswith("!") for area in tiles):
        raise Empty(f"no tile of {name} lies in an economy of the lookup", next_step="check the lookup's quadkeys")


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
