"""One run's changes of the history: staged, guarded, derived and journalled in one transaction, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from flows import bookkeeping, corrected, parcel, third_gate
from flows.examine import Outcome
from flows.pending import Acceptance
from flows.third_gate import Verdict
from schemas.observation import empty
from schemas.source import Reading
from warehouse import causes, guards, models
from warehouse.guards import Finding
from warehouse.history import Changes, stage
from warehouse.journal import Entry, Journal
from warehouse.store import Store
from warehouse.versions import keep_versions


@dataclass(frozen=True)
class Run:
    """What is decided before the transaction begins."""

    vintage: datetime
    rules: str
    stale: bool = False
    """True when history or rules moved on since the release that stands."""
    published: bool | None = None
    """Whether the run publishes; None lets the changes decide."""
    accepted: Mapping[str, Acceptance] = field(default_factory=dict)
    """By source: who lets through what a guard held."""
    held: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    """By source: what guards said of answers, which are left out."""
    journal: Journal | None = None
    """Where the run is written down; None when it is taken from there."""


@dataclass(frozen=True)
class Staged:
    """What the transaction came to."""

    changes: dict[str, Changes]
    published: bool
    verdict: Verdict
    """What the gate before the release said; empty where nothing is published."""
    records: list[dict[str, Any]]
    """The accounts of the engine of checks, of every gate."""


def stage_run(store: Store, outcomes: Sequence[Outcome], run: Run) -> Staged:
    """Write a run into the history. Raises Tripped, with nothing written, where a guard holds an answer."""
    for outcome in outcomes:
        if outcome.source in run.held:
            _withhold(outcome, run.held[outcome.source])
    with store.transaction():
        changes = {outcome.source: _stage(store, outcome, run.vintage) for outcome in outcomes}
        _guard(store, outcomes, changes, run)
        for outcome in outcomes:
            corrected.note(store, outcome, run.vintage)
        registered = [_register(store, reading) for outcome in outcomes for reading in outcome.readings]
        changed = any(registered) or any(change.any for change in changes.values())
        publish = run.published if run.published is not None else (changed or run.stale) and _holds_figures(store)
        bookkeeping.write(store, outcomes, changes, run.vintage, published=publish)
        verdict = Verdict()
        if publish:
            _derive(store, run.vintage)
            verdict = third_gate.check(store.con)
            bookkeeping.write_results(store, verdict.results, run.vintage)
        _note_acceptance(store, run, verdict)
        if publish and run.journal:  # what the journal tells was judged in its day
            third_gate.enforce(verdict, [source for source, one in changes.items() if one.any], _accepted(store))
        if run.journal:
            run.journal.write(_entry(outcomes, run, published=publish))
    records = [record for outcome in outcomes for record in outcome.records]
    return Staged(changes, publish, verdict, [*records, *verdict.records])


def _withhold(outcome: Outcome, findings: Sequence[Finding]) -> None:
    outcome.aside += [reading.rejects for reading in outcome.readings]
    outcome.readings.clear()
    outcome.troubles.append((outcome.source, guards.held(outcome.source, list(findings))))


def _stage(store: Store, outcome: Outcome, vintage: datetime) -> Changes:
    """Stage each answer, and let go of its figures: the next source needs the room."""
    if outcome.settled:
        return Changes(unchanged=outcome.settled.figures)
    total, of = Changes(), set[str]()
    for at, reading in enumerate(outcome.readings):
        change = stage(store.con, reading, vintage, "source revised")
        if change.staying:
            of.update(pc.unique(reading.observations["ref_area"]).to_pylist())
        total += change
        outcome.readings[at] = replace(reading, observations=empty())
    if total.staying and outcome.named:
        outcome.staying = _staying(outcome.source, total.staying, len(of))
        outcome.remarks.append(outcome.staying)
    return total


def _staying(source: str, figures: int, areas: int) -> str:
    """Say in one line what a file leaves out, and what would remove it."""
    what = f"{figures:,} figure{'' if figures == 1 else 's'} of the same series"
    given = f"what was given, with {areas:,} area{'' if areas == 1 else 's'}"
    return f"{source}: {what} are not in {given}; they stay. --whole removes them, if it is all that the publisher has"


def _guard(store: Store, outcomes: Sequence[Outcome], changes: Mapping[str, Changes], run: Run) -> None:
    """Hold every source's changes against the guards. Of a file only removals hold it, of a bundle nothing does."""
    if run.journal is None:
        return  # what the journal tells was judged in its day
    tripped: dict[str, list[Finding]] = {}
    for outcome in outcomes:
        change = changes[outcome.source]
        if not (change.revised or change.removed or change.added) or outcome.source in run.accepted:
            continue
        found = guards.inspect(store.con, outcome.source, run.vintage)
        if outcome.fetched or (outcome.named and any(one.removes for one in found)):
            tripped |= {outcome.source: found} if found else {}
        outcome.remarks += [one.sentence for one in found]
    if tripped:
        raise guards.Tripped(tripped)


def _register(store: Store, reading: Reading) -> bool:
    """Keep what a reading holds beside figures; tell whether it was new. An edition is replaced by itself only."""
    new = [table for table, rows in reading.tables.items() if store.keep_edition(table, rows)]
    return bool(new)


def _holds_figures(store: Store) -> bool:
    return bool(store.con.execute("SELECT count(*) > 0 FROM store.history").fetchall()[0][0])


def _note_acceptance(store: Store, run: Run, verdict: Verdict) -> None:
    for source, one in run.accepted.items():
        rows = third_gate.exceptions(verdict, source)
        note = {"source": source, "vintage": run.vintage, **asdict(one), "exceptions": rows}
        store.append("acceptance", pa.Table.from_pylist([note], schema=_ACCEPTANCE))


_ACCEPTANCE = pa.schema(
    [
        ("source", pa.string()),
        ("vintage", pa.timestamp("us")),
        *((one.name, pa.string()) for one in fields(Acceptance)),
        ("exceptions", pa.list_(pa.string())),
    ]
)


def _accepted(store: Store) -> set[str]:
    """Give the rows that fail a check of the release and that persons let through."""
    rows = store.con.execute("SELECT DISTINCT unnest(exceptions) FROM store.acceptance").fetchall()
    return {row[0] for row in rows}


_STATUS = (
    "mandate",
    "paragraph",
    "target",
    "indicator",
    "ref_area",
    "breakdown",
    "basis",
    "source",
    "edition",
    "year",
    "value",
    "status",
    "reason",
)


def _derive(store: Store, vintage: datetime) -> None:
    """Work out gaps, aggregates and assessments from what is current, and stage them as observations of ours."""
    from flows import derive, judge, links  # noqa: PLC0415 - a run that publishes nothing needs none of them
    from flows.yardsticks import held_against  # noqa: PLC0415

    reference = derive.reference()
    models.define(store.con, reference)
    derived = derive.derive(store.con)
    stage(store.con, derived.reading, vintage, "source revised")
    models.renew(store.con)
    causes.note_methods(store.con, derived.reading.observations)
    groups = reference["area_group"].select(["group_code", "ref_area", "valid_from", "valid_to"])
    keep_versions(store.con, "membership", groups, vintage)
    causes.explain_derived(store.con, vintage)
    standings = judge.standings(store.con, vintage.year)
    assessment = judge.table(standings)
    keep_versions(store.con, "derivation_history", derived.derivation, vintage)
    keep_versions(store.con, "target_status", assessment.select(_STATUS), vintage)
    models.load(store.con, {**derived.tables, "assessment": assessment, "yardstick": held_against(standings)})
    links.tables(store.con)


def _entry(outcomes: Sequence[Outcome], run: Run, *, published: bool) -> Entry:
    """Give the journal's entry: all that is needed to do the same again from the snapshots."""
    notes = [
        {
            "source": outcome.source,
            "day": outcome.day,
            "mapping": [asdict(one) for one in outcome.mapping],
            "receipts": [receipt.as_note() for receipt in outcome.receipts],
            "missing": [(name, parcel.error_note(error)) for name, error in outcome.missing],
            "held": [asdict(one) for one in run.held.get(outcome.source, ())],
            "accepted": asdict(one) if (one := run.accepted.get(outcome.source)) else None,
            "past_checks": outcome.source in run.accepted,
        }
        for outcome in outcomes
    ]
    return Entry(run.vintage, published, run.rules, notes)
