"""Made-up map tiles of Ookla's shape, a lookup for them, and the same figures by plain pandas."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

NAME = "2024-10-01_performance_fixed_tiles.parquet"
TILE = pa.schema(
    [
        ("quadkey", pa.string()),
        ("tile", pa.string()),
        ("avg_d_kbps", pa.int64()),
        ("avg_u_kbps", pa.int64()),
        ("avg_lat_ms", pa.int64()),
        ("tests", pa.int64()),
        ("devices", pa.int64()),
    ]
)
USUAL: dict[str, Any] = {
    "quadkey": "0123012301230123",
    "tile": "POLYGON((0 0, 0 1, 1 1, 0 0))",
    "avg_d_kbps": 50_000,
    "avg_u_kbps": 20_000,
    "avg_lat_ms": 30,
    "tests": 4,
    "devices": 2,
}


def key(prefix: str, number: int = 0) -> str:
    """Give a quadkey of 16 digits that begins with the prefix; the number tells one from the next."""
    return prefix + np.base_repr(number, 4).rjust(16 - len(prefix), "0")


def write(folder: Path, *rows: Mapping[str, Any], name: str = NAME, schema: pa.Schema = TILE) -> Path:
    """Write a file of tiles; what a row leaves out is the usual."""
    path = folder / name
    parquet.write_table(pa.Table.from_pylist([{**USUAL, **row} for row in rows], schema=schema), path)
    return path


def write_lookup(folder: Path, *rows: Sequence[str], name: str = "lookup.csv") -> Path:
    """Write a lookup of rows (quadkey, ref_area, urbanisation)."""
    path = folder / name
    lines = [",".join(f'"{cell}"' for cell in (*row, "")[:3]) for row in rows]
    path.write_text("\n".join(["quadkey,ref_area,urbanisation", *lines]) + "\n", encoding="utf-8")
    return path


def plainly(tiles: pd.DataFrame, areas: Mapping[str, tuple[str, str]]) -> dict[tuple[str, str, str], dict[str, float]]:
    """Work the figures out tile by tile; `areas` gives economy and class for prefixes, the longest of which counts."""
    found: dict[tuple[str, str, str], dict[str, float]] = {}
    placed = [_place(quadkey, areas) for quadkey in tiles["quadkey"]]
    frame = tiles.assign(area=[area for area, _ in placed], own=[own for _, own in placed])
    frame = frame[frame["area"] != ""]
    for area, own in sorted({*zip(frame["area"], frame["own"], strict=True)}):
        for place in {"_T", own} - {""}:
            some = frame[(frame["area"] == area) & ((frame["own"] == place) | (place == "_T"))]
            for measure, column in (("download", "avg_d_kbps"), ("upload", "avg_u_kbps"), ("latency", "avg_lat_ms")):
                found[area, place, measure] = _figures(some, column)
    return found


def _place(quadkey: str, areas: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    fitting = [prefix for prefix in areas if quadkey.startswith(prefix)]
    return areas[max(fitting, key=len)] if fitting else ("", "")


def _figures(some: pd.DataFrame, column: str) -> dict[str, float]:
    """Weigh by repeating each tile's average once per test: the definition, word for word."""
    every = np.sort(np.repeat(some[column].to_numpy(), some["tests"].to_numpy()))
    quantiles = {f"p{share}": float(every[-(-len(every) * share // 100) - 1]) for share in (10, 25, 50, 75, 90)}
    return {
        "mean": float(every.mean()),
        "tiles": len(some),
        "tests": len(every),
        "devices": int(some["devices"].sum()),
        "tests_below_10000": int((every < 10_000).sum()),
        **quantiles,
    }
