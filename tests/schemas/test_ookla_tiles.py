"""What tiles were summed up to becomes figures; what is no such account is refused."""

import pytest

from schemas.errors import Changed, Empty
from schemas.source import Raw, Reading
from schemas.sources import ookla_tiles
from tests.schemas.samples import asked, tile_account


def _read(content: bytes, edition: str = "") -> Reading:
    return ookla_tiles.read(Raw(content, "a.json", edition=edition, received="2026-11-24"), asked("ookla_tiles"))


def test_speeds_become_megabits_and_shares_per_cent():
    rows = _read(tile_account()).observations.to_pylist()
    found = {row["series_code"]: (row["value"], row["unit"], row["breakdown"]) for row in rows}
    assert found["fixed:download:mean"] == (39.75, "megabits_per_second", "FIXED_TILE_MEAN")
    assert found["fixed:download:p90"] == (50.0, "megabits_per_second", "FIXED_TILE_P90")
    assert found["fixed:tests_below_10"] == (25.0, "percent_of_tests", "FIXED_TESTS")
    assert found["fixed:tests"] == (4.0, "tests", "FIXED_TESTS")
    assert len(found) == 9


def test_town_and_country_keep_their_place():
    rows: list[dict[str, object]] = [{}, {"urbanisation": "U", "tests": 1}]
    found = _read(tile_account(*rows)).observations.to_pylist()
    assert {(row["urbanisation"], row["value"]) for row in found if row["series_code"] == "fixed:tests"} == {
        ("_T", 4.0),
        ("U", 1.0),
    }


def test_the_edition_is_the_person_s_else_the_file_s_else_assumed():
    assert _read(tile_account(), "2025-02-01").edition == "2025-02-01"
    assert (_read(tile_account()).edition, _read(tile_account()).edition_assumed) == ("2025-01-20", False)
    assumed = _read(tile_account(edition=""))
    assert (assumed.edition, assumed.edition_assumed) == ("2026-11-24", True)


def test_what_was_lost_is_told_with_its_share():
    rows: list[dict[str, object]] = [
        {"tests": 60},
        {"ref_area": "!unplaced", "tests": 30},
        {"ref_area": "!latency", "tiles": 1, "tests": 10},
    ]
    told = _read(tile_account(*rows, repeated=7)).rejects.select(["reason", "detail"]).to_pylist()
    assert [(one["reason"], one["detail"]) for one in told] == [
        ("unplaced_tiles", "unplaced: 2 tiles, 30.00% of the tests"),
        ("impossible_tiles", "latency: 1 tiles, 10.00% of the tests"),
        ("repeated", "7 tiles stood twice alike"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b"[]",
        tile_account(kind="something"),
        tile_account(network="satellite"),
        tile_account(rows=[{"ref_area": "SEN"}]),
        tile_account({"tests": 4.5}),
        tile_account({"measure": "jitter"}),
        tile_account(repeated=None),
        b"PAR1",
    ],
)
def test_what_is_no_account_is_refused(content):
    with pytest.raises(Changed):
        _read(content)


def test_an_account_without_economies_is_empty():
    with pytest.raises(Empty):
        _read(tile_account({"ref_area": "!unplaced"}))


def test_figures_of_tiles_are_not_open():
    assert ookla_tiles.SOURCE.licence.open is False
