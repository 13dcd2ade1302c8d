"""The forms of a difference: lines for the screen, JSON, a page, and the note that a run leaves in Prefect."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import orjson

from flows.diff import KINDS, Difference, Row
from warehouse.home import vintage_text

_DIMENSIONS = ("sex", "age", "urbanisation", "breakdown")


def heading(found: Difference) -> str:
    """Say what was compared."""
    return f"{vintage_text(found.start)} → {vintage_text(found.end)}"


def summary(found: Difference) -> list[str]:
    """Say in a few lines what changed."""
    causes = found.counts("cause")
    counts = [f"{sum(row[kind] for row in causes):,} {_SAID[kind]}" for kind in KINDS]
    return [", ".join(counts), *(f"{row['cause']}: {sum(row[kind] for kind in KINDS):,}" for row in causes)]


_SAID = {
    "added": "added",
    "revised": "revised",
    "flag_only": "with another status only",
    "metadata_only": "with another note only",
    "removed": "removed",
}


def largest(found: Difference, limit: int) -> list[Row]:
    """Give the changes to show, largest revisions first."""
    return found.changes.slice(0, limit).to_pylist()


def cells(row: Row) -> list[str]:
    """Give one change as texts: kind, figure, before, after, per cent, cause."""
    marks = [row[name] for name in _DIMENSIONS if row[name] != "_T"]
    figure = " · ".join(
        [row["indicator"], f"{row['name_en'] or ''} ({row['ref_area']})".strip(), row["time_period"], *marks]
    )
    return [
        row["kind"],
        row["source"],
        figure,
        _number(row["value_before"]),
        _number(row["value"]),
        _percent(row),
        row["cause"],
    ]


HEADINGS = ("kind", "source", "figure", "before", "after", "change", "cause")


def target_line(row: Row) -> str:
    """Say how a target flipped."""
    who = f"{row['basis']}, {row['source']}"
    before, after = (
        f"{row[f'status{at}'] or 'no figure'}{_year(row[f'value{at}'], row[f'year{at}'])}" for at in ("_before", "")
    )
    return f"§ {row['paragraph']} {row['target']} ({who}): {before} → {after}"


def group_line(row: Row) -> str:
    """Say how much of a group figure's change is data, and how much coverage and membership."""
    marks = [row[name] for name in _DIMENSIONS if row[name] != "_T"]
    figure = " ".join([row["indicator"], row["group_code"], row["time_period"], *marks])
    change = f"{_number(row['before'])} → {_number(row['after'])}"
    if row["by_data"] is None:
        return f"{figure}: {change}, no economy is in both"
    parts = f"{row['by_data']:+.3g} data, {row['by_composition']:+.3g} coverage and membership"
    return f"{figure}: {change}; {parts} ({row['entered']} came, {row['left']} left)"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _percent(row: Row) -> str:
    return "" if row["change_pct"] is None else f"{row['change_pct']:+.1f} %"


def _year(value: float | None, year: int | None) -> str:
    return "" if value is None else f" {value:.4g} ({year})"


def as_json(found: Difference) -> str:
    """Give everything as one JSON document."""
    content = {
        "from": vintage_text(found.start),
        "to": vintage_text(found.end),
        "by_source": found.counts("source"),
        "by_indicator": found.counts("indicator"),
        "by_cause": found.counts("cause"),
        "targets": found.targets,
        "groups": found.groups,
        "changes": found.changes.to_pylist(),
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2, default=str).decode() + "\n"


def as_html(found: Difference, limit: int) -> str:
    """Give a page that stands on its own; texts of publishers are escaped."""
    from jinja2 import Environment  # noqa: PLC0415 - loaded only where a page is written

    text = (files("flows") / "templates" / "diff.html.j2").read_text(encoding="utf-8")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)
    return template.render(
        heading=heading(found),
        summary=summary(found),
        kinds=KINDS,
        by_source=found.counts("source"),
        by_indicator=found.counts("indicator"),
        targets=[target_line(row) for row in found.targets],
        groups=[group_line(row) for row in found.groups[:limit]],
        headings=HEADINGS,
        rows=[cells(row) for row in largest(found, limit)],
        total=found.changes.num_rows,
    )


def as_markdown(found: Difference, limit: int = 25) -> str:
    """Give the note that a run leaves in Prefect."""
    return "\n".join(_markdown(found, limit))


def _markdown(found: Difference, limit: int) -> Iterator[str]:
    yield f"# Changes {heading(found)}"
    yield ""
    yield from (f"- {line}" for line in summary(found))
    if found.targets:
        yield from ("", "## Targets")
        yield from (f"- {_plain(target_line(row))}" for row in found.targets)
    if found.groups:
        yield from ("", "## Groups")
        yield from (f"- {_plain(group_line(row))}" for row in found.groups[:limit])
    yield from ("", f"## Largest changes, {min(limit, found.changes.num_rows)} of {found.changes.num_rows:,}", "")
    yield "| " + " | ".join(HEADINGS) + " |"
    yield "|" + " --- |" * len(HEADINGS)
    for row in largest(found, limit):
        yield "| " + " | ".join(_plain(cell) for cell in cells(row)) + " |"


def _plain(text: Any) -> str:
    """Keep a publisher's text from being read as Markdown's own marks."""
    escaped = str(text).replace("\\", "\\\\")
    for mark in "|<>[]*`":
        escaped = escaped.replace(mark, f"\\{mark}")
    return escaped.replace("\n", " ")
