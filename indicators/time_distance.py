"""Time distance: by how many years one area runs behind another at the same level (S-distance).

S(L) = t_area(L) − t_reference(L): the year in which the area reached level L less the year in which the reference did,
both read off straight lines between neighbouring figures (P. Sicherl, *Time Distance in Economics and Statistics*,
2012). L is the newest figure of whichever of the two is lower, so that both have reached it: the area's own when it is
behind (S > 0), the reference's when it is ahead (S < 0).

A level counts as reached when a series first came to it; a series that begins above L had reached it before, and S is
then a bound and not a value. The leader is the frontier: in every year the highest figure that any economy has had
until then, so that S to the leader reads "so long ago the first economy was where this one is now".

Columns in: `figures` SERIES, ref_area, value; `references` the same for the areas to be measured against. Out: see
`time_distances`.
"""

from typing import Any

import numpy as np
import pyarrow as pa

SERIES = ["indicator", "sex", "age", "urbanisation", "breakdown"]
LEADER = "LEADER"
METHOD, VERSION = "time_distance", "1"


def reached(years: np.ndarray, values: np.ndarray, level: float) -> tuple[float, bool]:
    """Give the year in which a series (by rising year) first came to a level; NaN where it never did.

    The second part tells whether that is only the latest year that it can have been: the series begins above the level.
    """
    at = np.flatnonzero(values >= level)
    if len(at) == 0:
        return float("nan"), False
    first = int(at[0])
    if first == 0:
        return float(years[0]), bool(values[0] > level)
    before, after = values[first - 1], values[first]
    return float(years[first - 1] + (level - before) / (after - before) * (years[first] - years[first - 1])), False


def distance(area: tuple[np.ndarray, np.ndarray], reference: tuple[np.ndarray, np.ndarray]) -> dict[str, Any]:
    """Give years_behind (negative: ahead), level and kind (exact, at_least, at_most) of two series (years, values).

    years_behind is NaN and kind empty where a series is empty.
    """
    if len(area[0]) == 0 or len(reference[0]) == 0:
        return {"years_behind": float("nan"), "level": float("nan"), "kind": ""}
    level = float(min(area[1][-1], reference[1][-1]))
    behind = area[1][-1] <= reference[1][-1]
    (ours, ours_before), (theirs, theirs_before) = reached(*area, level), reached(*reference, level)
    ours = float(area[0][-1]) if behind else ours
    theirs = theirs if behind else float(reference[0][-1])
    bound = theirs_before if behind else ours_before
    kind = ("at_least" if behind else "at_most") if bound else "exact"
    return {"years_behind": ours - theirs, "level": level, "kind": kind}


def frontier(figures: pa.Table) -> pa.Table:
    """Give the leader's series: SERIES, ref_area (LEADER), year, value, the highest that any economy has had so far."""
    frame = figures.select([*SERIES, "year", "value"]).to_pandas()
    highest = frame.groupby([*SERIES, "year"], sort=True)["value"].max()
    running = highest.groupby(SERIES).cummax().reset_index()
    names = [*SERIES, "ref_area", "year", "value"]
    return pa.Table.from_pandas(running.assign(ref_area=LEADER)[names], preserve_index=False)


def time_distances(figures: pa.Table, references: pa.Table) -> pa.Table:
    """Give the time distance of every area to every reference of the same series.

    Columns: SERIES, ref_area, reference, year (of the area's newest figure), level, years_behind, kind. An
    area is not measured against itself.
    """
    ours, theirs = _by_area(figures), _by_area(references)
    by_series: dict[tuple[str, ...], list[tuple[str, tuple[np.ndarray, np.ndarray]]]] = {}
    for (*series, name), line in theirs.items():
        by_series.setdefault(tuple(series), []).append((name, line))
    rows = []
    for (*series, area), line in ours.items():
        for name, reference in by_series.get(tuple(series), []):
            if name != area:
                found = distance(line, reference)
                told = dict(zip(SERIES, series, strict=True))
                rows.append({**told, "ref_area": area, "reference": name, "year": int(line[0][-1]), **found})
    return _table(rows)


def _by_area(figures: pa.Table) -> dict[tuple[str, ...], tuple[np.ndarray, np.ndarray]]:
    """Give years and values, by rising year, of every series and area."""
    frame = figures.select([*SERIES, "ref_area", "year", "value"]).to_pandas().dropna(subset=["value"])
    frame = frame.sort_values([*SERIES, "ref_area", "year"])
    lines = frame.groupby([*SERIES, "ref_area"], sort=True)
    return {key: (part["year"].to_numpy("float64"), part["value"].to_numpy("float64")) for key, part in lines}


_TYPES = {"year": pa.int32(), "level": pa.float64(), "years_behind": pa.float64()}


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    names = [*SERIES, "ref_area", "reference", "year", "level", "years_behind", "kind"]
    return pa.Table.from_pylist(rows, pa.schema([(name, _TYPES.get(name, pa.string())) for name in names]))
