"""Small files of tiles and lookups, made up here."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

NAME = "2024-10-01_performance_fixed_tiles.parquet"
SEN, MLI = "0333", "0332"
LOOKUP = f"quadkey,ref_area,urbanisation\n{SEN}0,SEN,U\n{SEN}1,SEN,R\n{MLI},MLI,\n"
_SCHEMA = pa.schema(
    [
        ("quadkey", pa.string()),
        ("tile", pa.string()),
        ("avg_d_kbps", pa.int64()),
        ("avg_u_kbps", pa.int64()),
        ("avg_lat_ms", pa.int64()),
        ("tests", pa.int64()),
        ("devices", pa.int32()),
    ]
)


def quadkey(prefix: str, number: int) -> str:
    """Give a quadkey of 16 digits inside a prefix."""
    digits = ""
    for _ in range(16 - len(prefix)):
        number, digit = divmod(number, 4)
        digits = str(digit) + digits
    return prefix + digits


def tile(
    key: str, download: int = 20_000, upload: int = 5_000, latency: int = 30, tests: int = 1, devices: int = 1
) -> dict[str, Any]:
    """Give one row of the publisher's."""
    numbers = {"avg_d_kbps": download, "avg_u_kbps": upload, "avg_lat_ms": latency, "tests": tests, "devices": devices}
    return {"quadkey": key, "tile": "POLYGON", **numbers}


def parquet(folder: Path, rows: Sequence[dict[str, Any]], name: str = NAME, schema: pa.Schema = _SCHEMA) -> Path:
    """Write a file of tiles."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path)
    return path


def lookup(folder: Path, text: str = LOOKUP) -> Path:
    """Write a lookup as CSV."""
    path = folder / "lookup.csv"
    path.write_text(text, encoding="utf-8")
    return path
