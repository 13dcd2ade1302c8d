"""Showing the passport of a number: from the figure down to the raw record, and up to the paragraphs it serves."""

from collections.abc import Iterator
from typing import Any

import orjson
from rich.markup import escape

from flows import screen
from flows.invocation import as_typed
from schemas.observation import DIMENSIONS
from warehouse.home import Home
from warehouse.lineage import Passport, input_figures, why
from warehouse.query import Session, open_release

Line = tuple[str, str]


def show(
    home: Home, place: tuple[str, str, str], dimensions: dict[str, str], form: str = "text", *, inputs: bool = False
) -> None:
    """Print the passport of the figure of every source that holds it, or only its citation, or all of it as JSON.

    `inputs` prints every figure that went into a derived one.
    """
    with open_release(home.root) as session:
        passports = why(session, home, place[0], place[1], place[2], dimensions)
        if form == "json":
            _print_json(session, passports)
        elif form != "text":
            for passport in passports:
                screen.out.print(passport.cite(_CITED[form]), markup=False)
        else:
            _print(session, place, passports, inputs=inputs)


_CITED = {"cite": "plain", "bibtex": "bibtex", "csl": "csl"}


def _print_json(session: Session, passports: list[Passport]) -> None:
    notes = [
        {**one.as_note(), "input_figures": {row["role"]: input_figures(session, row) for row in one.inputs}}
        for one in passports
    ]
    screen.out.print(orjson.dumps(notes, option=orjson.OPT_INDENT_2, default=str).decode(), markup=False)


def _print(session: Session, place: tuple[str, str, str], passports: list[Passport], *, inputs: bool) -> None:
    area = session.rows("SELECT name_en FROM area WHERE ref_area = ?", [place[1]])
    name = area[0]["name_en"] if area else place[1]
    for passport in passports:
        figure = passport.figure
        marks = [figure[name] for name in DIMENSIONS if figure[name] != "_T"]
        head = f"{place[0]} · {name} ({place[1]}) · {place[2]}" + "".join(f" · {mark}" for mark in marks)
        value = f"{figure['value']:.10g} {figure['unit']}    status {figure['obs_status']}"
        screen.out.print(f"\n[bold]{escape(head)}[/]    {escape(value)}")
        screen.out.print()
        for label, text in _lines(session, passport, inputs=inputs):
            screen.out.print(f"  {label:<9} {text}", markup=False)


def _lines(session: Session, passport: Passport, *, inputs: bool) -> Iterator[Line]:
    figure, source = passport.figure, passport.source
    yield "source", f"{source.get('title', figure['source'])} · series {figure['series_code']}"
    yield "edition", str(figure["edition"])
    if figure["note"]:
        yield "note", str(figure["note"])
    yield from _made_from(session, passport, inputs=inputs)
    yield from _came_from(passport)
    yield from _put_right(passport)
    yield "held", f"{_held(passport.versions)} · release {passport.vintage}"
    for version in passport.versions[:-1]:
        yield "before", f"{version['value']:.10g} (edition {version['edition']}, {_because(version)})"
    yield "checks", _checks(passport.checks)
    yield from _serves(passport)
    if source:
        yield "licence", f"{source['licence_title']} · {source['licence_url']}"
        yield "cite", passport.cite()


def _serves(passport: Passport) -> Iterator[Line]:
    if passport.paragraphs:
        yield "serves", "E/RES/2017/21 § " + ", ".join(passport.paragraphs)
    for target in passport.targets:
        yield "target", f"{target['mandate']} § {target['paragraph']}: {target['question_en']}"


_SHOWN = 4
"""So many figures are shown of a role unless all are asked for."""


def _made_from(session: Session, passport: Passport, *, inputs: bool) -> Iterator[Line]:
    if passport.inputs:
        method, version = passport.inputs[0]["method"], passport.inputs[0]["version"]
        yield "formula", f"{passport.formula}    {method}, version {version}: docs/methods.md"
    for row in passport.inputs:
        figures = input_figures(session, row)
        sex = "" if row["input_sex"] in ("", "_T") else f" {row['input_sex']}"
        yield row["role"], f"{row['input_indicator']}{sex} {row['input_time_period']} of {len(figures)} areas"
        shown = figures if inputs else figures[:_SHOWN]
        yield from (("", _input(figure)) for figure in shown)
        if len(shown) < len(figures):
            yield "", f"… {len(figures) - len(shown)} more: --inputs shows all"


def _input(figure: dict[str, Any]) -> str:
    """Show one figure that went in, and how to have it explained in turn."""
    narrowed = "".join(f" --{name} {figure[name]}" for name in DIMENSIONS if figure[name] != "_T")
    command = f"ictdev why {figure['indicator']} {figure['ref_area']} {figure['time_period']}{narrowed}"
    raw = f"{figure['snapshot'][:12]}… {figure['record']}" if figure["snapshot"] else "worked out"
    return as_typed(f"{figure['ref_area']} {figure['value']:.10g} ({figure['source']}, {raw})    {command}")


def _came_from(passport: Passport) -> Iterator[Line]:
    figure, arrival = passport.figure, passport.arrival
    if not figure["snapshot"]:
        return
    yield "raw", f"snapshot {figure['snapshot'][:16]}…, record {figure['record']}"
    if passport.raw:
        yield "", passport.raw
    if arrival:
        yield "arrived", f"{arrival['received']} · {arrival['route']} · {arrival['url'] or arrival['name']}"


def _put_right(passport: Passport) -> Iterator[Line]:
    """Show what the publisher says and what took its place; a correction that expired is told too."""
    one = passport.correction
    if not one or one["state"] == "not spoken of":
        return
    if one["state"] == "expired":
        yield "expired", f"a correction ({one['action']}) expected {one['expected']:.10g} and is not applied"
        return
    yield "corrected", f"{one['action']}: the publisher says {one['raw_value']:.10g}, now {one['corrected_value']:.10g}"
    yield "", f"{one['reason']} · {one['citation']}"


def _held(versions: list[dict[str, Any]]) -> str:
    standing = [version for version in versions if version["vintage_to"] is None]
    since = standing[-1]["vintage_from"] if standing else versions[-1]["vintage_from"]
    count = len(versions)
    return f"since {since} UTC" + ("" if count == 1 else f", {count} versions")


def _because(version: dict[str, Any]) -> str:
    return str(version["cause_to"] or version["cause_from"])


def _checks(checks: list[dict[str, Any]]) -> str:
    if not checks:
        return "none recorded for this source"
    failed = [check["check_id"] for check in checks if not check["passed"]]
    passed = len(checks) - len(failed)
    return f"{passed} passed" + (f", not passed: {', '.join(failed)}" if failed else "")
