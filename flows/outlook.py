"""Outlook: every series of economies continued, and the chance of each target beside its status."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from indicators import pair, trend
from indicators.chance import Chance, chance, gap_chance
from indicators.digits import half_units
from indicators.projection import doubt, methods
from indicators.projection import projections as continued
from indicators.targets import Target
from warehouse import models
from warehouse.models import Connection

Row = dict[str, Any]
FIELDS: tuple[tuple[str, pa.DataType], ...] = (
    ("probability", pa.float64()),
    ("expected", pa.float64()),
    ("expected_lower", pa.float64()),
    ("expected_upper", pa.float64()),
    ("year_met", pa.int32()),
    ("year_met_earliest", pa.int32()),
    ("year_met_latest", pa.int32()),
    ("chance_reason", pa.string()),
    ("chance_method", pa.string()),
)
"""Columns of the table `assessment` that tell of a target's chance."""
_LINE = f"{trend.METHOD}-{trend.VERSION}"
_PAIR = f"{pair.METHOD}-{pair.VERSION}"


def projections(con: Connection) -> pa.Table:
    """Give the table `projection`: shares of economies, and gaps from the two rates that they lie between."""
    chosen = {name: method for name, method in methods().items() if method.scale == "logit"}
    models.load(con, {"projected_indicator": pa.table({"indicator": pa.array(sorted(chosen), pa.string())})})
    points = _with_digits(models.inputs(con, "projection_points"), ("value",))
    pairs = _with_digits(models.inputs(con, "projection_pairs"), ("female", "male"))
    return pa.concat_tables([continued(points, chosen), pair.gap_projections(pairs)])


def _with_digits(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Add how exactly the figures are printed; a publisher prints the figures of one edition alike."""
    names = ("indicator", "source", "edition")
    series = list(zip(*(table[name].to_pylist() for name in names), strict=True)) * len(columns)
    values = [value for column in columns for value in table[column].to_pylist()]
    return table.append_column("half_unit", pa.array(half_units(values, series)[: table.num_rows], pa.float64()))


@dataclass(frozen=True, slots=True)
class Asked:
    """A target as it is asked for: where it stands already, and the year from which one looks."""

    target: Target
    status: str
    as_of_year: int


def by_line(rows: Sequence[Row], asked: Asked, half_unit: float | None = None) -> Row:
    """Give a target's chance by the figures of one series of one source and edition.

    `rows` have year and value, and, where known, obs_status, coverage and estimated_share. `half_unit`, if not given,
    is read off the figures.
    """
    known = _known(rows, asked)
    points = [(row["year"], row["value"]) for row in known]
    half = _half_unit([value for _, value in points]) if half_unit is None else half_unit
    method = methods().get(asked.target.indicator)
    return _row(chance(points, asked.target, method, half, _shift(known)), known, asked, _LINE)


def by_pair(rows: Sequence[Row], asked: Asked) -> Row:
    """Give the chance of a target on a gap by both rates: rows with year, value, female, male and coverage."""
    known = _known(rows, asked)
    women, men = ([(row["year"], row[name]) for row in known] for name in ("female", "male"))
    half = _half_unit([rate for _, rate in (*women, *men)])
    return _row(gap_chance(women, men, asked.target, half, _shift(known)), known, asked, _PAIR)


def none(reason: str) -> Row:
    """Give the row of a target that no series tells of."""
    return _cells(Chance(f"cannot say: {reason}"), "")


def _known(rows: Sequence[Row], asked: Asked) -> list[Row]:
    return [row for row in rows if row["value"] is not None and row["year"] <= asked.as_of_year]


def _half_unit(values: Sequence[float]) -> float:
    return float(half_units(values, [0] * len(values))[0]) if values else 0.0


def _shift(rows: Sequence[Row]) -> float:
    """Give the doubt of the newest figure: people who are not covered, and what rests on estimates."""
    if not rows:
        return 0.0
    newest = _newest(rows)
    estimated, covered = newest.get("estimated_share"), newest.get("coverage")
    if estimated is None:
        estimated = 1.0 if newest.get("obs_status") == "E" else 0.0
    return float(doubt(np.array(1.0 if covered is None else covered), np.array(estimated)))


def _newest(rows: Sequence[Row]) -> Row:
    return max(rows, key=lambda row: int(row["year"]))


def _row(found: Chance, rows: Sequence[Row], asked: Asked, method: str) -> Row:
    """Give the columns; what the figures have decided already is not told as a chance beside that."""
    if rows and asked.target.met_by(_newest(rows)["value"]):
        found = replace(found, year_met=None, earliest=None, latest=None)
    decided = asked.status in ("met", "missed") and asked.as_of_year > asked.target.deadline
    if decided and found.probability is not None:
        reason = f"the deadline {asked.target.deadline} has passed and the figures decide"
        found = replace(found, reason=reason, probability=None, value=None, lower=None, upper=None)
    return _cells(found, method)


def _cells(found: Chance, method: str) -> Row:
    values = (found.probability, found.value, found.lower, found.upper, found.year_met, found.earliest, found.latest)
    return dict(zip((name for name, _ in FIELDS), (*values, found.reason, method), strict=True))
