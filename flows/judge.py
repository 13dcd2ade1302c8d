"""Judging: holds the figures of each target's group against the target, and writes the table `assessment`."""

from typing import Any

import duckdb
import pyarrow as pa

from indicators import published, targets
from indicators.assess import Assessment, Point, assess
from indicators.targets import Target
from warehouse.query import fetch_rows

SCHEMA = pa.schema(
    [
        ("mandate", pa.string()),
        ("paragraph", pa.string()),
        ("target", pa.string()),
        ("question_en", pa.string()),
        ("question_zh", pa.string()),
        ("indicator", pa.string()),
        ("ref_area", pa.string()),
        ("breakdown", pa.string()),
        ("comparison", pa.string()),
        ("target_value", pa.float64()),
        ("deadline", pa.int32()),
        ("basis", pa.string()),
        ("year", pa.int32()),
        ("value", pa.float64()),
        ("status", pa.string()),
        ("reason", pa.string()),
        ("met_in", pa.int32()),
        ("pace_per_year", pa.float64()),
        ("needed_per_year", pa.float64()),
        ("source", pa.string()),
        ("edition", pa.string()),
        ("coverage", pa.float64()),
        ("reporting", pa.int64()),
        ("members", pa.int64()),
        ("method", pa.string()),
        ("version", pa.string()),
    ]
)
"""One row per target and basis: `published` (as the publisher gives the group's figure) and `recomputed` (ours)."""

_SERIES = """
SELECT year, value, source, edition FROM observation
WHERE indicator = ? AND ref_area = ? AND breakdown = ? AND sex = '_T' AND age = '_T' AND urbanisation = '_T'
  AND source <> 'ictdev' ORDER BY source, year"""
_OWN = """
SELECT year, value, coverage, reporting, members, reason FROM group_aggregate
WHERE indicator = ? AND group_code = ? AND breakdown = ? AND sex = '_T' AND age = '_T' AND urbanisation = '_T'
ORDER BY year"""
_OWN_GAP = """
SELECT year, relative_gap_pct AS value, coverage, reporting, members, reason FROM group_gap
WHERE indicator = (SELECT derived_from FROM indicator WHERE indicator = ?) AND group_code = ? AND ? = '_T' ORDER BY year"""

Row = dict[str, Any]


def judge(con: duckdb.DuckDBPyConnection, as_of_year: int) -> pa.Table:
    """Give the table `assessment` from the current figures, as seen in the year `as_of_year`."""
    rows = []
    for framework in targets.load():
        for target in framework.targets:
            for row in (*_published(con, target, as_of_year), _recomputed(con, target, as_of_year)):
                rows.append({"mandate": framework.mandate, **_target_part(target), **row})
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _target_part(target: Target) -> Row:
    return {
        "paragraph": target.paragraph,
        "target": target.id,
        "question_en": target.question.en,
        "question_zh": target.question.zh,
        "indicator": target.indicator,
        "ref_area": target.area,
        "breakdown": target.breakdown,
        "comparison": target.comparison,
        "target_value": target.value,
        "deadline": target.deadline,
    }


def _published(con: duckdb.DuckDBPyConnection, target: Target, as_of_year: int) -> list[Row]:
    """Judge by what publishers give for the group: ITU's published gaps, else each source's own aggregate."""
    quoted = published.gap_points(target.indicator, target.area)
    if quoted:
        return [_quoted(quoted, target, as_of_year)]
    series: dict[tuple[str, str], list[Point]] = {}
    for row in fetch_rows(con, _SERIES, [target.indicator, target.area, target.breakdown]):
        series.setdefault((row["source"], row["edition"]), []).append((row["year"], row["value"]))
    return [
        {"basis": "published", "source": source, "edition": edition, **_finding(assess(points, target, as_of_year))}
        for (source, edition), points in series.items()
    ]


def _quoted(quoted: list[tuple[str, str, int, float]], target: Target, as_of_year: int) -> Row:
    """Judge by the newest edition that tells a change; two editions are two statements and are never joined."""
    editions: dict[str, list[Point]] = {}
    for _, edition, year, value in quoted:
        editions.setdefault(edition, []).append((year, value))
    telling = [edition for edition, points in editions.items() if len(points) > 1]
    edition = telling[-1] if telling else list(editions)[-1]
    return {
        "basis": "published",
        "source": "ITU",
        "edition": edition,
        **_finding(assess(editions[edition], target, as_of_year)),
    }


def _recomputed(con: duckdb.DuckDBPyConnection, target: Target, as_of_year: int) -> Row:
    """Judge by our own aggregate over economies; where it was withheld, say the reason."""
    own = _OWN_GAP if target.indicator.endswith("_gap") else _OWN
    rows = fetch_rows(con, own, [target.indicator, target.area, target.breakdown])
    points = [(row["year"], row["value"]) for row in rows if row["value"] is not None]
    finding = _finding(assess(points, target, as_of_year))
    told = next((row for row in reversed(rows) if row["year"] == finding["year"]), rows[-1] if rows else None)
    if told is not None and not points:
        best = max(rows, key=lambda row: row["coverage"] or 0)
        finding = {**finding, "reason": f"{best['reason'].removeprefix('cannot say: ')} (best year: {best['year']})"}
        told = best
    rest = {name: told[name] for name in ("coverage", "reporting", "members")} if told else {}
    return {"basis": "recomputed", "source": "ictdev", "edition": "", **finding, **rest}


def _finding(found: Assessment) -> Row:
    return {
        "year": found.year,
        "value": found.value,
        "status": found.status,
        "reason": found.reason,
        "met_in": found.met_in,
        "pace_per_year": found.pace,
        "needed_per_year": found.needed,
        "method": "linear_pace",
        "version": "1",
    }
