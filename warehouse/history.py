"""History: what we held, from when to when, and why it changed. Only changes are written.

Two clocks run: the vintage at which we came to hold a figure, and the publisher's edition. An edition older than the
one that stands is written down with an empty holding interval, so that it never becomes current and never changes
what an earlier day believed.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa

from schemas.observation import OBSERVATION
from schemas.source import Reading
from warehouse.comparison import compared
from warehouse.editions import file_older


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
    staying: int = 0
    """Figures that a part left out: they stay."""

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
    if reading.observations.num_rows == 0 and not (reading.scopes or reading.withdrawn):
        return Changes()
    with compared(con, reading) as found:
        con.register("arrived", _changed(con, found.incoming))
        older = file_older(con, vintage) if found.counts.keys() & {"older", "foreseen", "within"} else 0
        _close(con, vintage, cause)
        _apply(con, vintage, cause)
        _note_intake(con, reading, vintage)
        con.unregister("arrived")
    count = found.counts
    return Changes(
        added=count.get("added", 0),
        revised=count.get("revised", 0),
        removed=count.get("removed", 0),
        unchanged=count["same"] + count.get("within", 0),
        older=older,
        confirmed=count.get("confirmed", 0),
        staying=found.staying,
    )


def _changed(con: duckdb.DuckDBPyConnection, incoming: pa.Table) -> pa.Table:
    """Give the incoming figures that are to be written or filed, in order, each with its place and change."""
    found = con.execute(
        "SELECT number, place, change FROM compared "
        "WHERE change IN ('added', 'revised', 'older', 'foreseen', 'within') ORDER BY number"
    ).to_arrow_table()
    wanted = np.zeros(incoming.num_rows, dtype=bool)
    wanted[found["number"].to_numpy()] = True
    rows = incoming if wanted.all() else incoming.filter(pa.array(wanted))
    return rows.append_column("place", found["place"]).append_column("change", found["change"])


def _prefixed(alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in OBSERVATION.names)


def _close(con: duckdb.DuckDBPyConnection, vintage: datetime, cause: str) -> None:
    """Close what was revised, and what an answer speaks of and no longer holds."""
    for change, why in (("revised", cause), ("removed", "source removed")):
        con.execute(
            """UPDATE store.history SET vintage_to = ?, cause_to = ?
            WHERE rowid IN (SELECT place FROM compared WHERE change = ?)""",
            [vintage, why, change],
        )


def _apply(con: duckdb.DuckDBPyConnection, vintage: datetime, cause: str) -> None:
    con.execute(
        f"""INSERT INTO store.history
        SELECT {_prefixed("i")}, i.edition_date, i.edition, i.edition_date, ?, NULL,
               CASE i.change WHEN 'added' THEN 'source added' ELSE ? END, NULL
        FROM arrived i WHERE i.change IN ('added', 'revised')""",
        [vintage, cause],
    )
    con.execute(
        """UPDATE store.history AS h SET edition_seen = e.edition, edition_seen_date = i.edition_date
        FROM compared i JOIN editions e ON e.at = i.edition_at WHERE i.place = h.rowid AND i.change = 'confirmed'"""
    )


def _note_intake(con: duckdb.DuckDBPyConnection, reading: Reading, vintage: datetime) -> None:
    con.execute(
        """INSERT INTO store.intake BY NAME
        SELECT c.source, c.series_code, c.areas, c.year_from, c.year_to, c.edition, c.edition_date,
               ? AS edition_assumed, c.snapshot, ? AS vintage, c.place, c.basis
        FROM (SELECT DISTINCT * FROM scopes) c WHERE NOT EXISTS (
          SELECT 1 FROM store.intake t WHERE t.source = c.source AND t.series_code = c.series_code
            AND t.edition = c.edition AND t.snapshot = c.snapshot AND t.areas IS NOT DISTINCT FROM c.areas
            AND t.year_from IS NOT DISTINCT FROM c.year_from AND t.year_to IS NOT DISTINCT FROM c.year_to
            AND t.place IS NOT DISTINCT FROM c.place AND t.basis = c.basis)""",
        [reading.edition_assumed, vintage],
    )
