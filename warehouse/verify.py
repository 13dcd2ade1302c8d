"""Verifying: every snapshot against its name, every file of a release against its manifest, pointer and history too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb
import orjson

from schemas.errors import IctdevError
from warehouse.home import Home
from warehouse.journal import Journal
from warehouse.releases import file_note, folders, manifest
from warehouse.snapshots import Snapshots


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not what it should be."""

    place: str
    what: str
    release: str = ""
    """Name of the release that it belongs to."""
    mendable: bool = True
    """True when `ictdev verify --repair` can make it anew from snapshots and journal."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and what was found wrong."""

    snapshots: int
    runs: int
    releases: int
    damage: list[Damage]


def home(place: Home) -> Verdict:
    """Check everything that a home holds. Call it under `warehouse.lock.exclusive`."""
    kept = Snapshots(place.snapshots)
    names = [folder.name for folder in folders(place)]
    damage = [
        *_snapshots(kept),
        *_journal(place, kept),
        *history(place),
        *(one for name in names for one in release(place, name)),
        *_pointer(place),
    ]
    return Verdict(len(kept.names()), len(Journal(place).vintages()), len(names), damage)


def _snapshots(kept: Snapshots) -> Iterator[Damage]:
    for sha256 in kept.names():
        try:
            kept.get(sha256)
        except IctdevError as error:
            yield Damage(f"snapshots/{sha256[:2]}/{sha256}.gz", error.why or error.what, mendable=False)


def _journal(place: Home, kept: Snapshots) -> Iterator[Damage]:
    """Check that every entry can be read and that the bytes it names are held."""
    held, journal = set(kept.names()), Journal(place)
    for vintage in journal.vintages():
        where = f"snapshots/journal/{journal.path(vintage).name}"
        try:
            entry = journal.entry(vintage)
        except IctdevError as error:
            yield Damage(where, error.why, mendable=False)
            continue
        named = {receipt["snapshot"] for one in entry.outcomes for receipt in one["receipts"]}
        for sha256 in sorted(named - held):
            yield Damage(where, f"names the snapshot {sha256[:12]}, which is not held", mendable=False)


def history(place: Home) -> list[Damage]:
    """Check that the history opens and that every row of it can be read."""
    if not place.history.exists():
        return [Damage(place.history.name, "is not there")] if Journal(place).vintages() else []
    try:
        with duckdb.connect(str(place.history), read_only=True) as con:
            con.execute("SELECT count(*), sum(hash(history)) FROM history").fetchall()
            con.execute("SELECT count(*), sum(hash(run)) FROM run").fetchall()
    except duckdb.Error as error:
        return [Damage(place.history.name, str(error).splitlines()[0])]
    return []


def runs(place: Home) -> set[datetime]:
    """Give the vintage of every run that a whole history knows."""
    with duckdb.connect(str(place.history), read_only=True) as con:
        return {row[0] for row in con.execute("SELECT DISTINCT started FROM run").fetchall()}


def release(place: Home, name: str) -> list[Damage]:
    """Check every file of a release against the manifest, and that there are no others."""
    folder, told = place.releases / name, manifest(place, name)
    if told is None:
        return [Damage(f"releases/{name}/manifest.json", "is not there or cannot be read", name)]
    damage = []
    for file, note in told.get("files", {}).items():
        path = folder / file
        if not path.is_file():
            damage.append(Damage(f"releases/{name}/{file}", "is not there", name))
        elif file_note(path) != note:
            damage.append(Damage(f"releases/{name}/{file}", "has another hash than the manifest says", name))
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    unknown = sorted(there - set(told.get("files", {})) - {"manifest.json"})
    return damage + [Damage(f"releases/{name}/{file}", "is not named by the manifest", name) for file in unknown]


def _pointer(place: Home) -> Iterator[Damage]:
    there = [folder.name for folder in folders(place)]
    if not place.pointer.exists():
        if there:
            yield Damage(place.pointer.name, "is not there, though releases are")
        return
    try:
        named = orjson.loads(place.pointer.read_bytes())["vintage"]
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        yield Damage(place.pointer.name, "cannot be read")
        return
    if named not in there:
        yield Damage(place.pointer.name, f"names the release {named}, which is not there", str(named))
