"""A lookup made of boundaries that a person names: GeoJSON, in degrees (EPSG:4326), one code of an economy per feature.

A tile belongs to the economy that holds its centre. The map is quartered again and again: a square that lies wholly in
an economy becomes one prefix, one that lies across a boundary is quartered further. The library is the extra `geo`.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import orjson
import pyarrow as pa
from pyarrow import parquet

from schemas.codelist import rows
from schemas.errors import Changed, Empty, Invalid, Unmapped, Usage
from schemas.tabular import json_of
from warehouse.tiles import lookup as lookups

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DEPTH = 16
"""Digits of a tile's quadkey."""
Places: TypeAlias = "tuple[int, np.ndarray, np.ndarray]"
"""Depth, and the columns and rows of squares at this depth."""


def lookup_of(path: Path, code: str, folder: Path) -> Path:
    """Make the lookup of a boundary file, or find the one that was made of the same bytes before; give its place.

    `code` is the property that holds ISO 3166-1 alpha-3. Raises Usage, Changed, Empty, Invalid, Unmapped.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Usage(f"the boundary file {path.name} cannot be read", why=str(error)) from error
    kept = folder / f"lookup-{hashlib.sha256(content + code.encode()).hexdigest()[:16]}.parquet"
    if not kept.exists():
        made = build(content, path.name, code)
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f"new-{kept.name}"
        try:
            parquet.write_table(made, beside)
            lookups.read(beside)
            beside.replace(kept)
        finally:
            beside.unlink(missing_ok=True)
    return kept


def build(content: bytes, name: str, code: str, depth: int = DEPTH) -> pa.Table:
    """Give quadkey and ref_area for every square of the boundaries. Raises as `lookup_of` does."""
    found = [
        pa.table({"quadkey": _quadkeys(*places), "ref_area": pa.repeat(pa.scalar(area), len(places[1]))})
        for area, shapes in _economies(content, name, code).items()
        for shape in shapes
        for places in _squares(shape, depth)
        if len(places[1])
    ]
    if not found:
        raise Empty(f"no tile has its centre inside the boundaries of {name}", why="degrees (EPSG:4326) are expected")
    every = pa.concat_tables(found)
    return every.group_by(["quadkey", "ref_area"]).aggregate([]).sort_by("quadkey")


def _economies(content: bytes, name: str, code: str) -> "dict[str, list[BaseGeometry]]":
    """Give the shapes of each economy. Raises Changed for what is no GeoJSON, or has no codes."""
    told = json_of(content, name)
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or not features:
        raise Changed(f"{name} is no GeoJSON of features", why="a FeatureCollection in degrees is expected")
    known = {row["ref_area"] for row in rows("area") if row["kind"] == "economy"}
    found = defaultdict(list)
    for at, feature in enumerate(features):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        area = properties.get(code) if isinstance(properties, dict) else None
        if not isinstance(area, str) or not area:
            raise Changed(
                f"feature {at} of {name} has no {code}",
                why=f"it has {', '.join(list(properties or {})[:12]) or 'no property'}",
                next_step="name the property that holds ISO 3166-1 alpha-3: ICTDEV_TILES_BOUNDARY_CODE",
            )
        if area not in known:
            raise Unmapped(
                f"feature {at} of {name} has “{area}” as its {code}",
                why="that is no economy of ISO 3166-1 alpha-3",
                next_step="name another property (ICTDEV_TILES_BOUNDARY_CODE), or mend the code in the file",
            )
        found[area].append(_shape(feature.get("geometry"), f"feature {at} ({area}) of {name}"))
    return found


def _shape(geometry: Any, name: str) -> "BaseGeometry":
    try:
        import shapely  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise Usage(
            "boundary files need the library shapely", why=str(error), next_step='install it: pip install "ictdev[geo]"'
        ) from error
    try:
        shape = shapely.from_geojson(orjson.dumps(geometry))
    except (shapely.errors.ShapelyError, TypeError) as error:
        raise Changed(f"{name} has no geometry that can be read", why=str(error)[:200]) from error
    if shape is None or shape.geom_type not in {"Polygon", "MultiPolygon"} or not shape.is_valid:
        raise Invalid(f"{name} is no sound area", why=shapely.is_valid_reason(shape) if shape else "it has no geometry")
    return shape


def _squares(shape: "BaseGeometry", depth: int) -> Iterator[Places]:
    """Give the squares that lie wholly inside a shape, largest first, and the smallest whose centre does."""
    import shapely  # noqa: PLC0415

    shapely.prepare(shape)
    column = row = np.zeros(1, dtype=np.int64)
    for zoom in range(1, depth + 1):
        column = (column[:, None] * 2 + (0, 1, 0, 1)).ravel()
        row = (row[:, None] * 2 + (0, 0, 1, 1)).ravel()
        west, south, east, north = _edges(column, row, zoom)
        boxes = shapely.box(west, south, east, north)
        inside = shapely.covers(shape, boxes)
        yield zoom, column[inside], row[inside]
        across = ~inside & shapely.intersects(shape, boxes)
        column, row = column[across], row[across]
    west, south, east, north = _edges(column, row, depth)
    centre = shapely.contains_xy(shape, (west + east) / 2, (south + north) / 2)
    yield depth, column[centre], row[centre]


def _edges(column: np.ndarray, row: np.ndarray, zoom: int) -> tuple[np.ndarray, ...]:
    """Give west, south, east and north of squares of the web Mercator map, in degrees."""
    count = 2**zoom
    west, east = column / count * 360 - 180, (column + 1) / count * 360 - 180
    north, south = (np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * edge / count)))) for edge in (row, row + 1))
    return west, south, east, north


def _quadkeys(zoom: int, column: np.ndarray, row: np.ndarray) -> pa.Array:
    """Write the quadkeys of squares: one digit per depth, of a bit of the column and one of the row."""
    bits = np.arange(zoom - 1, -1, -1)
    digits = (column[:, None] >> bits & 1) + 2 * (row[:, None] >> bits & 1)
    text = (digits + ord("0")).astype(np.uint8).tobytes()
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(zoom), len(column), [None, pa.py_buffer(text)]
    ).cast(pa.binary()).cast(pa.string())  # fmt: skip
