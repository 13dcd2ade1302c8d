import json

import pytest

from schemas.errors import Changed, Empty
from schemas.source import Raw
from schemas.sources import ookla_tiles
from tests.schemas.samples import SAMPLES, asked

SOUND = json.loads(SAMPLES["ookla_tiles condensed"][1])


def _read(**other):
    raw = Raw(json.dumps({**SOUND, **other}).encode(), "tiles.json", received="2026-11-24")
    return ookla_tiles.read(raw, asked("ookla_tiles"))


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ({"answer": "something"}, Changed),
        ({"network": "satellite"}, Changed),
        ({"period": 2024}, Changed),
        ({"figures": []}, Empty),
        ({"figures": [{"measure": "download"}]}, Changed),
        ({"figures": [{**SOUND["figures"][0], "tests": 0}]}, Changed),
        ({"aside": {"no_tests": "many"}}, Changed),
    ],
)
def test_an_answer_that_cannot_be(other, kind):
    with pytest.raises(kind):
        _read(**other)


def test_figures_are_observations_of_a_quarter_in_mbit_per_second():
    rows = _read().observations.to_pylist()
    assert {row["time_period"] for row in rows} == {"2024-Q4"}
    assert {row["year"] for row in rows} == {2024}
    found = {(row["indicator"], row["breakdown"]): (row["value"], row["unit"]) for row in rows}
    assert found == {
        ("broadband_download_speed", "TILES_FIXED_MEAN"): (21.6, "megabits_per_second"),
        ("broadband_download_speed", "TILES_FIXED_P10"): (1, "megabits_per_second"),
        ("broadband_download_speed", "TILES_FIXED_P50"): (10, "megabits_per_second"),
        ("broadband_download_speed", "TILES_FIXED_P90"): (80, "megabits_per_second"),
        ("broadband_tests", "TILES_FIXED_TESTS"): (10, "by_breakdown"),
        ("broadband_tests", "TILES_FIXED_DEVICES"): (4, "by_breakdown"),
        ("broadband_tests", "TILES_FIXED_TILES"): (2, "by_breakdown"),
        ("broadband_slow_tests", "TILES_FIXED"): (40, "percent"),
    }


def test_latency_stays_in_milliseconds():
    rows = _read(figures=[{**SOUND["figures"][0], "measure": "latency"}]).observations.to_pylist()
    assert {row["breakdown"]: row["value"] for row in rows}["TILES_FIXED_P10"] == 1000
    assert {row["unit"] for row in rows} == {"milliseconds"}


def test_tiles_that_did_not_count_are_rejects_with_their_number():
    (reject,) = _read().rejects.to_pylist()
    assert (reject["reason"], reject["detail"]) == ("tile_no_tests", "1 tiles with 0 tests of 3 tiles")


def test_an_economy_that_nobody_knows_is_a_reject():
    reading = _read(figures=[{**SOUND["figures"][0], "ref_area": "XQX"}])
    assert reading.observations.num_rows == 0
    assert {row["reason"] for row in reading.rejects.to_pylist()} == {"unmapped_area", "tile_no_tests"}


def test_the_terms_are_non_commercial():
    assert not ookla_tiles.SOURCE.licence.open
    assert "NC" in ookla_tiles.SOURCE.licence.id
