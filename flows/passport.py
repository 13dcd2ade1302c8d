"""Showing the passport of a number: from the figure down to the raw record, and up to the paragraphs it serves."""

from collections.abc import Iterator
from typing import Any

from flows import screen
from warehouse.home import Home
from warehouse.lineage import Passport, why
from warehouse.query import open_release

Line = tuple[str, str]


def show(home: Home, place: tuple[str, str, str], dimensions: dict[str, str]) -> None:
    """Print the passport of the figure of every source that holds it."""
    with open_release(home.root) as session:
        area = session.rows("SELECT name_en FROM area WHERE ref_area = ?", [place[1]])
        passports = why(session, home, place[0], place[1], place[2], dimensions)
        vintage = session.release.vintage
    name = area[0]["name_en"] if area else place[1]
    for passport in passports:
        figure = passport.figure
        marks = [figure[name] for name in ("sex", "age", "urbanisation", "breakdown") if figure[name] != "_T"]
        head = f"{place[0]} · {name} ({place[1]}) · {place[2]}" + "".join(f" · {mark}" for mark in marks)
        screen.out.print(
            f"\n[bold]{head}[/]    {figure['value']:.10g} {figure['unit']}    status {figure['obs_status']}"
        )
        screen.out.print()
        for label, text in _lines(passport, vintage):
            screen.out.print(f"  {label:<9} {text}", markup=False)


def _lines(passport: Passport, vintage: str) -> Iterator[Line]:
    figure, source = passport.figure, passport.source
    yield "source", f"{source.get('title', figure['source'])} · series {figure['series_code']}"
    yield "edition", str(figure["edition"])
    if figure["note"]:
        yield "note", str(figure["note"])
    yield from _made_from(passport)
    yield from _came_from(passport)
    yield "held", f"{_held(passport.versions)} · release {vintage}"
    for version in passport.versions[:-1]:
        yield "before", f"{version['value']:.10g} (edition {version['edition']}, {_because(version)})"
    yield "checks", _checks(passport.checks)
    if passport.paragraphs:
        yield "serves", "E/RES/2017/21 § " + ", ".join(passport.paragraphs)
    if source:
        yield "licence", f"{source['licence_title']} · {source['licence_url']}"
        yield "cite", str(source["citation"]).format(edition=figure["edition"])


def _made_from(passport: Passport) -> Iterator[Line]:
    for row in passport.inputs:
        areas = row["input_areas"] or []
        whose = ", ".join(areas[:12]) + (f" … {len(areas)} economies" if len(areas) > 12 else "")
        sex = "" if row["input_sex"] in ("", "_T") else f" {row['input_sex']}"
        yield (
            row["role"],
            f"{row['input_indicator']}{sex} {row['input_time_period']} of {whose} ({row['input_source']})",
        )
    if passport.inputs:
        yield "method", f"{passport.inputs[0]['method']}, version {passport.inputs[0]['version']}: docs/methods.md"


def _came_from(passport: Passport) -> Iterator[Line]:
    figure, arrival = passport.figure, passport.arrival
    if not figure["snapshot"]:
        return
    yield "raw", f"snapshot {figure['snapshot'][:16]}…, record {figure['record']}"
    if passport.raw:
        yield "", passport.raw
    if arrival:
        yield "arrived", f"{arrival['received']} · {arrival['route']} · {arrival['url'] or arrival['name']}"


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
