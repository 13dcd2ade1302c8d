"""Which economy a tile belongs to: a table of quadkey prefixes that a person supplies. No borders ship with us.

CSV or Parquet with the columns `quadkey` (a prefix of 1 to 16 digits 0–3), `ref_area` (ISO 3166-1 alpha-3) and, where
town and country are to be told apart, `urbanisation` (U, R or blank). The longest prefix of a tile counts.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from schemas.codelist import codes, rows
from schemas.errors import Empty, Invalid, Unmapped, Usage
from schemas.tabular import read_csv, require_columns

_SHAPE = "^[0-3]{1,16}$"
_SCHEMA = pa.schema([("prefix", pa.string()), ("ref_area", pa.string()), ("urbanisation", pa.string())])


@dataclass(frozen=True)
class Lookup:
    """A checked lookup: columns prefix (unique), ref_area, urbanisation; where it came from, and its hash."""

    table: pa.Table
    name: str
    sha256: str

    @property
    def lengths(self) -> list[int]:
        """Lengths of its prefixes."""
        return sorted(pc.unique(pc.utf8_length(self.table["prefix"])).to_pylist())

    @property
    def classified(self) -> bool:
        """Tell whether it parts town from country anywhere."""
        return bool(pc.any(pc.not_equal(self.table["urbanisation"], "")).as_py())


def load(path: Path) -> Lookup:
    """Read and check a lookup. Raises Usage, Changed, Empty, Invalid or Unmapped."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Usage(
            f"the lookup {path.name} cannot be read", why=str(error), next_step="set tiles_lookup to a file"
        ) from error
    table = _parquet(content, path.name) if content[:4] == b"PAR1" else read_csv(content, path.name)
    return checked(table, path.name, hashlib.sha256(content).hexdigest())


def checked(raw: pa.Table, name: str, sha256: str) -> Lookup:
    """Make a lookup of a table with columns quadkey, ref_area and perhaps urbanisation. Raises as `load` does."""
    require_columns(raw, ("quadkey", "ref_area"), name)
    blank = pa.repeat(pa.scalar(""), raw.num_rows)
    columns = [
        raw["quadkey"],
        raw["ref_area"],
        raw["urbanisation"] if "urbanisation" in raw.column_names else blank,
    ]
    table = pa.table([_text(column, name) for column in columns], schema=_SCHEMA)
    if table.num_rows == 0:
        raise Empty(f"the lookup {name} holds no row", next_step="fill it with quadkey,ref_area")
    _require_shapes(table, name)
    _require_areas(table, name)
    return Lookup(_without_repeats(table, name), name, sha256)


def _parquet(content: bytes, name: str) -> pa.Table:
    try:
        return parquet.read_table(pa.BufferReader(content))
    except (pa.ArrowInvalid, OSError) as error:
        raise Invalid(f"the lookup {name} is a damaged Parquet file", why=str(error).splitlines()[0]) from error


def _text(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """Give a column as text. A quadkey that was kept as a number has lost its leading zeros: refuse it."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        raise Invalid(
            f"a column of the lookup {name} is no text", why=f"it is {column.type}; quadkeys begin with zeros"
        )
    return pc.fill_null(column.cast(pa.string()), "")


def _require_shapes(table: pa.Table, name: str) -> None:
    wrong = table.filter(pc.invert(pc.match_substring_regex(table["prefix"], _SHAPE)))
    if wrong.num_rows:
        raise Invalid(
            f"{wrong.num_rows:,} quadkeys of the lookup {name} are none, as “{wrong['prefix'][0].as_py()}”",
            why="a quadkey is 1 to 16 digits from 0 to 3",
        )
    odd = table.filter(pc.invert(pc.is_in(table["urbanisation"], value_set=pa.array(["", "U", "R"]))))
    if odd.num_rows:
        raise Unmapped(f"the lookup {name} has urbanisation “{odd['urbanisation'][0].as_py()}”", why="U, R or blank")


def _require_areas(table: pa.Table, name: str) -> None:
    economies = pa.array([row["ref_area"] for row in rows("area") if row["kind"] == "economy"], pa.string())
    told = pc.unique(table["ref_area"])
    unknown = sorted(told.filter(pc.invert(pc.is_in(told, value_set=economies))).to_pylist())
    if unknown:
        known = set(codes("area", "ref_area").to_pylist())
        why = "groups hold no tiles" if set(unknown) <= known else "codes are those of ISO 3166-1 alpha-3"
        raise Unmapped(f"the lookup {name} names no economy with {', '.join(unknown[:5]) or 'a blank'}", why=why)


def _without_repeats(table: pa.Table, name: str) -> pa.Table:
    """Drop rows that say the same twice. Raises Invalid where one prefix has two economies or two classes."""
    table = table.group_by(_SCHEMA.names).aggregate([]).select(_SCHEMA.names)
    times = table.group_by("prefix").aggregate([([], "count_all")])
    doubtful = times.filter(pc.greater(times["count_all"], 1)).sort_by("prefix")
    if doubtful.num_rows:
        first = doubtful["prefix"][0].as_py()
        told = table.filter(pc.equal(table["prefix"], first)).sort_by("ref_area").to_pylist()
        raise Invalid(
            f"the lookup {name} puts {doubtful.num_rows:,} quadkeys into two places, as {first}",
            why=" and ".join(f"{row['ref_area']} {row['urbanisation']}".strip() for row in told),
            next_step="keep one economy for each quadkey; a longer quadkey may name an exception from a shorter one",
        )
    return table.sort_by("prefix")
