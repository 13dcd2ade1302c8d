"""A lookup made of boundaries: each tile belongs to the economy that holds its centre."""

import importlib.util
import json

import numpy as np
import pytest

from schemas.errors import Changed, Empty, Invalid, Unmapped, Usage
from warehouse.tiles import lookup as lookups
from warehouse.tiles.boundaries import _edges, build, lookup_of

_SHAPELY = importlib.util.find_spec("shapely") is not None
needs_shapely = pytest.mark.skipif(not _SHAPELY, reason="needs shapely (the extra `geo`)")


def _square(west: float, south: float, east: float, north: float) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _geojson(*features: tuple[str | None, object]) -> bytes:
    made = [
        {"type": "Feature", "properties": {"ISO_A3": area} if area else {"name": "x"}, "geometry": geometry}
        for area, geometry in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": made}).encode()


@needs_shapely
def test_every_tile_belongs_where_its_centre_lies():
    """Held against each of the 256 × 256 tiles of depth 8 by itself."""
    squares = {"SEN": (-17.3, 11.7, 3.1, 41.9), "GHA": (3.1, 11.7, 40.2, 60.05)}
    content = _geojson(*[(area, _square(*square)) for area, square in squares.items()])
    told = build(content, "b.geojson", "ISO_A3", depth=8).to_pylist()
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(256), np.arange(256)))
    west, south, east, north = _edges(column, row, 8)
    for area, (left, low, right, high) in squares.items():
        x, y = (west + east) / 2, (south + north) / 2
        expected = int(((x > left) & (x < right) & (y > low) & (y < high)).sum())
        assert sum(4 ** (8 - len(one["quadkey"])) for one in told if one["ref_area"] == area) == expected
    assert len(told) < 2_500, "whole squares must be one prefix"


@needs_shapely
def test_the_known_quadkey_of_a_place():
    """Tile 3, 5 of depth 3 has the quadkey 213: the example of the tile system's own description."""
    west, south, east, north = (float(edge[0]) for edge in _edges(np.array([3]), np.array([5]), 3))
    content = _geojson(("SEN", _square(west, south, east, north)))
    assert build(content, "b.geojson", "ISO_A3", depth=3).to_pylist() == [{"quadkey": "213", "ref_area": "SEN"}]


@needs_shapely
def test_a_lookup_is_made_once_per_file(tmp_path):
    path = tmp_path / "b.geojson"
    path.write_bytes(_geojson(("SEN", _square(0, 0, 0.4, 0.4))))
    kept = lookup_of(path, "ISO_A3", tmp_path / "kept")
    written = kept.stat().st_mtime_ns
    assert set(lookups.read(kept)["ref_area"].to_pylist()) == {"SEN"}
    assert lookup_of(path, "ISO_A3", tmp_path / "kept") == kept
    assert kept.stat().st_mtime_ns == written
    assert list((tmp_path / "kept").iterdir()) == [kept]


@needs_shapely
def test_boundaries_that_overlap_leave_no_lookup(tmp_path):
    path = tmp_path / "b.geojson"
    path.write_bytes(_geojson(("SEN", _square(0, 0, 0.2, 0.2)), ("GHA", _square(0.1, 0.1, 0.3, 0.3))))
    with pytest.raises(Invalid, match="gives one tile twice"):
        lookup_of(path, "ISO_A3", tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []


@needs_shapely
@pytest.mark.parametrize(
    ("features", "kind", "words"),
    [
        ([("ZZZ", _square(0, 0, 9, 9))], Unmapped, "feature 0 of b.geojson has “ZZZ”"),
        ([("SEN", {"type": "Point", "coordinates": [0, 0]})], Invalid, "no sound area"),
        ([("SEN", None)], Changed, "no geometry"),
        ([("SEN", {"type": "Polygon", "coordinates": [[[0, 0], [9, 9], [9, 0], [0, 9], [0, 0]]]})], Invalid, "sound"),
        ([("SEN", _square(200, 0, 210, 9))], Empty, "no tile"),
    ],
)
def test_boundaries_that_cannot_serve_are_told(features, kind, words):
    with pytest.raises(kind, match=words):
        build(_geojson(*features), "b.geojson", "ISO_A3", depth=7)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>", "HTML page"),
        (b'{"type": "Topology"}', "no GeoJSON"),
        (_geojson(), "no GeoJSON"),
        (_geojson((None, _square(0, 0, 9, 9))), "feature 0 of b.geojson has no ISO_A3; it has name"),
    ],
)
def test_a_file_without_boundaries_or_codes_is_told(content, words):
    with pytest.raises(Changed, match=words):
        build(content, "b.geojson", "ISO_A3")


@pytest.mark.skipif(_SHAPELY, reason="shapely is installed")
def test_without_shapely_the_extra_is_named():
    with pytest.raises(Usage) as caught:
        build(_geojson(("SEN", _square(0, 0, 9, 9))), "b.geojson", "ISO_A3")
    assert "ictdev[geo]" in caught.value.next_step
