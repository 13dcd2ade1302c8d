"""What a refresh ends with: what came from each source, where the resolution's promises stand, and what to do next."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from flows import screen, state
from flows.report import NOTHING, Report, SourceReport
from flows.standing import ORDER, Row, heading, lines, rows
from flows.state import Asked
from schemas.errors import Unanswered
from warehouse.home import Home
from warehouse.query import Session, open_release

MANDATE = "E/RES/2017/21"
_RIGHT = (2, 3, 4, 5, 6)
_NAMED = 4
"""So many series are named where one trouble befell many."""


def show_refresh(home: Home, report: Report, what: str, *, quiet: bool, as_json: bool) -> None:
    """Print what a refresh did. Troubles go to stderr, also when the rest is silenced."""
    if as_json:
        screen.out.print(orjson.dumps({**asdict(report), "exit_status": report.exit_status}).decode(), markup=False)
        return
    if not quiet:
        _head(report, what)
        _sources(report)
    _troubles(report)
    _release_told(report, quiet=quiet)
    if quiet or not report.release:
        return
    if report.exit_status == NOTHING and not report.refused:
        screen.out.print(f"\nNothing could be taken in; release {report.vintage} stands.")
        return
    with open_release(home.root) as session:
        _promises(rows(session, MANDATE))
    _next(report)


def _head(report: Report, what: str) -> None:
    screen.out.print(f"\n[bold]ictdev refresh[/] · {what} · {report.seconds:.0f} s")
    if not report.changed and report.release:
        screen.out.print(f"Nothing changed: release {report.vintage} stands.")
    screen.out.print()


def _sources(report: Report) -> None:
    headings = ["source", "edition", "figures", "new", "revised", "removed", "rejected", "checks"]
    screen.grid(headings, [_cells(one) for one in report.sources], right=_RIGHT)


def _cells(one: SourceReport) -> list[str]:
    counts = (one.observations, one.added, one.revised, one.removed, one.rejected)
    checks = f"{one.checks_passed} passed" + (f", {len(one.warnings)} warned" if one.warnings else "")
    if one.state in {"held", "unavailable"}:
        checks = one.state
    return [one.source, one.edition, *(f"{count:,}" for count in counts), checks]


def _troubles(report: Report) -> None:
    for one in report.sources:
        for warning in one.warnings:
            screen.err.print(f"\nictdev: {one.source} warned", markup=False)
            screen.block([("what", warning)])
        fate = "nothing from it was published" if one.state in {"held", "unavailable"} else "the rest was published"
        for block, names in _alike(one.troubles).items():
            screen.err.print(f"\n[bold red]ictdev:[/] {one.source}, {block[0]}; {fate}")
            lines = zip(("what", "why", "next"), block[1:], strict=True)
            screen.block([(label, text) for label, text in lines if text] + _concerned(names))


def _release_told(report: Report, *, quiet: bool) -> None:
    """Tell why no release was published, which targets stand otherwise, and what the last gate warns of."""
    if report.refused:
        screen.err.print("\n[bold red]ictdev:[/] nothing was published, the last release stands", highlight=False)
        screen.block(list(report.refused.items()))
    if report.unshared:
        screen.err.print(
            "\n[bold red]ictdev:[/] the shared storage is behind the release that stands here", highlight=False
        )
        screen.block(list(report.unshared.items()))
    if quiet:
        return
    for remark in report.remarks:
        screen.out.print(f"note      {remark}", markup=False)
    for event in report.events:
        screen.out.print(f"target    {event}", markup=False)
    if report.release_warnings and report.release:
        page = Path(report.release) / "quality.html"
        count = len(report.release_warnings)
        screen.out.print(f"\n{count} check(s) of the release warn: {page}", markup=False)


def _alike(troubles: list[dict[str, Any]]) -> dict[tuple[str, ...], list[str]]:
    """Give each trouble once, with the series or files that it befell."""
    found: dict[tuple[str, ...], list[str]] = {}
    for trouble in troubles:
        block = tuple(str(trouble[part]) for part in ("title", "what", "why", "next"))
        found.setdefault(block, []).append(trouble["name"])
    return found


def _concerned(names: list[str]) -> list[tuple[str, str]]:
    if len(names) < 2:
        return []
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return [("for", ", ".join(names[:_NAMED]) + more)]


def _promises(found: list[Row]) -> None:
    screen.out.print(f"\n[bold]{MANDATE}: where its promises stand[/]")
    for line in _texts(found):
        screen.out.print(line)


def _texts(found: list[Row]) -> Iterator[str]:
    """Give one heading per target and one line per figure under it."""
    target = ""
    for row in found:
        if row["target"] != target:
            target = row["target"]
            yield ""
            yield heading(row)
        yield from lines(row)


def _next(report: Report) -> None:
    folder = Path(report.release)
    shown = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
    names = ("site/index.html", "parquet/", "manifest.json")
    held = "".join(f" · {name}" for name in names if (folder / name).exists())
    screen.out.print(f"\n[bold]Release[/]  {shown}/   ictdev.duckdb{held}")
    steps = (
        ("the targets again, or one paragraph", "ictdev assess --paragraph 31"),
        ("one number explained", "ictdev why internet_users LDC 2020"),
        ("your own question", 'ictdev sql "FROM gender_gap LIMIT 10"'),
        ("ask the publishers for newer figures", "ictdev refresh"),
    )
    for number, (meaning, command) in enumerate(steps):
        screen.next_step("Next" if number == 0 else "", command, meaning)


def show_assessment(home: Home, asked: Asked, form: screen.Format, out: Path | None) -> None:
    """Print how a mandate's paragraphs or a framework's targets stand, or write them. Raises Unanswered."""
    with open_release(home.root) as session:
        told = state.rows(session, asked)
        found = [] if told else _of_framework(session, asked)
        if not (told or found):
            raise _unknown(session, asked)
        if form != "table" or out is not None:
            screen.result(session.sql(_table_query(asked, paragraphs=bool(told))), form, out)
            return
        vintage = session.release.vintage
    screen.out.print(f"[bold]{asked.mandate}[/] · release {vintage}")
    for line in state.texts(told, whole=asked.narrowed) if told else _texts(found):
        screen.out.print(line)


def _of_framework(session: Session, asked: Asked) -> list[Row]:
    """Give the standings of a framework that has targets and no paragraphs of its own."""
    if asked.kind:
        return []
    return [
        row
        for row in rows(session, asked.mandate, asked.paragraph or None)
        if asked.status in ("", row["status"]) and asked.indicator in ("", row["indicator"])
    ]


def _table_query(asked: Asked, *, paragraphs: bool) -> str:
    if paragraphs:
        return f"FROM paragraph_state WHERE {asked.where()} ORDER BY position, told_by DESC, framework, target, basis"
    return f"SELECT * FROM assessment a WHERE {asked.where()} {ORDER}"


def _unknown(session: Session, asked: Asked) -> Unanswered:
    there = session.rows(
        "SELECT mandate, string_agg(DISTINCT paragraph, ', ' ORDER BY paragraph) AS paragraphs "
        "FROM assessment GROUP BY mandate ORDER BY mandate"
    )
    paragraphs = {str(row["mandate"]): str(row["paragraphs"]) for row in there}
    near = asked.mandate if asked.mandate in paragraphs else MANDATE
    others = ", ".join(name for name in paragraphs if name != near)
    known = f"{near} § {paragraphs.get(near, '')}; other frameworks: {others}"
    named = " ".join(text for text in (asked.kind, asked.status, asked.indicator) if text)
    what = asked.mandate + (f" § {asked.paragraph}" if asked.paragraph else "") + (f", {named}," if named else "")
    return Unanswered(f"no target of {what} is assessed", why=f"there are: {known}", next_step="ictdev assess")
