"""Taking one answer in as far as the gates, and the figures and rejects that come of it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from flows.examine import Outcome, examine
from schemas.mapping import Mapped
from schemas.source import Raw, Reading
from schemas.sources import readers
from tests.schemas.samples import asked
from warehouse.snapshots import Receipt, Snapshots

TODAY = date(2026, 11, 26)


def read(source: str, content: bytes, name: str = "answer.csv", edition: str = "2026-01-01") -> Reading:
    """Read bytes as a source's answer."""
    return readers()[source].read(Raw(content, name, "", edition, TODAY.isoformat()), asked(source))


def examined(
    folder: Path,
    source: str,
    content: bytes,
    name: str = "answer.csv",
    edition: str = "2026-01-01",
    mapping: Sequence[Mapped] = (),
) -> Outcome:
    """Read bytes and pass them through both gates, as a refresh does."""
    snapshots = Snapshots(folder / "snapshots")
    receipt = Receipt(
        snapshot=snapshots.put(content),
        source=source,
        route="file",
        name=name,
        url=f"file:{name}",
        received=f"{TODAY}T00:00:00+00:00",
        size=len(content),
        edition=edition,
    )
    return examine(source, [snapshots.file(receipt)], [], snapshots, TODAY, mapping)


def figures(reading: Reading, *names: str) -> list[tuple[Any, ...]]:
    """Give columns of the observations, sorted."""
    return sorted(tuple(row.values()) for row in reading.observations.select(list(names)).to_pylist())


def aside(reading: Reading, *names: str) -> list[tuple[Any, ...]]:
    """Give columns of the rejects, sorted."""
    return sorted(
        tuple(row.values()) for row in reading.rejects.select(list(names or ("reason", "detail"))).to_pylist()
    )


def good(outcome: Outcome) -> Reading:
    """Give the one reading of an outcome in which nothing was quarantined."""
    assert outcome.troubles == []
    (reading,) = outcome.readings
    return reading
