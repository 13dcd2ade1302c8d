"""Judging: holds the figures of each target's group against the target, and writes the table `assessment`."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from flows import outlook
from flows.outlook import Asked
from indicators import aggregate, gap, published, targets
from indicators import assess as rules
from indicators.assess import Assessment, Point, assess
from indicators.published import Quoted
from indicators.targets import Framework, Target
from warehouse.models import Connection
from warehouse.query import fetch_rows

_TEXT, _YEAR, _NUMBER = pa.string(), pa.int32(), pa.float64()
SCHEMA = pa.schema(
    [
        ("mandate", _TEXT),
        ("paragraph", _TEXT),
        ("position", pa.int32()),
        ("target", _TEXT),
        ("question_en", _TEXT),
        ("question_zh", _TEXT),
        ("indicator", _TEXT),
        ("ref_area", _TEXT),
        ("breakdown", _TEXT),
        ("comparison", _TEXT),
        ("target_value", _NUMBER),
        ("deadline", _YEAR),
        ("benchmark_year", _YEAR),
        ("benchmark_value", _NUMBER),
        ("certainty", _TEXT),
        ("basis", _TEXT),
        ("year", _YEAR),
        ("value", _NUMBER),
        ("lower", _NUMBER),
        ("upper", _NUMBER),
        ("former_year", _YEAR),
        ("former_value", _NUMBER),
        ("status", _TEXT),
        ("reason", _TEXT),
        ("met_in", _YEAR),
        ("pace_per_year", _NUMBER),
        ("needed_per_year", _NUMBER),
        ("source", _TEXT),
        ("edition", _TEXT),
        ("coverage", _NUMBER),
        ("reporting", pa.int64()),
        ("members", pa.int64()),
        ("method", _TEXT),
        ("version", _TEXT),
        *outlook.FIELDS,
    ]
)
"""One row per target and basis: `published` (as a publisher gives the group's figure), `recomputed` (ours), or `none`
where no series tells of the target."""

_SERIES = """
SELECT year, value, source, edition, obs_status FROM observation
WHERE indicator = ? AND ref_area = ? AND breakdown = ? AND sex = '_T' AND age = '_T' AND urbanisation = '_T'
  AND source <> 'ictdev' ORDER BY source, year"""
_OWN = """
SELECT year, value, coverage, reporting, members, reason, estimated_share FROM group_aggregate
WHERE indicator = ? AND group_code = ? AND breakdown = ? AND sex = '_T' AND age = '_T' AND urbanisation = '_T'
ORDER BY year"""
_OWN_GAP = """
SELECT year, relative_gap_pct AS value, coverage, reporting, members, reason, female, male FROM group_gap
WHERE indicator = (SELECT derived_from FROM indicator WHERE indicator = ?) AND group_code = ? AND ? = '_T'
ORDER BY year"""

Row = dict[str, Any]


def table(rows: Sequence[Row]) -> pa.Table:
    """Give the table `assessment` of standings."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMA)


def standings(con: Connection, as_of_year: int) -> list[Row]:
    """Give one row per target and basis; beside what the table holds, `points` are the figures that were judged."""
    return [
        {**_target_part(framework, target), "position": position, **row}
        for framework in targets.load()
        for position, target in enumerate(framework.targets, start=1)
        for row in _standings(con, target, as_of_year)
    ]


def _standings(con: Connection, target: Target, as_of_year: int) -> list[Row]:
    if target.series == "none":
        told = {**_finding(Assessment("cannot say", target.why)), **outlook.none(target.why)}
        return [{"basis": "none", "source": "", "edition": "", **told}]
    return [*_published(con, target, as_of_year), _recomputed(con, target, as_of_year)]


def _target_part(framework: Framework, target: Target) -> Row:
    benchmark = target.benchmark
    return {
        "mandate": framework.mandate,
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
        "benchmark_year": benchmark.year if benchmark else None,
        "benchmark_value": benchmark.value if benchmark else None,
        "certainty": target.certainty,
    }


def _published(con: Connection, target: Target, as_of_year: int) -> list[Row]:
    """Judge by what publishers give for the group: ITU's published gaps, else each source's own aggregate."""
    quoted = published.gaps(target.indicator, target.area)
    if quoted:
        return _quoted(quoted, target, as_of_year)
    series: dict[tuple[str, str], list[Row]] = {}
    for row in fetch_rows(con, _SERIES, [target.indicator, target.area, target.breakdown]):
        series.setdefault((row["source"], row["edition"]), []).append(row)
    return [
        {"basis": "published", "source": source, "edition": edition, **_of_series(rows, target, as_of_year)}
        for (source, edition), rows in series.items()
    ]


def _of_series(rows: Sequence[Row], target: Target, as_of_year: int) -> Row:
    points = [(row["year"], row["value"]) for row in rows]
    guessed = all(row.get("obs_status") == "E" for row in rows)
    finding = _judged(points, target, as_of_year)
    ahead = outlook.by_line(rows, Asked(target, finding["status"], as_of_year))
    return {**_cautioned(finding, ["estimates only"] if guessed else []), **ahead}


def _judged(points: Sequence[Point], target: Target, as_of_year: int) -> Row:
    return {**_finding(assess(points, target, as_of_year)), "points": points}


def _cautioned(finding: Row, cautions: Sequence[str]) -> Row:
    """Add to the reason what weakens the figures that it rests on."""
    if finding["value"] is None:
        return finding
    return {**finding, "reason": "; ".join(part for part in (finding["reason"], *cautions) if part)}


def _quoted(quoted: Sequence[Quoted], target: Target, as_of_year: int) -> list[Row]:
    """Judge by the newest edition that tells a change, and show a newer one that does not beside it.

    Two editions are two statements; their figures are never joined.
    """
    editions: dict[str, list[Quoted]] = {}
    for one in quoted:
        editions.setdefault(one.edition, []).append(one)
    newest = list(editions)[-1]
    telling = [name for name, ones in editions.items() if len({one.year for one in ones if one.value is not None}) > 1]
    shown = dict.fromkeys([*telling[-1:], newest])
    return [_edition_row(editions[edition], target, as_of_year) for edition in shown]


def _edition_row(quoted: Sequence[Quoted], target: Target, as_of_year: int) -> Row:
    told = max(quoted, key=lambda one: one.year)
    finding = _judged([(one.year, one.value) for one in quoted if one.value is not None], target, as_of_year)
    if finding["value"] is None:
        reason = "only rounded shares of women and men are published, which bound the gap"
        finding = {**finding, "year": told.year, "reason": reason}
    interval = {"lower": told.lower, "upper": told.upper}
    rows = [{"year": one.year, "value": one.value} for one in quoted]
    half_unit = max((one.upper - one.lower) / 2 for one in quoted)
    ahead = outlook.by_line(rows, Asked(target, finding["status"], as_of_year), half_unit)
    return {"basis": "published", "source": "ITU", "edition": told.edition, **finding, **interval, **ahead}


def _recomputed(con: Connection, target: Target, as_of_year: int) -> Row:
    """Judge by our own aggregate over economies; where it was withheld, say the reason."""
    own, go_on = (_OWN_GAP, outlook.by_pair) if target.indicator.endswith("_gap") else (_OWN, outlook.by_line)
    rows = fetch_rows(con, own, [target.indicator, target.area, target.breakdown])
    points = [(row["year"], row["value"]) for row in rows if row["value"] is not None]
    finding = _judged(points, target, as_of_year)
    told = next((row for row in reversed(rows) if row["year"] == finding["year"]), None)
    if rows and not points:
        told = max(rows, key=lambda row: row["coverage"] or 0)
        reason = f"{told['reason'].removeprefix('cannot say: ')}; no year has more than {told['year']}"
        finding = {**finding, "reason": reason}
    rest = {name: told[name] for name in ("coverage", "reporting", "members")} if told else {}
    estimated = [row.get("estimated_share") == 1 for row in rows if row["value"] is not None]
    ahead = go_on(rows, Asked(target, finding["status"], as_of_year))
    finding = _cautioned(finding, ["estimates only"] if estimated and all(estimated) else [])
    return {"basis": "recomputed", "source": "ictdev", "edition": _edition(target), **finding, **rest, **ahead}


def _edition(target: Target) -> str:
    """Name the method behind our own figure of a group, as the edition of our observations does."""
    method = gap if target.indicator.endswith("_gap") else aggregate
    return f"{method.METHOD}-{method.VERSION}"


def _finding(found: Assessment) -> Row:
    former_year, former_value = found.former or (None, None)
    return {
        "year": found.year,
        "value": found.value,
        "former_year": former_year,
        "former_value": former_value,
        "status": found.status,
        "reason": found.reason,
        "met_in": found.met_in,
        "pace_per_year": found.pace,
        "needed_per_year": found.needed,
        "method": rules.METHOD,
        "version": rules.VERSION,
    }
