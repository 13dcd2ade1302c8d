"""The last step of a refresh: stage what passed, derive, publish, and write down how each source stands.

All changes of the history happen in one transaction; the release is built afterwards and the pointer moves last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import orjson
import pyarrow as pa

from flows import bookkeeping, pages, parcel, pending, quality, settled, steps
from flows.examine import Outcome
from flows.pending import Acceptance
from flows.plan import Contents, Plan
from flows.quality import Note as Record
from flows.report import Report, SourceReport
from flows.room import Room, room_for
from flows.rules import fingerprint
from flows.staging import Run, stage_run
from flows.third_gate import Refused
from warehouse import guards, models, releases, retention
from warehouse.compaction import compact_when_due
from warehouse.history import Changes
from warehouse.home import Home, vintage_text, write_atomically
from warehouse.journal import Journal, guard_against_loss
from warehouse.store import MemoryTooSmall, Store

VIEWS = ("observation", "observation_preferred", "revision", "derivation")
"""What a release defines upon its tables: what is current in the histories, what is preferred, and what changed."""
TABLES = (
    "observation_history",
    "preferred_source",
    "latest",
    "gender_gap",
    "group_aggregate",
    "inequality",
    "time_distance",
    "idi",
    "idi_part",
    "projection",
    "group_change",
    "divide",
    "affordability",
    "assessment",
    "yardstick",
    "paragraph_state",
    "evidence",
    "status_rule",
    "method",
    "derivation_history",
    "target_status",
    "indicator",
    "indicator_series",
    "target",
    "paragraph",
    "paragraph_indicator",
    "paragraph_target",
    "register",
    "core_list",
    "wsis_sdg",
    "published_figure",
    "area",
    "area_group",
    "source",
    "source_state",
    "classification",
    "stocktaking",
    "acceptance",
    "correction",
    "snapshot",
    "run",
    "quality_check",
    "agreement",
    "reject",
)
"""Tables of a release, in the order in which the documents name them."""


def settle(plan: Plan, folders: Sequence[Path], work: Path, accepted: Mapping[str, Acceptance] | None = None) -> Path:
    """Stage, derive and publish the outcomes that lie in the folders; give the path of the run's report.

    `accepted` names the sources whose held answer a person lets through.
    """
    pa.default_memory_pool().release_unused()  # what reading the sources left free is needed here
    home = Home(Path(plan.home))
    guard_against_loss(home)
    attempt = _Attempt(plan, home, folders, room_for(home, folders), accepted or {})
    while True:
        try:
            return attempt.settle().save(work / "report.json")
        except MemoryTooSmall as error:  # an unusual load: once more with all that the machine can give
            attempt.room.widen(error)
        except guards.Tripped as tripped:  # nothing of this try was written; the next one leaves these sources out
            attempt.held.update(tripped.findings)
        except Refused as refused:  # nothing was written either; the next one keeps the figures and publishes nothing
            attempt.refused = refused


@dataclass
class _Attempt:
    """One try to settle a run; the next one knows what this one learned."""

    plan: Plan
    home: Home
    folders: Sequence[Path]
    room: Room
    accepted: Mapping[str, Acceptance]
    held: dict[str, list[guards.Finding]] = field(default_factory=dict)
    refused: Refused | None = None
    """Why no release may be published."""
    written: dict[str, Changes] = field(default_factory=dict)
    """What an earlier try committed: the later one finds no changes left."""

    def settle(self) -> Report:
        outcomes = [parcel.load(folder) for folder in self.folders]
        with Store(self.home, self.room.memory) as store:
            report = _settle(self, store, outcomes)
        compact_when_due(self.home, self.room.memory)
        return report


def _settle(attempt: _Attempt, store: Store, loaded: Sequence[Outcome]) -> Report:
    home, written = attempt.home, attempt.written
    journal = Journal(home)
    journal.settle_with(store)
    standing = _standing(home)
    rules = fingerprint()
    outcomes = [_known(store, one, folder) for one, folder in zip(loaded, attempt.folders, strict=True)]
    figures = {outcome.source: outcome.observations for outcome in outcomes}
    run = Run(
        vintage=store.new_vintage(),
        rules=rules,
        stale=_stale(store, standing, rules),
        published=False if attempt.refused else None,
        accepted=attempt.accepted,
        held=attempt.held,
        journal=journal,
    )
    staged = stage_run(store, outcomes, run)
    for source, change in staged.changes.items():
        written[source] = written.get(source, Changes()) + change
    if staged.published:
        standing = publish(store, home, run.vintage, rules, staged.records, attempt.plan.contents())
    folders = {one.source: folder for one, folder in zip(outcomes, attempt.folders, strict=True)}
    staying = {one.source: one.staying for one in outcomes}
    settled.remember(home, folders, staged.changes, run.vintage, rules, staying=staying, accepted=attempt.accepted)
    retention.retire(home, attempt.plan.keep_releases)  # also where a crash stopped the former run in it
    pending.note(home, attempt.held, outcomes, attempt.accepted, vintage_text(run.vintage))
    write_atomically(home.state, orjson.dumps(bookkeeping.state(store), option=orjson.OPT_INDENT_2))
    return Report(
        events=staged.verdict.events,
        release_warnings=[
            one.sentence() for one in staged.verdict.results if not one.passed and one.check.severity == "warn"
        ],
        remarks=list(attempt.room.remarks),
        refused=dict(attempt.refused.lines()) if attempt.refused else {},
        sources=[_source_report(store, one, written[one.source], figures[one.source]) for one in outcomes],
        changed=staged.published,
        vintage=standing.vintage if standing else "",
        release=str(standing.folder) if standing else "",
    )


def _known(store: Store, outcome: Outcome, folder: Path) -> Outcome:
    """Give the outcome; one that was taken for settled and that the history does not confirm is read after all."""
    if settled.confirmed(store, outcome):
        return outcome
    return parcel.load(Path(steps.read_and_check(str(folder), str(store.home.root))))


def publish(
    store: Store, home: Home, vintage: datetime, rules: str, records: Sequence[Record], contents: Contents
) -> releases.Release:
    """Publish what the history and the models of the store's connection hold as the release of this vintage.

    `records` are the accounts of the engine of checks, kept beside the quality report.
    `contents` says what a release holds besides its database and its reports.
    """
    about = {"rules": rules, "sources": bookkeeping.sources_of(store)}
    views = {name: models.text(name) for name in VIEWS}
    report = partial(quality.write, store.con, records=records)
    drawn = pages.write if contents.site else pages.leave_out
    return releases.publish(
        store.con, home, vintage, TABLES, views, about, parquet=contents.parquet, beside=report, pages=drawn
    )


def _standing(home: Home) -> releases.Release | None:
    """Give the release that stands; one that is broken counts as none, so that this run publishes anew."""
    from schemas.errors import Invalid  # noqa: PLC0415

    try:
        return releases.latest(home)
    except Invalid:
        return None


def _stale(store: Store, standing: releases.Release | None, rules: str) -> bool:
    """Tell whether history or rules moved on since the release, as after a crash or an upgrade."""
    if standing is None or standing.manifest.get("rules") != rules:
        return True
    last = store.last_vintage()
    return last is not None and vintage_text(last) > standing.vintage


def _source_report(store: Store, outcome: Outcome, change: Changes, figures: int) -> SourceReport:
    failed = [result for result in outcome.results if not result.passed]
    return SourceReport(
        source=outcome.source,
        title=outcome.contract.title,
        state=outcome.state,
        edition=bookkeeping.edition_of(store, outcome),
        observations=figures,
        added=change.added,
        revised=change.revised,
        removed=change.removed,
        older=change.older,
        rejected=outcome.rejected,
        checks_passed=sum(result.passed for result in outcome.results),
        warnings=[*(result.sentence() for result in failed if result.check.severity == "warn"), *outcome.remarks],
        troubles=[
            {"name": name, "title": error.title, "what": error.what, "why": error.why, "next": error.next_step}
            for name, error in outcome.troubles
        ],
    )
