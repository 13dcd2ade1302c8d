"""Comparison: how each figure of a reading stands to what is held, found in one join.

A reading repeats most of what is held, so nothing is kept of the figures that are the same: ten million of them cost
one hash table, and no copy of either side.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.observation import KEY, edition_date
from schemas.rejecting import UNREAD
from schemas.source import Reading, Scope
from warehouse import wholeness
from warehouse.editions import inside, same_key, same_meaning

FEW = 8
"""Indicators up to which it pays to look only at their figures: asking after more costs as much as it spares."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found; the temporary tables `compared` and `scopes` hold the rest."""

    incoming: pa.Table
    """The reading's figures, each with the day of its edition and its number."""
    counts: dict[str, int]
    """Figures by how they stand: added, revised, same, confirmed, foreseen, within, older, removed."""
    staying: int
    """Figures that are not in a part and would have been removed by a whole answer."""


@contextmanager
def compared(con: duckdb.DuckDBPyConnection, reading: Reading) -> Iterator[Compared]:
    """Compare a reading with what is held; while it is open, its tables are there for the caller's statements.

    `compared`: `number` of the incoming figure, `place` (row in the history) of the held one, and `change`, for all
    that are not the same; `editions`: which edition an `edition_at` is; `scopes`: what the reading speaks of, with
    the newest edition that speaks.
    """
    incoming = _dated(con, reading.observations)
    con.register("incoming", incoming)
    _scopes(con, reading, incoming)
    _join(con, reading)
    _followed(con)
    _left_out_by_newer(con)
    staying = wholeness.settle(con)
    _spoken_of(con, reading)
    counts = dict(con.execute("SELECT change, count(*) FROM compared GROUP BY change").fetchall())
    same = incoming.num_rows - sum(counts.values()) + _of_held_only(counts)
    yield Compared(incoming, {**counts, "same": same}, staying)
    con.unregister("incoming")
    for table in ("compared", "scopes", "editions"):
        con.execute(f"DROP TABLE temp.{table}")


def _of_held_only(counts: dict[str, int]) -> int:
    return counts.get("removed", 0) + counts.get("gone", 0)


def _dated(con: duckdb.DuckDBPyConnection, observations: pa.Table) -> pa.Table:
    """Add to each figure its number, and number and day of its edition; `editions` says which edition is which.

    Numbers, because what goes into the join is held for every figure, and a text takes four times the room.
    """
    editions = pc.unique(observations["edition"])
    days = pa.array([edition_date(text) or date.min for text in editions.to_pylist()], pa.date32())
    con.register("editions_in", pa.table({"at": np.arange(len(days)), "edition": editions}))
    con.execute("CREATE OR REPLACE TEMP TABLE editions AS FROM editions_in")
    con.unregister("editions_in")
    if len(days) == 1:
        at = pa.repeat(pa.scalar(0, pa.int32()), observations.num_rows)
    else:
        at = pc.index_in(observations["edition"], value_set=editions)
    added = {"edition_at": at, "edition_date": pc.take(days, at), "number": pa.array(np.arange(observations.num_rows))}
    for name, column in added.items():
        observations = observations.append_column(name, column)
    return observations


_SCOPE = pa.schema(
    [
        ("source", pa.string()),
        ("series_code", pa.string()),
        ("areas", pa.list_(pa.string())),
        ("year_from", pa.int32()),
        ("year_to", pa.int32()),
        ("place", pa.list_(pa.string())),
        ("basis", pa.string()),
    ]
)


def _scope_table(scopes: Sequence[Scope]) -> pa.Table:
    rows = [
        {
            "source": scope.source,
            "series_code": scope.series_code,
            "areas": None if scope.areas is None else list(scope.areas),
            "year_from": None if scope.years is None else scope.years[0],
            "year_to": None if scope.years is None else scope.years[1],
            "place": None if scope.place is None else list(scope.place),
            "basis": scope.basis,
        }
        for scope in scopes
    ]
    return pa.Table.from_pylist(rows, schema=_SCOPE)


def _scopes(con: duckdb.DuckDBPyConnection, reading: Reading, incoming: pa.Table) -> None:
    """Note what the reading speaks of, each scope with the edition of its newest figure: the table `scopes`."""
    con.register("scopes_in", _scope_table([*reading.scopes, *reading.withdrawn]))
    con.register("newest", _newest(con, incoming))
    con.execute(
        """CREATE OR REPLACE TEMP TABLE scopes AS
        SELECT s.*, coalesce(e.edition, $edition) AS edition, coalesce(e.edition_date, $day) AS edition_date,
               coalesce(e.snapshot, '') AS snapshot
        FROM scopes_in s LEFT JOIN newest e USING (source, series_code)""",
        {"edition": reading.edition, "day": edition_date(reading.edition) or date.min},
    )
    con.unregister("scopes_in")
    con.unregister("newest")


def _newest(con: duckdb.DuckDBPyConnection, incoming: pa.Table) -> pa.Table:
    """Give one figure of the newest edition of each series; only the numbers of figures go through the grouping."""
    numbers = con.execute(
        "SELECT arg_max(number, edition_date) AS number FROM incoming GROUP BY source, series_code"
    ).to_arrow_table()["number"]
    wanted = np.zeros(incoming.num_rows, dtype=bool)
    wanted[numbers.to_numpy()] = True
    return incoming.select(["source", "series_code", "edition", "edition_date", "snapshot"]).filter(pa.array(wanted))


def _join(con: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    """Say of each figure how it stands: the table `compared`.

    A reading of one source meets that source's figures only, so the source need not be compared again: each column of
    the key costs a tenth of the join.
    """
    spoken = {scope.source for scope in (*reading.scopes, *reading.withdrawn)}
    sources = {*pc.unique(reading.observations["source"]).to_pylist(), *spoken}
    names = [name for name in KEY if name != "source"] if len(sources) == 1 else KEY
    held, given = _held(reading)
    one = "source = $sources[1]" if len(sources) == 1 else "list_contains($sources, source)"
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE compared AS
        FROM (
          SELECT i.number, i.edition_at, i.edition_date, s.place, CASE
              WHEN s.place IS NULL THEN 'added'
              WHEN i.number IS NULL THEN 'gone'
              WHEN {same_meaning("i", "s")} THEN CASE
                WHEN i.edition_date > s.edition_seen_date THEN 'confirmed'
                WHEN i.edition_date < s.edition_date THEN 'foreseen'
                WHEN i.edition_date > s.edition_date AND i.edition_date < s.edition_seen_date THEN 'within'
                ELSE 'same'
              END
              WHEN i.edition_date < s.edition_seen_date THEN 'older'
              ELSE 'revised'
            END AS change
          FROM incoming i FULL JOIN (
            SELECT rowid AS place, * FROM store.history
            WHERE vintage_to IS NULL AND {one} {held}
          ) s ON {same_key("i", "s", names)}
        ) WHERE change <> 'same'""",
        {"sources": sorted(sources), **given},
    )


def _held(reading: Reading) -> tuple[str, dict[str, list[str]]]:
    """Narrow what is held to what a reading of few indicators can meet, by its key or as what it no longer holds."""
    codes = {scope.series_code for scope in (*reading.scopes, *reading.withdrawn)}
    indicators = pc.unique(reading.observations["indicator"]).to_pylist() if len(codes) <= FEW else []
    if len(codes) > FEW or len(indicators) > FEW:
        return "", {}
    condition = "AND (list_contains($indicators, indicator) OR list_contains($codes, series_code))"
    return condition, {"indicators": indicators, "codes": sorted(codes)}


def _followed(con: duckdb.DuckDBPyConnection) -> None:
    """Call a figure that is not held `older`, not added, where a newer edition said something of it that went since."""
    added = "SELECT number FROM compared WHERE change = 'added'"
    first = con.execute("SELECT min(edition_date) FROM compared WHERE change = 'added'").fetchall()[0][0]
    newer = "SELECT 1 FROM store.history WHERE vintage_to IS NOT NULL AND edition_seen_date > ? LIMIT 1"
    if first is None or not con.execute(newer, [first]).fetchall():
        return
    con.execute(
        f"""UPDATE compared SET change = 'older' WHERE change = 'added' AND number IN (
          SELECT i.number FROM incoming i JOIN store.history h
          ON {same_key("i", "h")} AND h.edition_seen_date > i.edition_date
          WHERE h.vintage_to IS NOT NULL AND i.number IN ({added}))"""
    )


def _left_out_by_newer(con: duckdb.DuckDBPyConnection) -> None:
    """Call a figure `older` that would become current, where a newer edition that covers its place left it out.

    The figure that it would have revised under another code goes with it.
    """
    kinds = {row[0] for row in con.execute(f"SELECT DISTINCT basis FROM ({wholeness.NEWER})").fetchall()}
    if not kinds:
        return
    if "proven" in kinds:
        con.execute(wholeness.EXTENT)
    newer = wholeness.PROVEN_AGAINST if "proven" in kinds else wholeness.NEWER
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE left_out AS SELECT * FROM compared
        WHERE change IN ('added', 'revised') AND number IN (
          SELECT i.number FROM incoming i JOIN ({newer}) t
          ON {inside("t", "i")} AND t.edition_date > i.edition_date)"""
    )
    con.execute("UPDATE compared SET change = 'older' WHERE number IN (SELECT number FROM left_out)")
    con.execute(
        """INSERT INTO compared SELECT * REPLACE (NULL AS number, 'removed' AS change)
        FROM left_out WHERE change = 'revised'"""
    )
    con.execute("DROP TABLE left_out")


def _spoken_of(con: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    """Call a held figure that did not come `removed` where the reading covers its place.

    Where a record of its series, area and period came and was set aside, nothing is proved; a withdrawal by name is.
    """
    con.register("unread_in", UNREAD.empty_table() if reading.unread is None else reading.unread)
    con.execute(
        f"""UPDATE compared SET change = 'removed' WHERE change = 'gone' AND place IN (
          SELECT s.rowid FROM store.history s JOIN scopes c
            ON {inside("c", "s")} AND c.edition_date >= s.edition_seen_date AND c.basis IN ('whole', 'proven')
          WHERE s.rowid IN (SELECT place FROM compared WHERE change = 'gone')
            AND (c.place IS NOT NULL OR NOT EXISTS (
              FROM unread_in u WHERE u.series_code = s.series_code AND u.ref_area = s.ref_area
                AND u.time_period = s.time_period)))"""
    )
    con.unregister("unread_in")
