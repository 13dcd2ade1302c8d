"""History: what we held, from when to when, and why it changed. Only changes are written.

Two clocks run: the vintage at which we came to hold a figure, and the publisher's edition. An edition older than the
one that stands is written down with an empty holding interval, so that it never becomes current and never changes
what an earlier day believed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.observation import OBSERVATION, edition_date
from schemas.source import Reading, Scope
from warehouse.editions import count, file_older, inside, same_key, same_meaning


@dataclass(frozen=True, slots=True)
class Changes:
    """How many figures one reading added, revised, removed, left as they were, or filed as an older edition."""

    added: int = 0
    revised: int = 0
    removed: int = 0
    unchanged: int = 0
    older: int = 0
    confirmed: int = 0
    """Figures that a newer edition repeated."""

    def __add__(self, other: "Changes") -> "Changes":
        """Add up two readings."""
        return Changes(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def any(self) -> bool:
        """True when the history is another than before."""
        return bool(self.added or self.revised or self.removed or self.older or self.confirmed)


def stage(con: duckdb.DuckDBPyConnection, reading: Reading, vintage: datetime, cause: str) -> Changes:
    """Write what a reading changes into the history, inside the caller's transaction.

    `cause` says why figures that are new or different come in: `source revised`, `our method changed` … Running it
    again with the same reading writes nothing.
    """
    if reading.observations.num_rows == 0 and not reading.scopes:
        return Changes()
    counted = _compare(con, _load(con, reading))
    older = file_older(con, vintage) if counted.keys() & {"older", "foreseen", "within"} else 0
    removed = _close_removed(con, vintage)
    _apply(con, vintage, cause)
    _note_intake(con, reading, vintage)
    for name in ("incoming", "compared"):
        con.unregister(name)
    for table in ("standing", "scopes"):
        con.execute(f"DROP TABLE temp.{table}")
    return Changes(
        added=counted.get("added", 0),
        revised=counted.get("revised", 0),
        removed=removed,
        unchanged=counted.get("same", 0) + counted.get("within", 0),
        older=older,
        confirmed=counted.get("confirmed", 0),
    )


def _load(con: duckdb.DuckDBPyConnection, reading: Reading) -> pa.Table:
    """Put before DuckDB what came in (`incoming`), what is held (`standing`) and what the reading speaks of."""
    incoming = _dated(reading.observations)
    con.register("incoming", incoming)
    sources = {*pc.unique(reading.observations["source"]).to_pylist(), *(scope.source for scope in reading.scopes)}
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing AS "
        "SELECT rowid AS place, * EXCLUDE (edition, snapshot, record, cause_from, cause_to, vintage_from, vintage_to) "
        "FROM store.history WHERE vintage_to IS NULL AND list_contains(?, source)",
        [sorted(sources)],
    )
    con.register("scopes_in", _scope_table(reading.scopes))
    con.execute(
        """CREATE OR REPLACE TEMP TABLE scopes AS
        SELECT s.*, coalesce(e.edition, $edition) AS edition, coalesce(e.edition_date, $day) AS edition_date,
               coalesce(e.snapshot, '') AS snapshot
        FROM scopes_in s LEFT JOIN (
          SELECT source, series_code, max_by(edition, edition_date) AS edition, max(edition_date) AS edition_date,
                 any_value(snapshot) AS snapshot
          FROM incoming GROUP BY ALL) e USING (source, series_code)""",
        {"edition": reading.edition, "day": edition_date(reading.edition) or date.min},
    )
    con.unregister("scopes_in")
    return incoming


def _dated(observations: pa.Table) -> pa.Table:
    """Add to each figure the day of its edition and its number."""
    editions = pc.unique(observations["edition"])
    days = pa.array([edition_date(text) or date.min for text in editions.to_pylist()], pa.date32())
    dated = observations.append_column(
        "edition_date", pc.take(days, pc.index_in(observations["edition"], value_set=editions))
    )
    return dated.append_column("number", pa.array(np.arange(observations.num_rows)))


_SCOPE = pa.schema(
    [
        ("source", pa.string()),
        ("series_code", pa.string()),
        ("areas", pa.list_(pa.string())),
        ("year_from", pa.int32()),
        ("year_to", pa.int32()),
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
        }
        for scope in scopes
    ]
    return pa.Table.from_pylist(rows, schema=_SCOPE)


def _compare(con: duckdb.DuckDBPyConnection, incoming: pa.Table) -> dict[str, int]:
    """Say of each incoming figure how it stands to what is held, and count: the table `compared`.

    `place` is the row in the history of the figure that stands in its place. A figure that is not held is added,
    unless a newer edition that speaks of its place left it out.
    """
    same = same_meaning("i", "s")
    found = con.sql(
        f"""SELECT s.place,
          CASE
            WHEN s.place IS NULL AND n.number IS NOT NULL THEN 'older'
            WHEN s.place IS NULL THEN 'added'
            WHEN {same} AND i.edition_date > s.edition_seen_date THEN 'confirmed'
            WHEN {same} AND i.edition_date < s.edition_date THEN 'foreseen'
            WHEN {same} AND i.edition_date BETWEEN s.edition_date + 1 AND s.edition_seen_date - 1 THEN 'within'
            WHEN {same} THEN 'same'
            WHEN i.edition_date < s.edition_seen_date THEN 'older'
            ELSE 'revised'
          END AS change
        FROM incoming i LEFT JOIN standing s ON {same_key("i", "s")}
        LEFT JOIN (
          SELECT DISTINCT i.number FROM incoming i JOIN store.intake t
          ON {inside("t", "i")} AND t.edition_date > i.edition_date
        ) n ON n.number = i.number
        ORDER BY i.number"""
    ).to_arrow_table()
    compared = incoming.append_column("place", found["place"]).append_column("change", found["change"])
    con.register("compared", compared)
    return {one["values"]: one["counts"] for one in pc.value_counts(found["change"]).to_pylist()}


def _prefixed(alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in OBSERVATION.names)


def _close_removed(con: duckdb.DuckDBPyConnection, vintage: datetime) -> int:
    """Close figures that an answer speaks of and no longer holds."""
    return count(
        con.execute(
            f"""UPDATE store.history SET vintage_to = ?, cause_to = 'source removed' WHERE rowid IN (
              SELECT s.place FROM standing s JOIN scopes c
                ON {inside("c", "s")} AND c.edition_date >= s.edition_seen_date
              WHERE NOT EXISTS (SELECT 1 FROM incoming i WHERE {same_key("i", "s")}))""",
            [vintage],
        )
    )


def _apply(con: duckdb.DuckDBPyConnection, vintage: datetime, cause: str) -> None:
    con.execute(
        """UPDATE store.history SET vintage_to = ?, cause_to = ?
        WHERE rowid IN (SELECT place FROM compared WHERE change = 'revised')""",
        [vintage, cause],
    )
    con.execute(
        f"""INSERT INTO store.history
        SELECT {_prefixed("i")}, i.edition_date, i.edition, i.edition_date, ?, NULL,
               CASE i.change WHEN 'added' THEN 'source added' ELSE ? END, NULL
        FROM compared i WHERE i.change IN ('added', 'revised')""",
        [vintage, cause],
    )
    con.execute(
        """UPDATE store.history AS h SET edition_seen = i.edition, edition_seen_date = i.edition_date
        FROM compared i WHERE i.place = h.rowid AND i.change = 'confirmed'"""
    )


def _note_intake(con: duckdb.DuckDBPyConnection, reading: Reading, vintage: datetime) -> None:
    con.execute(
        """INSERT INTO store.intake
        SELECT c.source, c.series_code, c.areas, c.year_from, c.year_to, c.edition, c.edition_date, ?, c.snapshot, ?
        FROM scopes c WHERE NOT EXISTS (
          SELECT 1 FROM store.intake t WHERE t.source = c.source AND t.series_code = c.series_code
            AND t.edition = c.edition AND t.snapshot = c.snapshot AND t.areas IS NOT DISTINCT FROM c.areas
            AND t.year_from IS NOT DISTINCT FROM c.year_from AND t.year_to IS NOT DISTINCT FROM c.year_to)""",
        [reading.edition_assumed, vintage],
    )
