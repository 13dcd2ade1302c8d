"""What changed between two moments, put together: the figures, the targets that flipped, the groups and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from indicators.composition import decompose
from schemas.errors import Unanswered, Usage
from warehouse.asking import moment
from warehouse.home import parse_vintage, vintage_text
from warehouse.query import Session
from warehouse.revisions import Only, changes, flipped_targets, members

KINDS = ("added", "revised", "flag_only", "metadata_only", "removed")
GROUP_KEY = ("indicator", "group_code", "time_period", "sex", "age", "urbanisation", "breakdown")

Row = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """Two moments held against each other."""

    start: datetime
    end: datetime
    changes: pa.Table
    """One row per figure that differs: `warehouse.revisions.changes`."""
    targets: list[Row]
    """Targets whose status flipped."""
    groups: list[Row]
    """Group figures that were revised, with the part of data and that of coverage and membership."""

    def counts(self, *by: str) -> list[Row]:
        """Count the changes by columns, each kind on its own; rows in the order of the columns."""
        table = self.changes.select([*by, "kind"]).group_by([*by, "kind"]).aggregate([([], "count_all")])
        found: dict[tuple[Any, ...], Row] = {}
        for row in table.to_pylist():
            place = tuple(row[name] for name in by)
            start = {**dict(zip(by, place, strict=True)), **dict.fromkeys(KINDS, 0)}
            found.setdefault(place, start)[row["kind"]] = row["count_all"]
        return [found[place] for place in sorted(found)]


def compare(session: Session, start: str | None, end: str | None, only: Only) -> Difference:
    """Compare two moments that are given as vintages or dates; without them the newest release with the one before.

    Raises Usage for a text that is no moment, Unanswered where there is nothing to compare with.
    """
    until = moment(end) if end else parse_vintage(session.release.vintage)
    since = moment(start) if start else _before(session, until)
    if since >= until:
        raise Usage(f"--from {vintage_text(since)} is not before --to {vintage_text(until)}")
    found = changes(session, since, until, only)
    return Difference(
        since, until, found, flipped_targets(session, since, until).to_pylist(), _groups(session, since, until, found)
    )


def _before(session: Session, until: datetime) -> datetime:
    """Give the vintage of the release before."""
    (row,) = session.rows("SELECT max(vintage) AS before FROM run WHERE vintage < ?", [until])
    if row["before"] is None:
        raise Unanswered(
            "there is nothing to compare with: this is the first release",
            why=f"release {session.release.vintage}; every figure in it was added by it",
            next_step="ictdev diff --from 2000-01-01   lists them",
        )
    before: datetime = row["before"]
    return before


def _groups(session: Session, start: datetime, end: datetime, found: pa.Table) -> list[Row]:
    """Split the revision of each group figure of ours into data and composition, largest first."""
    ours = found.filter(pc.and_(pc.equal(found["source"], "ictdev"), pc.equal(found["kind"], "revised")))
    wanted = {_place(row, "ref_area"): row for row in ours.to_pylist()}
    if not wanted:
        return []
    before, after = members(session, start), members(session, end)
    split = decompose(before, after, GROUP_KEY).to_pylist()
    told = [{**row, "cause": wanted[place]["cause"]} for row in split if (place := _place(row, "group_code")) in wanted]
    return sorted(told, key=lambda row: -abs(row["after"] - row["before"]))


def _place(row: Mapping[str, Any], area: str) -> tuple[Any, ...]:
    return tuple(row[area if name == "group_code" else name] for name in GROUP_KEY)
