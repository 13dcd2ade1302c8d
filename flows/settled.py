"""Answers that the history already holds: where the same bytes meet the same rules, nothing is read or checked again.

After a run, what its reading and checks came to is kept per source, without the figures (`settled/<source>.json` in
the home). The next arrival of the same bytes by the same route takes that note for its outcome if nothing that decides
the outcome is another: the rules (catalogue, code lists, readers, checks), what the operator mapped, the packages
that read and check, and the year. The bytes are still held against their hash. The history has the last word: a note
counts only while the run it is of is the source's newest there, so after a crash, or with an older copy of the history,
everything is read again.

A note is kept only of an answer whose repetition changes nothing: good, and either one reading in which no figure was
older than what is held, or one that a whole run has already found to change nothing.
"""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from flows import mapping, parcel
from flows.examine import Outcome
from flows.rules import fingerprint
from schemas import correction
from schemas.errors import IctdevError
from warehouse.history import Changes
from warehouse.home import Home, parse_vintage, vintage_text, write_atomically
from warehouse.snapshots import Receipt, Snapshots
from warehouse.store import Store

_READ_BY = ("duckdb", "great-expectations", "pandas", "pyarrow", "xlrd", "openpyxl", "lxml")
"""Packages that decide what bytes are read as and what checks say."""
_ID = re.compile(r"[A-Za-z0-9_-]+")
_NO_MATTER = ("headers", "received")
"""Of a receipt: what does not decide how bytes are read. Of `received` the day does, see `_identity`."""


def recall(home: Home, arrived: Outcome, today: date, rules: str) -> Outcome | None:
    """Give the outcome of an arrival that the history already holds, without its figures, or None."""
    note = _note(home, arrived.source)
    mapped = [one for one in mapping.load(home) if one.source == arrived.source]
    arrived = replace(arrived, mapping=mapped)
    if note is None or arrived.troubles or note["settled"]["key"] != _key(arrived, today, rules):
        return None
    with suppress(IctdevError):  # damaged bytes are for the full way to tell
        for receipt in arrived.receipts:
            Snapshots(home.snapshots).get(receipt.snapshot)
        found = parcel.from_note(note, [])
        return replace(found, receipts=arrived.receipts, contract=arrived.contract, day=today.isoformat())
    return None


def confirmed(store: Store, outcome: Outcome) -> bool:
    """Tell whether the history knows the run that an outcome was taken from as the source's newest."""
    if outcome.settled is None:
        return True
    newest = store.con.execute("SELECT max(started) FROM store.run WHERE source = ?", [outcome.source]).fetchall()[0][0]
    return newest is not None and vintage_text(newest) == outcome.settled.vintage


def remember(
    home: Home,
    folders: Mapping[str, Path],
    staged: Mapping[str, Changes],
    vintage: datetime,
    rules: str,
    *,
    staying: Mapping[str, str],
    accepted: Collection[str],
) -> None:
    """Keep what the run came to by source, where its repetition would change nothing; forget it elsewhere.

    `folders` are the parcels of the run, as they were before the history was changed; `staying` is what was said since
    of figures that files leave out, by source; answers of `accepted` sources passed checks that they fail again.
    """
    home.settled.mkdir(exist_ok=True)
    for source, folder in folders.items():
        note = parcel.read_note(folder)
        found = parcel.from_note(note, [])
        if source not in accepted and _repeatable(source, note, staged[source]):
            settled = _settled(note, found, vintage, rules)
            said = [staying[source]] if staying.get(source) else []
            kept = {**note, "remarks": [*note["remarks"], *said], "settled": settled}
            write_atomically(_place(home, source), orjson.dumps(kept))
        elif _ID.fullmatch(source):
            _place(home, source).unlink(missing_ok=True)


def _repeatable(source: str, note: Mapping[str, Any], change: Changes) -> bool:
    if note["settled"]:
        return True
    if not _ID.fullmatch(source) or note["troubles"] or not note["readings"]:
        return False
    return repeatable(change, [one["figures"] for one in note["readings"]])


def repeatable(change: Changes, figures: Sequence[int]) -> bool:
    """Tell whether the same answer once more would write nothing, and count every figure as unchanged.

    `figures` counts those of each of the answer's readings: of several, one may speak of what another gave, so that
    only a run that changed nothing proves it.
    """
    new = change.added + change.revised + change.confirmed
    if change.older or new + change.unchanged != sum(figures):
        return False
    return len(figures) == 1 or not (new or change.removed)


def _settled(note: Mapping[str, Any], found: Outcome, vintage: datetime, rules: str) -> dict[str, Any]:
    """Give what a note says of the run: its vintage, what decided the outcome, and how much was read."""
    counted = note["settled"] or {
        "key": _key(found, date.fromisoformat(found.day), rules),
        "figures": sum(one["figures"] for one in note["readings"]),
        "rejects": sum(one["rejects"] for one in note["readings"]),
        "edition": max(one["edition"] for one in note["readings"]),
    }
    return {**counted, "vintage": vintage_text(vintage)}


def _key(outcome: Outcome, today: date, rules: str) -> str:
    """Give the hash of all that decides what an arrival is read as and what its checks say."""
    told = [_identity(receipt) for receipt in outcome.receipts]
    corrections = [one.model_dump(mode="json") for one in correction.declared(outcome.source)]
    mapped = [asdict(one) for one in outcome.mapping]
    decided = [rules, fingerprint("flows"), packages(), today.year, corrections, mapped, told]
    return hashlib.sha256(orjson.dumps(decided, option=orjson.OPT_SORT_KEYS)).hexdigest()


@cache
def packages() -> list[str]:
    """Give the versions of the packages that read and check."""
    return [version(name) for name in _READ_BY]


def _identity(receipt: Receipt) -> dict[str, Any]:
    """Give what of a receipt decides how its bytes are read; of the moment of arrival it is the day, an edition."""
    told = {name: value for name, value in receipt.as_note().items() if name not in _NO_MATTER}
    return {**told, "day": receipt.received[:10]}


def _note(home: Home, source: str) -> dict[str, Any] | None:
    """Give the note of a source; one that is absent, damaged or of another form counts as none."""
    if not _ID.fullmatch(source):
        return None
    with suppress(OSError, ValueError, TypeError, KeyError, LookupError):
        found: dict[str, Any] = orjson.loads(_place(home, source).read_bytes())
        parse_vintage(found["settled"]["vintage"])
        if found["source"] == source and found["settled"]["key"]:
            return found
    return None


def _place(home: Home, source: str) -> Path:
    return home.settled / f"{source}.json"
