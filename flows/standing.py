"""Where a target stands, in words: one heading per target, one line per figure with source, edition and coverage."""

from collections.abc import Iterator
from typing import Any

from rich.markup import escape

from warehouse.query import Session

Row = dict[str, Any]

ORDER = "ORDER BY a.position, a.basis, a.source, a.edition"
_QUERY = f"""
SELECT a.*, i.unit, s.title AS source_title
FROM assessment a LEFT JOIN indicator i USING (indicator) LEFT JOIN source s ON s.id = a.source
WHERE a.mandate = ? AND (? IS NULL OR a.paragraph = ?)
{ORDER}"""

_STYLES = {
    "met": "green",
    "on track": "green",
    "missed": "red",
    "moving away": "red",
    "off track": "yellow",
    "no progress": "yellow",
    "cannot say": "dim",
}
_ASKED = {
    "at_least": "at least {value}",
    "more_than": "more than {value}",
    "at_most": "at most {value}",
    "within": "within ±{value}",
}


def rows(session: Session, mandate: str, paragraph: str | None = None) -> list[Row]:
    """Give the assessments of a mandate, or of one of its paragraphs, with the unit and the source's title."""
    return session.rows(_QUERY, [mandate, paragraph, paragraph])


def heading(row: Row) -> str:
    """Say what is asked for, by when."""
    asked = ""
    if row["comparison"]:
        asked = _ASKED[row["comparison"]].format(value=number(row, row["target_value"])) + " "
    said = ""
    if row["benchmark_value"] is not None:
        said = f"; the resolution says {number(row, row['benchmark_value'])} less likely ({row['benchmark_year']})"
    if row["certainty"] != "confirmed":
        said += "; unconfirmed"
    return f"[bold]§ {row['paragraph']:<3} {escape(row['question_en'])}[/]: {asked}by {row['deadline']}{said}"


def lines(row: Row) -> Iterator[str]:
    """Give the figure with year, source, edition and coverage, and under it what the standing rests on."""
    style = _STYLES[row["status"]]
    who = row["source_title"] or row["source"]
    edition = f", edition {row['edition']}" if row["edition"] else ""
    told = f" · {who}{edition}" if who else ""
    yield f"  [{style}]{row['status']:<11}[/] {escape(_figure(row))}{escape(told)}"
    if row["basis"] == "recomputed" or row["status"] in {"cannot say", "off track", "no progress", "moving away"}:
        yield f"              {escape('; '.join(part for part in (_covers(row), row['reason']) if part))}"


def _figure(row: Row) -> str:
    if row["value"] is None:
        if row["lower"] is None:
            return "no figure"
        return f"between {number(row, row['lower'])} and {number(row, row['upper'])} ({row['year']})"
    text = f"{number(row, row['value'])} ({row['year']})"
    if row["former_year"] is not None and row["former_year"] != row["year"]:
        text += f", {number(row, row['former_value'])} ({row['former_year']})"
    return text


def number(row: Row, value: float) -> str:
    """Show a value with the sign of its unit."""
    sign = " %" if str(row["unit"]).startswith("percent") else ""
    return f"{value:.1f}".removesuffix(".0") + sign


def _covers(row: Row) -> str:
    if row["coverage"] is None:
        return ""
    return f"covers {row['coverage']:.0%} of the population, {row['reporting']} of {row['members']} economies"
