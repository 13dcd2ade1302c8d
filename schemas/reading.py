"""From a publisher's records to observations: what all publishers have in common, done once.

A reader hands over one text record per figure. Here its code becomes an indicator, its area one of ours, its text a
number; what cannot become one is kept as a reject with the reason, never dropped in silence.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.attributes import DELETED, GIVEN
from schemas.codelist import known_code, own_groups, translate_areas
from schemas.errors import Empty
from schemas.number_text import numbers
from schemas.observation import DIMENSIONS, OBSERVATION, REJECT, TOTAL, conform, year_of
from schemas.rejecting import Judged, Origin, by_area, costs_by_area, coverage, judge, measured
from schemas.repeated import drop_repeated
from schemas.source import Reading, Scope, Series
from schemas.translate import Column

__all__ = ["MISSING_MARKS", "Origin", "assemble", "row_locators", "with_rejects"]

MISSING_MARKS = ("", "..", "...", "…", "-", "–", "—", ":", "NA", "N/A", "n/a", "n.a.", "NaN", "nan", "null", "None")
"""Texts by which publishers say 'no figure'."""
_PERIOD = r"^\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$"


def row_locators(count: int, prefix: str = "") -> pa.Array:
    """Name the places of the rows of a table, counted from one."""
    numbers = pc.cast(pa.array(np.arange(1, count + 1)), pa.string())
    return pc.binary_join_element_wise(f"{prefix}row", numbers, ":")


def with_rejects(reading: Reading, more: Sequence[Mapping[str, Any]]) -> Reading:
    """Add what a reader itself set aside (rows of `REJECT`) to what could not become an observation."""
    aside = pa.Table.from_pylist(list(more), schema=REJECT)
    return replace(reading, rejects=pa.concat_tables([reading.rejects, aside]))


def assemble(records: pa.Table, wanted: Sequence[Series], origin: Origin, *, scopes: Sequence[Scope] = ()) -> Reading:
    """Turn text records into a Reading.

    `records` has text columns series_code, area, time_period, value, record; optionally any dimension (null where the
    publisher's code is unknown; `raw_<dimension>` or `raw_codes` then says what stood there), obs_status, note,
    edition, unit, `indicator` for figures that already carry our id, `unknown` (`schemas/columns.py`), `no_figure` for
    values that are placeholders, and the attributes of `schemas/attributes.py`. Raises Empty when no record belongs
    to a wanted series or none of them has a value.
    """
    records, skipped = _only_wanted(records, wanted)
    records, grouped = _without_own_groups(records, origin)
    if records.num_rows == 0:
        raise _nothing(origin.raw.name, skipped, grouped)
    records, withdrawing = _parted_by_action(records)
    withdrawn, refused = withdrawals(withdrawing, wanted, origin)
    parts = list(_parts(records, wanted, origin))
    blanks = records.num_rows - sum(part.records for part in parts)
    if blanks == records.num_rows and not withdrawing.num_rows:
        raise Empty(
            f"{origin.raw.name} holds {blanks:,} records and no figure",
            why="every value is a mark for 'no figure'",
            next_step="try again later; if it stays so, the publisher emptied the series",
        )
    observations, repeated = drop_repeated(pa.concat_tables([part.observations for part in parts]))
    costs = by_area([part.costs for part in parts])
    return Reading(
        observations=observations,
        rejects=pa.concat_tables([*(part.rejects for part in parts), refused, repeated]),
        edition=origin.edition,
        scopes=tuple(scope for scope in scopes if not wanted or scope.series_code in {one.code for one in wanted}),
        edition_assumed=origin.edition_assumed,
        blanks=blanks,
        skipped=skipped + grouped,
        withdrawn=withdrawn,
        unread=pa.concat_tables([part.unread for part in parts]) if parts else None,
        costs=costs,
        coverage=coverage(costs),
        notices=origin.raw.notices,
    )


def _nothing(name: str, skipped: int, grouped: int) -> Empty:
    """Give the error for an answer without a record that counts, by what it has instead."""
    if grouped:
        return Empty(
            f"{name} holds no figure of a country or of a group of ours",
            why=f"its {grouped:,} records are of groups of the publisher's own",
            next_step="ask for countries too",
        )
    return Empty(
        f"{name} holds no figure of a series that is asked for",
        why=f"{skipped:,} records of other series" if skipped else "there is no record at all",
        next_step="a series is asked for by naming it in a file of indicators/catalogue/",
    )


_AT_A_TIME = 1 << 20
"""Records that are read at a time: what is the same for all of them is held once, in this length."""
Repeated: TypeAlias = Callable[[str], pa.Array]


@dataclass(frozen=True)
class _Part:
    """What some of the records came to; `records` counts those that have a value."""

    records: int
    observations: pa.Table
    rejects: pa.Table
    unread: pa.Table
    costs: pa.Table


def _parts(records: pa.Table, wanted: Sequence[Series], origin: Origin) -> Iterator[_Part]:
    """Read records part by part, so that memory is for the result only."""
    repeated = _repeating(min(records.num_rows, _AT_A_TIME))
    for start in range(0, max(records.num_rows, 1), _AT_A_TIME):
        kept = _with_value(records.slice(start, _AT_A_TIME))
        judged = _judged(kept, wanted, origin, repeated)
        good = judged.good.append_column("year", year_of(judged.good["time_period"]))
        figures = conform(good, OBSERVATION)
        yield _Part(kept.num_rows, figures, judged.rejects(origin), judged.unread, costs_by_area(judged, kept))


def _repeating(most: int) -> Repeated:
    """Give a function that repeats a text so many times, and holds each text once."""

    @cache
    def repeated(text: str) -> pa.Array:
        return pa.repeat(pa.scalar(text, pa.string()), most)

    return repeated


def _with_value(records: pa.Table) -> pa.Table:
    """Keep the records that have a value."""
    value = pc.utf8_trim_whitespace(records["value"])
    blank = pc.is_in(value, value_set=pa.array(MISSING_MARKS))
    kept = records.set_column(records.column_names.index("value"), "value", value)
    return kept.filter(pc.invert(blank)) if pc.any(blank).as_py() else kept


def _judged(records: pa.Table, wanted: Sequence[Series], origin: Origin, repeated: Repeated) -> Judged:
    """Resolve the codes of records, apply their attributes, and say what cannot become an observation."""
    table, wrong = measured(_resolve(records, wanted, origin, repeated), records)
    return judge(table, records, wrong)


def _parted_by_action(records: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Part records that bring a figure from those that withdraw one; an unknown action is marked."""
    if "action" not in records.column_names:
        return records, records.slice(0, 0)
    action = pc.utf8_lower(pc.utf8_trim_whitespace(records["action"]))
    gone = pc.is_in(action, value_set=pa.array(DELETED))
    bad = pc.invert(pc.is_in(action, value_set=pa.array((*GIVEN, *DELETED))))
    records = records.append_column("bad_action", bad)
    return records.filter(pc.invert(gone)), records.filter(gone)


def withdrawals(records: pa.Table, wanted: Sequence[Series], origin: Origin) -> tuple[tuple[Scope, ...], pa.Table]:
    """Give the figures that rows withdraw, each as a scope of its own, and the rows that are not understood.

    A blank period means all periods of the series and area; blank dimensions are totals, as everywhere.
    """
    if not records.num_rows:
        return (), REJECT.empty_table()
    period = pc.utf8_trim_whitespace(records["time_period"])
    ever = pc.equal(period, "")
    stood_in = {"time_period": pc.if_else(ever, "0000", period), "value": pa.repeat(pa.scalar("0"), records.num_rows)}
    for name, column in stood_in.items():
        records = records.set_column(records.column_names.index(name), name, column)
    judged = _judged(records, wanted, origin, _repeating(records.num_rows))
    found = []
    for row in judged.good.select(["series_code", "ref_area", "time_period", *DIMENSIONS]).to_pylist():
        when = "" if row["time_period"] == "0000" else row["time_period"]
        years = (int(when[:4]), int(when[:4])) if when else None
        place = (when, *(row[name] for name in DIMENSIONS))
        found.append(Scope(origin.source, row["series_code"], (row["ref_area"],), years, place))
    return tuple(found), judged.rejects(origin)


def _without_own_groups(records: pa.Table, origin: Origin) -> tuple[pa.Table, int]:
    """Leave out what is said of groups of the publisher's own, counted; none of them is a group of ours."""
    own = own_groups(origin.area_scheme)
    if not (pc.any(pc.is_in(records["area"], value_set=own)).as_py() or False):
        return records, 0
    unknown = pc.is_null(translate_areas(records["area"], origin.area_scheme))
    kept = records.filter(pc.invert(pc.and_(unknown, pc.is_in(records["area"], value_set=own))))
    return kept, records.num_rows - kept.num_rows


def _only_wanted(records: pa.Table, wanted: Sequence[Series]) -> tuple[pa.Table, int]:
    if "indicator" in records.column_names:
        return records, 0
    mask = pc.is_in(records["series_code"], value_set=pa.array([series.code for series in wanted], pa.string()))
    kept = records if pc.all(mask).as_py() else records.filter(mask)
    return kept, records.num_rows - kept.num_rows


def _resolve(records: pa.Table, wanted: Sequence[Series], origin: Origin, repeated: Repeated) -> pa.Table:
    """Add to each record what its codes mean; null where a code or number cannot be understood."""
    given = set(records.column_names)
    codes = pa.array([series.code for series in wanted], pa.string())
    at = pc.index_in(records["series_code"], value_set=codes)

    def constant(text: str) -> Column:
        return repeated(text).slice(0, records.num_rows)

    def fixed(name: str) -> Column:
        texts = [getattr(series, name) for series in wanted]
        if len(set(texts)) == 1 and not at.null_count:
            return constant(texts[0])
        return pc.take(pa.array(texts, pa.string()), at)

    columns: dict[str, Column] = {
        "indicator": records["indicator"] if "indicator" in given else fixed("indicator"),
        "unit": known_code("unit", records["unit"]) if "unit" in given else fixed("unit"),
        "ref_area": translate_areas(records["area"], origin.area_scheme),
        "time_period": _periods(records["time_period"]),
        "value": numbers(records["value"]),
        "obs_status": known_code("obs_status", records["obs_status"]) if "obs_status" in given else constant("A"),
        "note": records["note"] if "note" in given else constant(""),
        "edition": records["edition"] if "edition" in given else constant(origin.edition),
        "source": constant(origin.source),
        "snapshot": constant(origin.raw.sha256),
        "series_code": records["series_code"],
        "record": records["record"],
    }
    for name in DIMENSIONS:
        own = fixed(name) if len(wanted) else constant(TOTAL)
        told = known_code(name, records[name]) if name in given else own
        columns[name] = _placed(own, told) if name in given and len(wanted) else told
    return pa.table(columns)


def _placed(own: Column, told: Column) -> Column:
    """Put what a series' code fixes and what the record says together; null where the two contradict each other."""
    agree = pc.or_(pc.equal(told, own), pc.equal(told, TOTAL))
    fixed = pc.if_else(pc.fill_null(agree, fill_value=False), own, pa.scalar(None, pa.string()))
    return pc.if_else(pc.equal(own, TOTAL), told, fixed)


def _periods(told: Column) -> Column:
    """Keep periods that are a year, quarter or month; null for the rest. There are few different ones."""
    different = pc.unique(told)
    good = different.filter(pc.match_substring_regex(different, _PERIOD))
    return pc.take(good, pc.index_in(told, value_set=good))
