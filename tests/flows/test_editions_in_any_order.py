"""Real editions of the SDG database, bundled and taken in one after the other: in any order they come to the same.

`make editions` takes all of them with all series; `make test` three editions and three series.
"""

import itertools
import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from flows import bundle_editions
from flows.accept import accept
from flows.rebuild import rebuild
from schemas import sdmx_csv
from schemas.observation import OBSERVATION
from schemas.source import Reading
from tests.conftest import refreshed
from tests.payloads import payload
from warehouse import asking, models, releases
from warehouse.history import stage
from warehouse.home import Home
from warehouse.query import open_release
from warehouse.store import Store

ALL = os.environ.get("ICTDEV_EDITIONS") == "all"
SERIES = () if ALL else ("IT_MOB_OWN", "SE_ACC_INTN", "SE_ACS_INTNT")
FEW = ("2019-03-31", "2020-05-17", "2023-04-02")
SAID = ", ".join(name for name in OBSERVATION.names if name not in {"snapshot", "record"})
"""What is said of a figure; which of several files it was first read from depends on which came first."""
DERIVED = (
    "gender_gap",
    "group_aggregate",
    "inequality",
    "group_change",
    "divide",
    "projection",
    "idi",
    "paragraph_state",
)


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One bundle of each edition."""
    copies = payload("unsd/editions")
    made = bundle_editions.make(copies, tmp_path_factory.mktemp("editions"), SERIES)
    return [folder for folder in made if ALL or folder.name in FEW]


def orders(found: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Give orders other than the chronological one: all of three editions, some of more."""
    others = list(itertools.permutations(found))[1:]
    return others if len(others) < 10 else [*others[:: len(others) // 7], tuple(reversed(found))]


@pytest.mark.payloads
def test_a_bundle_holds_every_column_of_a_copy(bundles: list[Path]) -> None:
    """Sex, age, residence and breakdown of the newest copy; what is not understood is named in the side file."""
    (file,) = sdmx_csv.bundle(bundles[-1])
    reading = sdmx_csv.read(file.raw, file.side)
    owners = [row for row in reading.observations.to_pylist() if row["indicator"] == "mobile_phone_owners"]
    left = [one for one in file.side.left_out if one.series_code == "IT_MOB_OWN"]
    assert len(owners) + len(left) == 1116
    assert {row["sex"] for row in owners} == {"_T", "F", "M"}
    assert set(file.side.editions.values()) == {"2023-04-02"}
    assert all(scope.basis == "whole" for scope in reading.scopes)


class Told:
    """What a home tells after editions came in one order: now, by the publisher's clock, and by ours."""

    def __init__(self, place: Path, readings: Sequence[Reading]) -> None:
        with Store(Home(place)) as store:
            held = dict(self._staged(store, readings))
            store.con.execute("CREATE TABLE memory.main.observation_history AS FROM store.history")
            store.con.execute("USE memory")
            store.con.execute(f"CREATE VIEW observation AS {models.text('observation')}")
            store.con.execute(releases.AS_OF)
            self.now = self._rows(store)
            for moment, rows in held.items():
                asking.set_clock(store.con, moment.isoformat(), None)
                assert self._rows(store, "* EXCLUDE (edition)") == rows, moment
            self.said = {one.edition: self._said(store, one.edition) for one in readings}

    def _staged(self, store: Store, readings: Sequence[Reading]) -> Iterator[tuple[datetime, set[tuple[Any, ...]]]]:
        columns = ", ".join(name for name in OBSERVATION.names if name != "edition")
        for number, reading in enumerate(readings):
            moment = datetime(2026, 1, 1) + timedelta(days=number)
            with store.transaction():
                stage(store.con, reading, moment, "source revised")
            query = f"SELECT {columns} FROM store.history WHERE vintage_to IS NULL"
            yield moment, set(store.con.execute(query).fetchall())

    def _rows(self, store: Store, columns: str = SAID) -> set[tuple[Any, ...]]:
        return set(store.con.execute(f"SELECT {columns} FROM observation").fetchall())

    def _said(self, store: Store, edition: str) -> set[tuple[Any, ...]]:
        asking.set_clock(store.con, None, edition)
        return self._rows(store)


@pytest.mark.payloads
def test_editions_tell_the_same_in_any_order(bundles: list[Path], tmp_path: Path) -> None:
    files = [file for folder in bundles for file in sdmx_csv.bundle(folder)]
    readings = [sdmx_csv.read(file.raw, file.side) for file in files]
    expected = Told(tmp_path / "in order", readings)
    assert len(expected.said) == len(bundles)
    for number, order in enumerate(orders(readings)):
        told = Told(tmp_path / str(number), order)
        names = [one.edition for one in order]
        assert told.now == expected.now, names
        for edition, rows in expected.said.items():
            assert told.said[edition] == rows, (names, edition)


def _taken_in(home: Home, folder: Path) -> None:
    """Take an edition in; a check of the release holds real ones for a few figures, which a person lets through."""
    if refreshed(home, bundle=folder).exit_status:
        assert accept(home, "unsd_sdg", why="as the publisher has it").exit_status == 0


@pytest.mark.payloads
def test_derived_tables_are_the_same_in_any_order(bundles: list[Path], tmp_path: Path) -> None:
    found = []
    for number, order in enumerate((bundles, [bundles[-1], *bundles[:-1]])):
        home = Home(tmp_path / str(number))
        for folder in order:
            _taken_in(home, folder)
        with open_release(home.root) as session:
            figures = session.rows(f"SELECT {SAID} FROM observation ORDER BY ALL")
            folder = session.release.folder
        tables = orjson.loads((folder / "manifest.json").read_bytes())["tables"]
        assert rebuild(home).different == {}
        found.append((figures, {name: tables[name] for name in DERIVED}))
    assert found[0] == found[1]
