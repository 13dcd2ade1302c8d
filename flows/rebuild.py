"""Making history and releases anew from snapshots and journal alone, and mending what `ictdev verify` found damaged."""

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flows import pages, parcel
from flows.examine import Outcome, examine
from flows.pending import Acceptance
from flows.plan import Contents
from flows.rules import fingerprint
from flows.run import work_folder
from flows.settle import publish
from flows.staging import Run, stage_run
from schemas.errors import IctdevError, Unanswered
from schemas.mapping import Mapped
from warehouse import releases, verify
from warehouse.guards import Finding
from warehouse.home import Home, vintage_text
from warehouse.journal import Entry, Journal
from warehouse.lock import exclusive
from warehouse.memory import most_memory
from warehouse.snapshots import Receipt, Snapshots
from warehouse.store import Store

Progress = Callable[[str], None]


@dataclass
class Rebuilt:
    """What came of it: how many runs were replayed, which releases are the same and which differ, what was replaced."""

    runs: int = 0
    same: list[str] = field(default_factory=list)
    different: dict[str, list[str]] = field(default_factory=dict)
    """By release: the tables whose content is another than the manifest says."""
    other_rules: list[str] = field(default_factory=list)
    """Releases whose derived figures were worked out by other rules than today's."""
    mended: list[str] = field(default_factory=list)
    history_replaced: bool = False


def rebuild(home: Home, *, force: bool = False, progress: Progress = lambda _: None) -> Rebuilt:
    """Make the history and every release anew and put them in the place of what is missing, damaged or the same.

    Raises IctdevError, with everything left as it was, where the new history would differ from a whole one that stands;
    `force` puts it in its place all the same.
    """
    with exclusive(home), work_folder(home) as work:
        whole = home.history.exists() and verify.history(home) == []
        if whole:
            Journal(home).set_interrupted_aside(verify.runs(home))
        names = _published(home) or _last_published(home)
        made, new = replay(home, Home(work / "rebuilt"), names, progress)
        if made.different and whole and not force:
            raise _other(made)
        _replace_history(home, new)
        made.history_replaced = True
        _replace_releases(home, new, names, made)
    return made


def mend(home: Home, damage: Sequence[verify.Damage], progress: Progress = lambda _: None) -> Rebuilt:
    """Rebuild what is damaged: releases from snapshots, the pointer, the history if it cannot be read."""
    with exclusive(home), work_folder(home) as work:
        names = sorted({one.release for one in damage if one.release})
        broken_history = any(one.place == home.history.name for one in damage)
        made = Rebuilt()
        if names or broken_history:
            made, new = replay(home, Home(work / "rebuilt"), names, progress)
            if broken_history:
                _replace_history(home, new)
                made.history_replaced = True
            _replace_releases(home, new, names, made)
        releases.point_to_newest(home)
    return made


def replay(home: Home, new: Home, names: Sequence[str], progress: Progress) -> tuple[Rebuilt, Home]:
    """Do all that the journal tells once more, into a new home; publish the releases that are named."""
    journal = Journal(home)
    if not journal.vintages():
        raise Unanswered(
            "there is nothing to rebuild from: the journal is empty", next_step="ictdev refresh   begins anew"
        )
    made, rules = Rebuilt(), fingerprint()
    with Store(new, most_memory()) as store:
        for entry in journal.entries():
            progress(f"run {vintage_text(entry.vintage)}")
            staged = stage_run(store, [_outcome(home, one) for one in entry.outcomes], _run(entry))
            made.runs += 1
            name = vintage_text(entry.vintage)
            if name in names and entry.published:
                found = publish(store, new, entry.vintage, rules, staged.records, _contents(home, name))
                _compare(home, found, entry, rules, made)
    return made, new


def _run(entry: Entry) -> Run:
    accepted = {one["source"]: Acceptance(**one["accepted"]) for one in entry.outcomes if one["accepted"]}
    held = {one["source"]: [Finding(**told) for told in one["held"]] for one in entry.outcomes if one["held"]}
    return Run(entry.vintage, entry.rules, published=entry.published, accepted=accepted, held=held)


def _outcome(home: Home, note: dict[str, Any]) -> Outcome:
    """Read and check the arrivals once more, as of the day on which they were checked."""
    receipts = [Receipt.from_note(one) for one in note["receipts"]]
    missing = [(name, parcel.error(one)) for name, one in note["missing"]]
    day, mapped = date.fromisoformat(note["day"]), [Mapped(**one) for one in note.get("mapping", [])]
    past_checks = note.get("past_checks", False)
    return examine(note["source"], receipts, missing, Snapshots(home.snapshots), day, mapped, past_checks=past_checks)


def _compare(home: Home, made: releases.Release, entry: Entry, rules: str, told: Rebuilt) -> None:
    """Hold a rebuilt release against the manifest of the one that was published."""
    name = made.vintage
    former = releases.manifest(home, name)
    if former is None:
        return
    tables = former.get("tables", {})
    differing = sorted(
        table for table in made.manifest["tables"] if made.manifest["tables"][table] != tables.get(table)
    )
    if differing:
        told.different[name] = differing
    else:
        told.same.append(name)
    if former.get("rules") != rules or entry.rules != rules:
        told.other_rules.append(name)


def _published(home: Home) -> list[str]:
    return [path.name for path in releases.folders(home)]


def _last_published(home: Home) -> list[str]:
    journal = Journal(home)
    published = [vintage for vintage in journal.vintages() if journal.entry(vintage).published]
    return [vintage_text(vintage) for vintage in published[-1:]]


def _contents(home: Home, name: str) -> Contents:
    """What the former release held; of one whose manifest is lost the tables, without pages."""
    former = releases.manifest(home, name)
    files = ["parquet/"] if former is None else list(former.get("files", {}))
    held = {file.partition("/")[0] for file in files}
    return Contents(parquet="parquet" in held, site=pages.FOLDER in held)


def _replace_history(home: Home, new: Home) -> None:
    """Put the new history in place; the former one is kept beside it until the next rebuild.

    A write-ahead log follows its own database: after a crash between the two moves the next rebuild makes the second.
    """
    former = home.history.with_suffix(".duckdb.before")
    if home.history.exists():
        _log(former).unlink(missing_ok=True)
        home.history.replace(former)
    if _log(home.history).exists():
        _log(home.history).replace(_log(former))
    os.replace(new.history, home.history)  # noqa: PTH105 - the one call that is atomic


def _log(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def _replace_releases(home: Home, new: Home, names: Iterable[str], made: Rebuilt) -> None:
    """Put rebuilt releases in the place of those that are missing or damaged; whole ones are immutable and stay."""
    for name in names:
        if not verify.release(home, name) or not (new.releases / name).exists():
            continue
        standing, aside = home.releases / name, home.releases / f".damaged-{name}"
        shutil.rmtree(aside, ignore_errors=True)
        if standing.exists():
            standing.rename(aside)
        (new.releases / name).rename(standing)
        shutil.rmtree(aside, ignore_errors=True)
        made.mended.append(name)
    releases.point_to_newest(home)


def _other(made: Rebuilt) -> IctdevError:
    tables = "; ".join(f"{name}: {', '.join(tables)}" for name, tables in made.different.items())
    why = (
        "the rules are others than in the day of those releases" if made.other_rules else "the snapshots tell otherwise"
    )
    return IctdevError(
        f"what would be rebuilt differs from {len(made.different)} release(s) that stand, so nothing was replaced",
        why=f"{why}; {tables}",
        next_step="ictdev rebuild --force   replaces the history all the same; releases stay as they are",
    )
