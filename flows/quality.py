"""The quality report of a release: how complete, estimated, old and revised it is, what failed, and what is held."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson

from warehouse import models
from warehouse.home import vintage_text
from warehouse.models import Connection
from warehouse.query import fetch_rows

ENGINE_FOLDER = "quality_engine"
"""Folder of the engine's own records, which its users can load."""
Note = dict[str, Any]
_CHECKS = "SELECT * FROM quality_check ORDER BY passed, severity = 'info', severity <> 'fail', gate, source, check_id"
_HELD = "SELECT source, state, failing_since, reason, next_step FROM source_state WHERE state <> 'good' ORDER BY source"


def gather(con: Connection) -> Note:
    """Collect the report from the tables of the release that the connection has before it."""
    moment = fetch_rows(con, "SELECT max(vintage_from) AS vintage FROM observation_history")[0]["vintage"]
    checks = fetch_rows(con, _CHECKS)
    return {
        "release": vintage_text(moment) if moment else "",
        "indicators": models.inputs(con, "quality_by_indicator").to_pylist(),
        "gates": _counted(checks),
        "failed": [one for one in checks if not one["passed"]],
        "cannot_say": [one for one in checks if one["passed"] and one["examples"].startswith("cannot say")],
        "held": fetch_rows(con, _HELD),
        "corrections": fetch_rows(con, "FROM correction"),
        "agreement": fetch_rows(con, "FROM agreement"),
    }


def _counted(checks: Sequence[Note]) -> list[Note]:
    """Count, by gate and source, the checks that passed and those that did not."""
    found: dict[tuple[str, str], Note] = {}
    for one in checks:
        row = found.setdefault(
            (one["gate"], one["source"]),
            {"gate": one["gate"], "source": one["source"], "passed": 0, "fail": 0, "warn": 0, "info": 0},
        )
        row["passed" if one["passed"] else one["severity"]] += 1
    return [found[key] for key in sorted(found)]


def write(con: Connection, folder: Path, records: Sequence[Note]) -> None:
    """Write quality.html, quality.json and the engine's records into the folder of a release."""
    note = gather(con)
    (folder / "quality.json").write_bytes(orjson.dumps(note, option=orjson.OPT_INDENT_2, default=str))
    (folder / "quality.html").write_text(page(note), encoding="utf-8")
    place = folder / ENGINE_FOLDER
    place.mkdir()
    for number, record in enumerate(records):
        name = f"{record['gate']}-{record['source']}-{number:03}.json"
        (place / name).write_bytes(orjson.dumps(record["result"], option=orjson.OPT_INDENT_2, default=str))


def page(note: Note) -> str:
    """Give the report as a page that stands on its own; texts of publishers are escaped."""
    from jinja2 import Environment  # noqa: PLC0415 - loaded only where a page is written

    text = (files("flows") / "templates" / "quality.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["share"] = _share
    environment.filters["number"] = _number
    return environment.from_string(text).render(**note)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.0f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"


def as_markdown(note: Note) -> str:
    """Give the failing checks as a table for Prefect."""
    lines = [f"# Checks, release {note['release']}", "", "| gate | source | check | severity | rows | example |"]
    lines += ["| --- | --- | --- | --- | --- | --- |"]
    for one in note["failed"]:
        example = str(one["examples"]).replace("|", "/")[:200]
        cells = (one["gate"], one["source"], one["check_id"], one["severity"], f"{one['rows_failed']:,}", example)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
