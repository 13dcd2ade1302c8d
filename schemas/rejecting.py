"""What cannot become an observation: every record with its reason, and what that costs the series it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from schemas.attributes import converted, noted, scaled
from schemas.columns import UNKNOWN
from schemas.observation import DIMENSIONS, REJECT, TOTAL
from schemas.source import Raw
from schemas.translate import Column

HARMLESS = ("repeated", "censored", "no_figure", "left_out")
"""Reasons by which nothing is lost that the publisher gave as a figure."""
_CENSORED = r"^[<>≤≥]=?\s*\d+[.,]?\d*$"
"""A bound in place of a figure: `<0.1`, `>95`."""

COVERAGE = pa.schema(
    [
        ("series_code", pa.string()),
        ("economies", pa.int64()),
        ("lost", pa.int64()),
        ("totals", pa.int64()),
        ("totals_lost", pa.int64()),
    ]
)
"""Per series: areas that an answer speaks of, those of which nothing is understood; rows of totals, those set aside."""

_COSTS = pa.schema(
    [
        ("series_code", pa.string()),
        ("area", pa.string()),
        ("lost", pa.bool_()),
        ("total", pa.int64()),
        ("total_lost", pa.int64()),
    ]
)
"""Per series and area of an answer: whether all of it is lost; rows of totals, those set aside."""

UNREAD = pa.schema([("series_code", pa.string()), ("ref_area", pa.string()), ("time_period", pa.string())])
"""Where a record stood that was set aside."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where records come from: the source, the scheme of its area codes, the edition, the raw bytes."""

    source: str
    area_scheme: str
    edition: str
    raw: Raw
    edition_assumed: bool = False


@dataclass(frozen=True)
class Judged:
    """Records with the reason why they cannot be observations; null where they can."""

    table: pa.Table
    reason: pa.Array
    detail: pa.Array

    @property
    def good(self) -> pa.Table:
        """The records that can."""
        return self.table.filter(pc.is_null(self.reason)) if self.reason.null_count < len(self.reason) else self.table

    @property
    def unread(self) -> pa.Table:
        """Places of which the answer says something that is not understood: nothing there is proved to be gone."""
        aside = pc.and_(pc.is_valid(self.reason), pc.invert(pc.is_in(self.reason, value_set=pa.array(HARMLESS))))
        placed = pc.and_(pc.is_valid(self.table["ref_area"]), pc.is_valid(self.table["time_period"]))
        return self.table.filter(pc.and_(aside, placed)).select(UNREAD.names).cast(UNREAD)

    def rejects(self, origin: Origin) -> pa.Table:
        """Give the others as rows of `REJECT`."""
        bad = pc.is_valid(self.reason)
        rows = self.table.filter(bad)
        return rejects(rows, self.reason.filter(bad), self.detail.filter(bad), origin)


def measured(table: pa.Table, records: pa.Table) -> tuple[pa.Table, dict[str, Column]]:
    """Apply multiplier and unit to the values of resolved records; give what of them is not understood, by reason."""
    wrong: dict[str, Column] = {}
    value, remark = table["value"], None
    if "unit_mult" in records.column_names:
        value, wrong["unit_mult"] = scaled(records, value)
    if "unit_measure" in records.column_names:
        value, remark, wrong["unit_measure"] = converted(records, table["unit"], value)
    table = table.set_column(table.column_names.index("value"), "value", value)
    if {"decimals", "conf_status"} & set(records.column_names) or remark is not None:
        table = table.set_column(table.column_names.index("note"), "note", noted(records, table["note"], remark))
    return table, wrong


def judge(table: pa.Table, records: pa.Table, wrong: dict[str, Column]) -> Judged:
    """Say of each resolved record why it cannot be an observation. The first reason found is the reason."""
    count = table.num_rows
    reason = pa.nulls(count, pa.string())
    detail = pa.nulls(count, pa.string())
    for name, bad, told in _tests(table, records, wrong):
        if not (pc.sum(bad).as_py() or 0):
            continue
        fresh = pc.and_(pc.is_null(reason), _plain(bad))
        reason = pc.if_else(fresh, name, reason)
        detail = pc.if_else(fresh, _plain(told), detail)
    return Judged(table, reason, detail)


def _plain(column: Column) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _tests(table: pa.Table, records: pa.Table, wrong: dict[str, Column]) -> list[tuple[str, Column, Column]]:
    """Give (reason, which records, what stood there), in the order in which reasons count."""
    given = set(records.column_names)
    tests: list[tuple[str, Column, Column]] = []
    if UNKNOWN in given:
        tests.append(("unknown_dimension", pc.not_equal(records[UNKNOWN], ""), records[UNKNOWN]))
    if "bad_action" in given:
        tests.append(("unknown_action", records["bad_action"], _named("ACTION", records["action"])))
    tests.append(("unmapped_area", pc.is_null(table["ref_area"]), records["area"]))
    tests.append(("bad_period", pc.is_null(table["time_period"]), records["time_period"]))
    tests += [("unknown_code", pc.is_null(table[name]), _raw(name, records, table)) for name in DIMENSIONS]
    tests.append(("unknown_status", pc.is_null(table["obs_status"]), _raw("status", records, table)))
    if "no_figure" in given:
        tests.append(("no_figure", records["no_figure"], _named("value", records["value"], records)))
    if "unit_mult" in wrong:
        tests.append(("unknown_code", wrong["unit_mult"], _named("UNIT_MULT", records["unit_mult"])))
    if "unit_measure" in wrong:
        tests.append(("unit_mismatch", wrong["unit_measure"], _named("unit", records["unit_measure"])))
    tests.append(("unknown_code", pc.is_null(table["unit"]), _raw("unit", records, table)))
    bound = pc.and_(pc.is_null(table["value"]), pc.match_substring_regex(records["value"], _CENSORED))
    tests.append(("censored", bound, records["value"]))
    return [*tests, ("not_a_number", pc.is_null(table["value"]), records["value"])]


def _named(name: str, told: Column, records: pa.Table | None = None) -> Column:
    """Write `name=code`; where records are given, with what else says why."""
    text = pc.binary_join_element_wise(name, pc.fill_null(told, ""), "=")
    if records is not None and "note" in records.column_names:
        return pc.utf8_trim(pc.binary_join_element_wise(text, pc.fill_null(records["note"], ""), "; "), "; ")
    return text


def _raw(name: str, records: pa.Table, table: pa.Table) -> Column:
    """Give the publisher's code of a dimension: its own raw column, or all codes of the record together."""
    if f"raw_{name}" in records.column_names:
        return _named(name, records[f"raw_{name}"])
    if "raw_codes" in records.column_names:
        return records["raw_codes"]
    return _named(name, pa.repeat(pa.scalar(""), table.num_rows))


def rejects(rows: pa.Table, reason: Column, detail: Column, origin: Origin) -> pa.Table:
    """Give rows as rejects of the origin."""
    count = rows.num_rows
    return pa.table(
        {
            "source": pa.repeat(pa.scalar(origin.source), count),
            "snapshot": pa.repeat(pa.scalar(origin.raw.sha256), count),
            "record": rows["record"],
            "reason": reason,
            "detail": pc.fill_null(detail, ""),
            "series_code": rows["series_code"],
        },
        schema=REJECT,
    )


def costs_by_area(judged: Judged, records: pa.Table) -> pa.Table:
    """Say of each series and area whether all of it is lost, how many rows are totals, and how many of these are."""
    costly = pc.and_(pc.is_valid(judged.reason), pc.invert(pc.is_in(judged.reason, value_set=pa.array(HARMLESS))))
    said = pa.table(
        {
            "series_code": records["series_code"],
            "area": records["area"],
            "lost": costly,
            "total": _totals(records),
        }
    )
    lost_total = pc.and_(said["lost"], said["total"])
    said = said.append_column("total_lost", lost_total)
    return _by_area(said)


def by_area(parts: Sequence[pa.Table]) -> pa.Table:
    """Put together what parts of an answer cost by area: an area is lost where all parts that speak of it lose it."""
    return _by_area(pa.concat_tables(parts)) if len(parts) > 1 else parts[0] if parts else _COSTS.empty_table()


def _by_area(said: pa.Table) -> pa.Table:
    found = said.group_by(["series_code", "area"]).aggregate([("lost", "min"), ("total", "sum"), ("total_lost", "sum")])
    names = ["series_code", "area", "lost_min", "total_sum", "total_lost_sum"]
    return found.select(names).rename_columns(_COSTS.names).cast(_COSTS)


def coverage(areas: pa.Table) -> pa.Table:
    """Say what the rejects cost each series, from what they cost by area; no row where nothing is lost."""
    if not (pc.any(areas["lost"]).as_py() or pc.sum(areas["total_lost"]).as_py()):
        return COVERAGE.empty_table()
    whole = areas.group_by(["series_code"]).aggregate(
        [("area", "count"), ("lost", "sum"), ("total", "sum"), ("total_lost", "sum")]
    )
    names = ["series_code", "area_count", "lost_sum", "total_sum", "total_lost_sum"]
    return whole.select(names).rename_columns(COVERAGE.names).cast(COVERAGE)


def _totals(records: pa.Table) -> Column:
    """Tell which records speak of all people: no dimension parts them, and no unknown column does."""
    found: Column = pa.repeat(pa.scalar(True), records.num_rows)  # noqa: FBT003 - a value, not a switch
    for name in DIMENSIONS:
        if name in records.column_names:
            found = pc.and_(found, pc.fill_null(pc.equal(records[name], TOTAL), fill_value=False))
    if UNKNOWN in records.column_names:
        found = pc.and_(found, pc.equal(records[UNKNOWN], ""))
    return found
