"""A parcel: one source's outcome on disk, so that the tasks of a run hand on a path and never the figures."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
from pyarrow import feather

from flows.examine import Outcome, contract_of
from schemas import errors
from schemas.check import Check, Result
from schemas.errors import IctdevError
from schemas.source import Reading, Scope
from warehouse.snapshots import Receipt

_PLAIN = ("edition", "edition_assumed", "blanks", "skipped", "notices")


def save(outcome: Outcome, folder: Path) -> None:
    """Write an outcome into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, reading in enumerate(outcome.readings):
        feather.write_feather(reading.observations, str(folder / f"{number}.observations"), compression="lz4")
        feather.write_feather(reading.rejects, str(folder / f"{number}.rejects"), compression="lz4")
        for name, table in reading.tables.items():
            feather.write_feather(table, str(folder / f"{number}.table.{name}"), compression="lz4")
    note = {
        "source": outcome.source,
        "receipts": [receipt.as_note() for receipt in outcome.receipts],
        "readings": [_reading_note(reading) for reading in outcome.readings],
        "results": [asdict(result) for result in outcome.results],
        "troubles": [(name, error_note(error)) for name, error in outcome.troubles],
        "missing": [(name, error_note(error)) for name, error in outcome.missing],
        "remarks": outcome.remarks,
        "corrections": outcome.corrections,
        "records": outcome.records,
        "day": outcome.day,
    }
    (folder / "outcome.json").write_bytes(orjson.dumps(note, default=str))


def load(folder: Path) -> Outcome:
    """Read an outcome back."""
    note = orjson.loads((folder / "outcome.json").read_bytes())
    receipts = [Receipt.from_note(one) for one in note["receipts"]]
    return Outcome(
        source=note["source"],
        contract=contract_of(note["source"], receipts),
        receipts=receipts,
        readings=[_reading(folder, number, one) for number, one in enumerate(note["readings"])],
        results=[
            Result(**{**one, "check": Check(**one["check"]), "failing_keys": tuple(one["failing_keys"])})
            for one in note["results"]
        ],
        troubles=[(name, error(one)) for name, one in note["troubles"]],
        missing=[(name, error(one)) for name, one in note["missing"]],
        remarks=note["remarks"],
        corrections=note["corrections"],
        records=note["records"],
        day=note["day"],
    )


def _reading_note(reading: Reading) -> dict[str, Any]:
    return {**{name: getattr(reading, name) for name in _PLAIN}, "scopes": [asdict(scope) for scope in reading.scopes]}


def _reading(folder: Path, number: int, note: dict[str, Any]) -> Reading:
    scopes = tuple(
        Scope(
            one["source"],
            one["series_code"],
            None if one["areas"] is None else tuple(one["areas"]),
            None if one["years"] is None else (one["years"][0], one["years"][1]),
            one["basis"],
        )
        for one in note.pop("scopes")
    )
    return Reading(
        observations=_table(folder / f"{number}.observations"),
        rejects=_table(folder / f"{number}.rejects"),
        scopes=scopes,
        tables={path.suffix[1:]: _table(path) for path in folder.glob(f"{number}.table.*")},
        **{**note, "notices": tuple(note["notices"])},
    )


def _table(path: Path) -> pa.Table:
    return feather.read_table(str(path), memory_map=False)


def error_note(trouble: IctdevError) -> dict[str, str]:
    """Give an error as plain JSON."""
    return {
        "kind": type(trouble).__name__,
        "what": trouble.what,
        "why": trouble.why,
        "next_step": trouble.next_step,
        "source": trouble.source,
    }


def error(note: dict[str, str]) -> IctdevError:
    """Make an error of its JSON form."""
    kind = getattr(errors, note["kind"])
    made: IctdevError = kind(note["what"], why=note["why"], next_step=note["next_step"], source=note["source"])
    return made
