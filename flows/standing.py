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
    chance = _chance(row)
    if chance:
        yield f"              {escape(chance)}"


def _chance(row: Row) -> str:
    """Say how likely the target is met by its deadline, what is expected then, and when it would be met."""
    parts = []
    if row["probability"] is not None:
        interval = f"({number(row, row['expected_lower'])} to {number(row, row['expected_upper'])})"
        expected = f"expected are {number(row, row['expected'])} {interval}"
        parts.append(f"chance {_percent(row['probability'])} by {row['deadline']}, {expected}")
    if row["year_met"] is not None:
        latest = f"to {row['year_met_latest']}" if row["year_met_latest"] else "or much later"
        parts.append(f"as likely as not in {row['year_met']} ({row['year_met_earliest']} {latest})")
    elif row["year_met_earliest"] is not None:
        parts.append(f"one chance in ten by {row['year_met_earliest']}")
    return "; ".join(parts)


def _percent(share: float) -> str:
    """Write a probability in whole per cents; what is not certain is never written as 0 or 100."""
    if 0 < share < 0.005:
        return "below 1 %"
    return "above 99 %" if 0.995 < share < 1 else f"{share * 100:.0f} %"


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
