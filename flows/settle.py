"""The last step of a refresh: stage what passed, derive, publish, and write down how each source stands.

All changes of the history happen in one transaction; the release is built afterwards and the pointer moves last.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import orjson
import pyarrow as pa

from flows import bookkeeping, derive, parcel
from flows.examine import Outcome
from flows.judge import judge
from flows.plan import Plan
from flows.report import Report, SourceReport
from schemas.observation import empty
from schemas.source import Reading
from warehouse import models, releases
from warehouse.history import Changes, stage
from warehouse.home import Home, vintage_text, write_atomically
from warehouse.store import MemoryTooSmall, Store, memory_for

VIEWS = ("observation",)
"""What a release defines upon its tables: `observation` is the part of the history that is current."""
TABLES = (
    "observation_history",
    "observation_preferred",
    "latest",
    "gender_gap",
    "group_aggregate",
    "assessment",
    "derivation",
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
    "snapshot",
    "run",
    "quality_check",
    "reject",
)
"""Tables of a release, in the order in which the documents name them."""


def settle(plan: Plan, folders: Sequence[Path], work: Path) -> Path:
    """Stage, derive and publish the outcomes that lie in the folders; give the path of the run's report."""
    pa.default_memory_pool().release_unused()  # what reading the sources left free is needed here
    home = Home(Path(plan.home))
    size = sum(path.stat().st_size for folder in folders for path in folder.iterdir())
    written: dict[str, Changes] = {}
    try:
        report = _with_memory(plan, home, folders, written, memory_for(home, size))
    except MemoryTooSmall:  # an unusual load: let the database take what there is
        report = _with_memory(plan, home, folders, written, None)
    return report.save(work / "report.json")


def _with_memory(
    plan: Plan, home: Home, folders: Sequence[Path], written: dict[str, Changes], memory: int | None
) -> Report:
    """Settle within so many bytes. `written` takes in what was committed, for a second try finds no changes left."""
    outcomes = [parcel.load(folder) for folder in folders]
    with Store(home, memory) as store:
        return _settle(plan, home, store, outcomes, written)


def _settle(plan: Plan, home: Home, store: Store, outcomes: Sequence[Outcome], written: dict[str, Changes]) -> Report:
    vintage = store.new_vintage()
    standing = _standing(home)
    rules = fingerprint()
    figures = {outcome.source: outcome.observations for outcome in outcomes}
    with store.transaction():
        changes = {outcome.source: _stage(store, outcome, vintage) for outcome in outcomes}
        registered = [_register(store, reading) for outcome in outcomes for reading in outcome.readings]
        changed = any(registered) or any(change.any for change in changes.values())
        publish = (changed or _stale(store, standing, rules)) and _holds_figures(store)
        bookkeeping.write(store, outcomes, changes, vintage, published=publish)
        if publish:
            _derive(store, vintage)
    for source, change in changes.items():
        written[source] = written.get(source, Changes()) + change
    if publish:
        about = {"rules": rules, "sources": bookkeeping.sources_of(store)}
        views = {name: models.text(name) for name in VIEWS}
        standing = releases.publish(store.con, home, vintage, TABLES, views, about, parquet=plan.parquet)
    write_atomically(home.state, orjson.dumps(bookkeeping.state(store), option=orjson.OPT_INDENT_2))
    return Report(
        sources=[_source_report(store, one, written[one.source], figures[one.source]) for one in outcomes],
        changed=publish,
        vintage=standing.vintage if standing else "",
        release=str(standing.folder) if standing else "",
    )


def _standing(home: Home) -> releases.Release | None:
    """Give the release that stands; one that is broken counts as none, so that this run publishes anew."""
    from schemas.errors import Invalid  # noqa: PLC0415

    try:
        return releases.latest(home)
    except Invalid:
        return None


def _holds_figures(store: Store) -> bool:
    return bool(store.con.execute("SELECT count(*) > 0 FROM store.history").fetchall()[0][0])


def _stale(store: Store, standing: releases.Release | None, rules: str) -> bool:
    """Tell whether history or rules moved on since the release, as after a crash or an upgrade."""
    if standing is None or standing.manifest.get("rules") != rules:
        return True
    last = store.last_vintage()
    return last is not None and vintage_text(last) > standing.vintage


def _stage(store: Store, outcome: Outcome, vintage: datetime) -> Changes:
    """Stage each reading, and let go of its figures: the next source needs the room."""
    total = Changes()
    for at, reading in enumerate(outcome.readings):
        total += stage(store.con, reading, vintage, "source revised")
        outcome.readings[at] = replace(reading, observations=empty())
    return total


def _register(store: Store, reading: Reading) -> bool:
    """Keep what a reading holds beside figures; tell whether it was new. An edition is replaced by itself only."""
    new = [table for table, rows in reading.tables.items() if store.keep_edition(table, rows)]
    return bool(new)


def _derive(store: Store, vintage: datetime) -> None:
    """Work out gaps, aggregates and assessments from what is current, and stage them as observations of ours."""
    models.define(store.con, derive.reference())
    derived = derive.derive(store.con)
    stage(store.con, derived.reading, vintage, "inputs or method changed")
    assessment = judge(store.con, datetime.now(UTC).year)
    models.load(store.con, {**derived.tables, "assessment": assessment})


def fingerprint() -> str:
    """Hash of all that decides what a release says, besides the figures: catalogue, code lists, models, methods."""
    digest = hashlib.sha256()
    for package in ("indicators", "schemas", "warehouse"):
        for path in sorted(_rule_files(Path(str(files(package))))):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _rule_files(folder: Path) -> list[Path]:
    kinds = {".py", ".yml", ".sql", ".csv"}
    return [path for path in folder.rglob("*") if path.suffix in kinds and "bundled" not in path.parts]


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
        warnings=[*(result.sentence() for result in failed if result.check.severity == "warn"), *outcome.assumed],
        troubles=[
            {"name": name, "title": error.title, "what": error.what, "why": error.why, "next": error.next_step}
            for name, error in outcome.troubles
        ],
    )
