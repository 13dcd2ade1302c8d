"""Applying declared corrections to what a publisher sent, and telling which hold and which have expired."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from schemas.correction import Correction
from schemas.observation import DIMENSIONS
from schemas.source import Reading

SAME = 5e-11
"""Relative difference up to which a publisher still says the expected value."""
Row = dict[str, Any]
State = Literal["applied", "expired", "not spoken of"]

CORRECTION = pa.schema(
    [
        *((name, pa.string()) for name in ("source", "indicator", "ref_area", "time_period", *DIMENSIONS)),
        ("action", pa.string()),
        ("state", pa.string()),
        ("expected", pa.float64()),
        ("raw_value", pa.float64()),
        ("corrected_value", pa.float64()),
        ("obs_status", pa.string()),
        ("reason", pa.string()),
        ("citation", pa.string()),
        ("edition", pa.string()),
        ("snapshot", pa.string()),
        ("record", pa.string()),
    ]
)
"""One row per declared correction and year, with what became of it in the newest answer that speaks of the figure."""


@dataclass(frozen=True)
class Corrected:
    """A reading with corrections applied, and one row of `correction` for each that is declared."""

    reading: Reading
    rows: list[Row]


def correct(reading: Reading, corrections: Sequence[Correction]) -> Corrected:
    """Apply those corrections whose expected value the reading still holds."""
    if not corrections:
        return Corrected(reading, [])
    table, rows, dropped = reading.observations, [], set[int]()
    changes: dict[int, Row] = {}
    for one in corrections:
        for year in one.years:
            at = _place(table, one, year)
            row = _row(one, year, reading, at)
            rows.append(row)
            if row["state"] == "applied" and at is not None:
                if one.action == "drop":
                    dropped.add(at)
                else:
                    changes[at] = row
    return Corrected(replace(reading, observations=_written(table, changes, dropped)), rows)


def newest(former: Sequence[Row], later: Sequence[Row]) -> list[Row]:
    """Put later rows over former ones; where the later answer does not speak of a figure the former row stays."""
    found = {_key(row): row for row in former}
    for row in later:
        if row["state"] != "not spoken of" or _key(row) not in found:
            found[_key(row)] = row
    return list(found.values())


def expired(row: Row) -> str:
    """Say that a correction no longer holds, and what to do."""
    says = "no longer has the figure" if row["raw_value"] is None else f"now says {row['raw_value']:.10g}"
    return (
        f"the correction of {row['indicator']} {row['ref_area']} {row['time_period']} has expired and is not applied: "
        f"it expects {row['expected']:.10g}, the publisher {says}; "
        f"take it out of schemas/corrections/{row['source']}.yml"
    )


def _key(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in ("indicator", "ref_area", "time_period", *DIMENSIONS))


def _place(table: pa.Table, one: Correction, year: int) -> int | None:
    """Find the row of a figure; None where the reading does not hold it."""
    wanted = {"indicator": one.indicator, "ref_area": one.economy, "time_period": str(year)}
    wanted |= {name: getattr(one, name) for name in DIMENSIONS}
    mask = pc.equal(table["source"], one.source)
    for name, text in wanted.items():
        mask = pc.and_(mask, pc.equal(table[name], text))
    places = pc.indices_nonzero(mask)
    return int(places[0].as_py()) if len(places) else None


def _row(one: Correction, year: int, reading: Reading, at: int | None) -> Row:
    found = {} if at is None else reading.observations.slice(at, 1).to_pylist()[0]
    raw = found.get("value")
    holds = raw is not None and abs(raw - one.expected(year)) <= SAME * abs(one.expected(year))
    state: State = "applied" if holds else "expired"
    if raw is None and not _spoken_of(one, year, reading):
        state = "not spoken of"
    changed = holds and one.action != "drop"
    return {
        "source": one.source,
        "indicator": one.indicator,
        "ref_area": one.economy,
        "time_period": str(year),
        **{name: getattr(one, name) for name in DIMENSIONS},
        "action": one.action,
        "state": state,
        "expected": one.expected(year),
        "raw_value": raw,
        "corrected_value": one.figure(raw) if changed and raw is not None else None,
        "obs_status": one.corrected_status if changed else "",
        "reason": one.reason,
        "citation": one.citation,
        "edition": found.get("edition", reading.edition),
        "snapshot": found.get("snapshot", ""),
        "record": found.get("record", ""),
    }


def _spoken_of(one: Correction, year: int, reading: Reading) -> bool:
    """Tell whether the reading would hold the figure if the publisher still gave it."""
    of_indicator = reading.observations.filter(pc.equal(reading.observations["indicator"], one.indicator))
    codes = set(of_indicator["series_code"].to_pylist())
    return any(
        scope.basis == "whole"
        and scope.series_code in codes
        and (scope.areas is None or one.economy in scope.areas)
        and (scope.years is None or scope.years[0] <= year <= scope.years[1])
        for scope in reading.scopes
    )


def _written(table: pa.Table, changes: dict[int, Row], dropped: set[int]) -> pa.Table:
    """Give the table with new values, statuses and notes at the places that changed, without those dropped."""
    for name in ("value", "obs_status", "note"):
        column = table[name].to_pylist()
        for at, row in changes.items():
            column[at] = _changed(name, row, column[at])
        if changes:
            where = table.schema.get_field_index(name)
            table = table.set_column(where, table.schema.field(name), pa.array(column, table.schema.field(name).type))
    if not dropped:
        return table
    return table.filter(pa.array([at not in dropped for at in range(table.num_rows)]))


def _changed(name: str, row: Row, before: Any) -> Any:
    if name == "value":
        return row["corrected_value"]
    if name == "obs_status":
        return row["obs_status"]
    told = f"corrected ({row['action']}; the publisher says {row['raw_value']:.10g}): {row['reason']}"
    return f"{before}; {told}" if before else told
