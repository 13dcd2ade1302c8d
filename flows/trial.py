"""Trying a file: what a refresh would take in and set aside, without a home, without Prefect and without a release.

The file is read first and its reading shown; the engine of checks, which takes seconds to load, comes after that.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from flows import mapping, screen
from flows import plan as planning
from flows.arrive import arrive
from flows.definitions import require_sound_definitions
from flows.examine import Outcome, examine
from flows.plan import NamedFile, Plan, named_file
from flows.report import NOTHING, OK, PARTLY
from flows.settings import Settings
from schemas.errors import IctdevError, isolated
from schemas.source import Raw, Reading
from schemas.sources import readers
from warehouse.home import Home
from warehouse.snapshots import Snapshots

FIRST_ROWS = 5
EXAMPLES = 3
_SHOWN = ("indicator", "ref_area", "time_period", "sex", "breakdown", "value", "unit", "obs_status", "record")
_STATUS = {"good": OK, "partial": PARTLY, "held": NOTHING, "unavailable": NOTHING}


def try_files(texts: Sequence[str], settings: Settings, *, as_json: bool) -> int:
    """Read and check files given as `SOURCE=PATH[@EDITION]`; show what came of each. Gives the exit status."""
    require_sound_definitions()
    named = [named_file(text) for text in texts]
    if not as_json:
        for one in named:
            _show_reading(one)
    with tempfile.TemporaryDirectory(prefix="ictdev-try-") as folder:
        outcomes = [_outcome(source, named, settings, Home(Path(folder))) for source in _sources(named)]
    if as_json:
        screen.out.print(orjson.dumps([summary(one) for one in outcomes], default=str).decode(), markup=False)
    else:
        for outcome in outcomes:
            _show_checks(outcome)
    return max(_STATUS[outcome.state] for outcome in outcomes)


def _sources(named: Sequence[NamedFile]) -> list[str]:
    return list(dict.fromkeys(one.source for one in named))


def _outcome(source: str, named: Sequence[NamedFile], settings: Settings, home: Home) -> Outcome:
    plan = Plan(home=str(home.root), files=tuple(one for one in named if one.source == source))
    receipts, troubles = arrive(plan, source, settings)
    mapped = mapping.load(Home(settings.home))
    return examine(source, receipts, troubles, Snapshots(home.snapshots), datetime.now(UTC).date(), mapped)


def _show_reading(one: NamedFile) -> None:
    """Show what the reader makes of a file; a file that cannot be read is shown with the checks."""
    path = Path(one.path)
    today = datetime.now(UTC).date().isoformat()
    try:
        with isolated("reading", path.name):
            raw = Raw(path.read_bytes(), path.name, edition=one.edition, received=today)
            reading: Reading = readers()[one.source].read(raw, planning.wanted(one.source))
    except IctdevError:
        return
    assumed = " (assumed: the file names none)" if reading.edition_assumed else ""
    screen.out.print(f"[bold]{one.source}[/] · {path.name} · edition {reading.edition}{assumed}")
    screen.out.print(f"read       {reading.observations.num_rows:,} figures", markup=False)
    screen.out.print(f"no figure  {reading.blanks:,} blanks; {reading.skipped:,} records of other series or groups")
    for line in _aside(reading.rejects):
        screen.out.print(line, markup=False)
    _show_series(reading.observations)
    _show_rows(reading.observations)


def _aside(rejects: pa.Table) -> list[str]:
    """Say per reason how many records are set aside, with examples."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rejects.to_pylist():
        found.setdefault(row["reason"], []).append(row)
    return [
        f"set aside  {len(rows):,} {reason}: "
        + "; ".join(f"{row['record']} {row['detail']}" for row in rows[:EXAMPLES])
        for reason, rows in sorted(found.items(), key=lambda pair: -len(pair[1]))
    ]


def _show_series(figures: pa.Table) -> None:
    """Show each series with its years and how many areas it names."""
    if not figures.num_rows:
        return
    grouped = figures.group_by(["series_code", "indicator", "unit"]).aggregate(
        [("value", "count"), ("ref_area", "count_distinct"), ("year", "min"), ("year", "max")]
    )
    rows = sorted(grouped.to_pylist(), key=lambda row: (row["indicator"], row["series_code"]))
    counts = ("value_count", "ref_area_count_distinct", "year_min", "year_max")
    cells = [
        [row["series_code"], row["indicator"], row["unit"], *(f"{row[name]:,}" for name in counts[:2])]
        + [str(row[name]) for name in counts[2:]]
        for row in rows
    ]
    screen.out.print()
    screen.grid(["series", "indicator", "unit", "figures", "areas", "from", "to"], cells, right=(3, 4, 5, 6))


def _show_rows(figures: pa.Table) -> None:
    if not figures.num_rows:
        return
    rows = figures.select(list(_SHOWN)).slice(0, FIRST_ROWS).to_pylist()
    screen.out.print("\n[bold]first rows[/]")
    screen.grid(list(_SHOWN), [[_cell(value) for value in row.values()] for row in rows], right=(5,))


def _cell(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _show_checks(outcome: Outcome) -> None:
    """Show what the checks say, and whether a refresh would take the figures in."""
    failed = [result for result in outcome.results if not result.passed]
    passed = len(outcome.results) - len(failed)
    screen.out.print(f"\n[bold]checks[/]     {outcome.source}: {passed} passed, {len(failed)} not")
    for result in failed:
        screen.out.print(f"  {result.check.severity}  {result.sentence()}", markup=False)
        screen.out.print(f"        → {result.check.next_step}", markup=False)
    for remark in outcome.remarks:
        screen.out.print(f"  note  {remark}", markup=False)
    for name, error in outcome.troubles:
        screen.err.print(f"\n[bold red]ictdev:[/] {outcome.source}, {name}: {error.title}", highlight=False)
        screen.block(error.lines())
    screen.out.print(f"\n{_verdict(outcome)}", markup=False)


def _verdict(outcome: Outcome) -> str:
    if outcome.state == "good":
        return f"A refresh would take in {outcome.observations:,} figures and set aside {outcome.rejected:,} records."
    if outcome.state == "partial":
        return f"A refresh would take in {outcome.observations:,} figures; the files named above would be quarantined."
    return "A refresh would take in nothing of this."


def summary(outcome: Outcome) -> dict[str, Any]:
    """Give the same as plain data: state, counts, rejects, checks, troubles and the first rows."""
    return {
        "source": outcome.source,
        "state": outcome.state,
        "figures": outcome.observations,
        "editions": [reading.edition for reading in outcome.readings],
        "rejects": [row for reading in outcome.readings for row in reading.rejects.to_pylist()],
        "checks": [asdict(result) for result in outcome.results],
        "remarks": outcome.remarks,
        "troubles": [{"name": name, **dict(error.lines())} for name, error in outcome.troubles],
        "first_rows": [
            row for reading in outcome.readings for row in reading.observations.slice(0, FIRST_ROWS).to_pylist()
        ],
    }
