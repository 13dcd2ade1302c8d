"""A lookup made of boundaries that a person names: GeoJSON, in degrees (EPSG:4326), one code of an economy per feature.

A tile belongs to the economy that holds its centre. The map is quartered again and again: a square that lies wholly in
an economy becomes one prefix, one that lies across a boundary is quartered further. The library is the extra `geo`.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from schemas.errors import Changed, Empty, Invalid, Usage
from schemas.tabular import json_of
from warehouse.tiles.lookup import Lookup, checked, load

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DEPTH = 16
"""Digits of a tile's quadkey."""
Places: TypeAlias = "tuple[int, np.ndarray, np.ndarray]"
"""Depth, and the columns and rows of squares at this depth."""


def lookup_of(path: Path, code: str, folder: Path) -> Lookup:
    """Make the lookup of a boundary file, or take the one that was made of the same bytes before.

    `code` is the property that holds ISO 3166-1 alpha-3. Raises Usage, Changed, Empty, Invalid, Unmapped.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Usage(f"the boundary file {path.name} cannot be read", why=str(error)) from error
    digest = hashlib.sha256(content + code.encode()).hexdigest()
    kept = folder / f"lookup-{digest[:16]}.parquet"
    if not kept.exists():
        made = build(content, path.name, code)
        folder.mkdir(parents=True, exist_ok=True)
        beside = kept.with_suffix(".new")
        parquet.write_table(made, beside)
        beside.replace(kept)
    lookup = load(kept)
    return Lookup(lookup.table, path.name, digest)


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
    table = checked(pa.concat_tables(found), name, "").table.select(["prefix", "ref_area"])
    _refuse_overlap(table, name)
    return table.rename_columns(["quadkey", "ref_area"])


def _economies(content: bytes, name: str, code: str) -> "dict[str, list[BaseGeometry]]":
    """Give the shapes of each economy. Raises Changed for what is no GeoJSON, or has no codes."""
    told = json_of(content, name)
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or not features:
        raise Changed(f"{name} is no GeoJSON of features", why="a FeatureCollection in degrees is expected")
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


def _refuse_overlap(table: pa.Table, name: str) -> None:
    """Raise Invalid where a square of one economy lies in a larger one of another."""
    for shorter in _lengths(table["prefix"]):
        larger = table.filter(pc.equal(pc.utf8_length(table["prefix"]), shorter))
        smaller = table.filter(pc.greater(pc.utf8_length(table["prefix"]), shorter))
        at = pc.index_in(pc.utf8_slice_codeunits(smaller["prefix"], 0, shorter), value_set=larger["prefix"])
        inside = pc.is_valid(at)
        if pc.any(inside).as_py():
            pairs = pa.table({"a": larger["ref_area"].take(at.filter(inside)), "b": smaller["ref_area"].filter(inside)})
            other = pairs.filter(pc.not_equal(pairs["a"], pairs["b"]))
            if other.num_rows:
                first = other.slice(0, 1).to_pylist()[0]
                raise Invalid(
                    f"boundaries of {name} overlap: {first['a']} and {first['b']}",
                    why="a tile belongs to one economy",
                    next_step="give each place to one of them in the boundary file",
                )


def _lengths(prefixes: pa.ChunkedArray) -> Sequence[int]:
    return sorted(pc.unique(pc.utf8_length(prefixes)).to_pylist())
