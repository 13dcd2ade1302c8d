"""From a publisher's records to observations: what all publishers have in common, done once.

A reader hands over one text record per figure. Here its code becomes an indicator, its area one of ours, its text a
number; what cannot become one is kept as a reject with the reason, never dropped in silence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.codelist import translate_areas
from schemas.errors import Empty
from schemas.observation import DIMENSIONS, OBSERVATION, REJECT, TOTAL, conform, year_of
from schemas.repeated import drop_repeated
from schemas.source import Raw, Reading, Scope, Series

MISSING_MARKS = ("", "..", "...", "…", "-", "–", "—", ":", "NA", "N/A", "n/a", "n.a.", "NaN", "nan", "null", "None")
"""Texts by which publishers say 'no figure'."""
_CENSORED = r"^[<>≤≥]=?\s*\d+\.?\d*$"
"""A bound in place of a figure: `<0.1`, `>95`."""
_PERIOD = r"^\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where records come from: the source, the scheme of its area codes, the edition, the raw bytes."""

    source: str
    area_scheme: str
    edition: str
    raw: Raw
    edition_assumed: bool = False


def row_locators(count: int, prefix: str = "") -> pa.Array:
    """Name the places of the rows of a table, counted from one."""
    numbers = pc.cast(pa.array(np.arange(1, count + 1)), pa.string())
    return pc.binary_join_element_wise(f"{prefix}row", numbers, ":")


def with_rejects(reading: Reading, more: Sequence[Mapping[str, Any]]) -> Reading:
    """Add what a reader itself set aside (rows of `REJECT`) to what could not become an observation."""
    aside = pa.Table.from_pylist(list(more), schema=REJECT)
    return replace(reading, rejects=pa.concat_tables([reading.rejects, aside]))


Column: TypeAlias = "pa.Array | pa.ChunkedArray"


def assemble(records: pa.Table, wanted: Sequence[Series], origin: Origin, *, scopes: Sequence[Scope] = ()) -> Reading:
    """Turn text records into a Reading.

    `records` has text columns series_code, area, time_period, value, record; optionally any dimension (null where the
    publisher's code is unknown; `raw_codes` then says what stood there), obs_status, note, edition, unit, and
    `indicator` for figures that already carry our id. Raises Empty when no record belongs to a wanted series or none
    of them has a value.
    """
    records, skipped = _only_wanted(records, wanted)
    if records.num_rows == 0:
        raise Empty(
            f"{origin.raw.name} holds no figure of a series that is asked for",
            why=f"{skipped:,} records of other series" if skipped else "there is no record at all",
            next_step="a series is asked for by naming it in a file of indicators/catalogue/",
        )
    value = pc.utf8_trim_whitespace(records["value"])
    blank = pc.is_in(value, value_set=pa.array(MISSING_MARKS))
    blanks = int(pc.sum(blank).as_py() or 0)
    kept = records.set_column(records.column_names.index("value"), "value", value)
    kept = kept.filter(pc.invert(blank)) if blanks else kept
    if kept.num_rows == 0:
        raise Empty(
            f"{origin.raw.name} holds {blanks:,} records and no figure",
            why="every value is a mark for 'no figure'",
            next_step="try again later; if it stays so, the publisher emptied the series",
        )
    table = _resolve(kept, wanted, origin)
    observations, rejects = _split(table, origin)
    observations, repeated = drop_repeated(observations)
    return Reading(
        observations=observations,
        rejects=pa.concat_tables([rejects, repeated]),
        edition=origin.edition,
        scopes=tuple(scope for scope in scopes if not wanted or scope.series_code in {one.code for one in wanted}),
        edition_assumed=origin.edition_assumed,
        blanks=blanks,
        skipped=skipped,
    )


def _only_wanted(records: pa.Table, wanted: Sequence[Series]) -> tuple[pa.Table, int]:
    if "indicator" in records.column_names:
        return records, 0
    mask = pc.is_in(records["series_code"], value_set=pa.array([series.code for series in wanted], pa.string()))
    kept = records.filter(mask)
    return kept, records.num_rows - kept.num_rows


def _resolve(records: pa.Table, wanted: Sequence[Series], origin: Origin) -> pa.Table:
    """Add to each record what its codes mean; null where a code or number cannot be understood."""
    given = set(records.column_names)
    codes = pa.array([series.code for series in wanted], pa.string())
    at = pc.index_in(records["series_code"], value_set=codes)

    def fixed(name: str) -> Column:
        return pc.take(pa.array([getattr(series, name) for series in wanted], pa.string()), at)

    def constant(text: str) -> Column:
        return pa.repeat(pa.scalar(text, pa.string()), records.num_rows)

    columns: dict[str, Column] = {
        "indicator": records["indicator"] if "indicator" in given else fixed("indicator"),
        "unit": records["unit"] if "unit" in given else fixed("unit"),
        "ref_area": translate_areas(records["area"], origin.area_scheme),
        "time_period": _periods(records["time_period"]),
        "value": _numbers(records["value"]),
        "obs_status": records["obs_status"] if "obs_status" in given else constant("A"),
        "note": records["note"] if "note" in given else constant(""),
        "edition": records["edition"] if "edition" in given else constant(origin.edition),
        "source": constant(origin.source),
        "snapshot": constant(origin.raw.sha256),
        "series_code": records["series_code"],
        "record": records["record"],
        "raw_area": records["area"],
        "raw_period": records["time_period"],
        "raw_value": records["value"],
        "raw_codes": records["raw_codes"] if "raw_codes" in given else constant(""),
    }
    for name in DIMENSIONS:
        own = fixed(name) if len(wanted) else constant(TOTAL)
        columns[name] = (
            pc.if_else(pc.equal(own, TOTAL), records[name], own)
            if name in given and len(wanted)
            else (records[name] if name in given else own)
        )
    return pa.table(columns)


def _periods(told: Column) -> Column:
    """Keep periods that are a year, quarter or month; null for the rest. There are few different ones."""
    different = pc.unique(told)
    good = different.filter(pc.match_substring_regex(different, _PERIOD))
    return pc.take(good, pc.index_in(told, value_set=good))


def _numbers(told: Column) -> Column:
    """Read numbers; null for what is none, and for what overflows: 1e999 is no figure."""
    try:
        numbers = pc.cast(told, pa.float64())
    except pa.ArrowInvalid:  # something else is among them: look at each
        plain = pc.match_substring_regex(told, r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
        bare = pc.replace_substring_regex(told, r"^\+", "")
        numbers = pc.cast(pc.if_else(plain, bare, pa.scalar(None, pa.string())), pa.float64())
    return pc.if_else(pc.is_finite(numbers), numbers, pa.scalar(None, pa.float64()))


def _split(table: pa.Table, origin: Origin) -> tuple[pa.Table, pa.Table]:
    """Part records that became observations from those that did not; the first reason found is the reason."""
    tests = (
        ("unmapped_area", "ref_area", "raw_area"),
        ("bad_period", "time_period", "raw_period"),
        *(("unknown_code", name, "raw_codes") for name in (*DIMENSIONS, "obs_status")),
        ("not_a_number", "value", "raw_value"),
    )
    rejects = [REJECT.empty_table()]
    if table["value"].null_count:
        bound = pc.and_(pc.is_null(table["value"]), pc.match_substring_regex(table["raw_value"], _CENSORED))
        rejects.append(_rejects(table.filter(bound), "censored", "raw_value", origin))
        table = table.filter(pc.invert(bound))
    for reason, column, raw_column in tests:
        if table[column].null_count:
            bad = pc.is_null(table[column])
            rejects.append(_rejects(table.filter(bad), reason, raw_column, origin))
            table = table.filter(pc.invert(bad))
    table = table.append_column("year", year_of(table["time_period"]))
    return conform(table, OBSERVATION), pa.concat_tables(rejects)


def _rejects(rows: pa.Table, reason: str, raw_column: str, origin: Origin) -> pa.Table:
    count = rows.num_rows
    return pa.table(
        {
            "source": pa.repeat(pa.scalar(origin.source), count),
            "snapshot": pa.repeat(pa.scalar(origin.raw.sha256), count),
            "record": rows["record"],
            "reason": pa.repeat(pa.scalar(reason), count),
            "detail": rows[raw_column],
            "series_code": rows["series_code"],
        },
        schema=REJECT,
    )
