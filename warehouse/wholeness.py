"""Wholeness: whether a file holds all that stood, which decides whether what it leaves out was removed.

A file proves itself whole for a series by having every economy, every year and every breakdown that was held of it up
to its own edition. A proof speaks of those economies and years only. Works on the tables of `warehouse.comparison`.
"""

import duckdb

from schemas.observation import DIMENSIONS
from warehouse.editions import inside

_KIND = " || ' ' || ".join(f"{{row}}.{name}" for name in DIMENSIONS)


def _kind(row: str) -> str:
    """SQL text: the breakdown of a figure."""
    return _KIND.format(row=row)


EXTENT = f"""CREATE OR REPLACE TEMP TABLE extent AS
SELECT source, series_code, list(DISTINCT ref_area ORDER BY ref_area) AS areas, list(DISTINCT time_period) AS periods,
       list(DISTINCT {_kind("incoming")}) AS kinds, min(year) AS first, max(year) AS last
FROM incoming GROUP BY source, series_code"""
"""Of each series of a reading: the economies, periods and breakdowns that it has figures of."""

_GONE = "store.history s JOIN compared g ON g.place = s.rowid AND g.change = 'gone'"

_DISPROVED = f"""UPDATE scopes AS c SET basis = 'part' FROM (
  SELECT DISTINCT c.source, c.series_code FROM scopes c JOIN {_GONE}
    ON s.source = c.source AND s.series_code = c.series_code AND s.edition_date <= c.edition_date
  LEFT JOIN extent e ON e.source = c.source AND e.series_code = c.series_code
  WHERE c.basis = 'claimed' AND (
    e.areas IS NULL OR NOT list_contains(e.areas, s.ref_area) OR NOT list_contains(e.periods, s.time_period)
    OR NOT list_contains(e.kinds, {_kind("s")}))
) d WHERE d.source = c.source AND d.series_code = c.series_code AND c.basis = 'claimed'"""

_STAYING = f"""SELECT count(DISTINCT s.rowid) FROM {_GONE} JOIN scopes c
  ON {inside("c", "s")} AND c.basis = 'part' AND c.edition_date >= s.edition_seen_date
  AND NOT EXISTS (SELECT 1 FROM scopes w WHERE w.basis = 'whole' AND {inside("w", "s")})"""

_NARROW = """UPDATE scopes AS c SET areas = e.areas, year_from = e.first, year_to = e.last FROM extent e
WHERE e.source = c.source AND e.series_code = c.series_code AND c.basis <> 'whole'"""


def settle(con: duckdb.DuckDBPyConnection) -> int:
    """Decide which claimed scopes are proven, and narrow those and parts to what the reading names.

    Gives the number of figures that a whole answer would have removed and this one leaves where they are.
    """
    if not con.execute("SELECT count(*) FROM scopes WHERE basis <> 'whole'").fetchall()[0][0]:
        return 0
    con.execute(EXTENT)
    con.execute(_DISPROVED)
    con.execute("UPDATE scopes SET basis = 'proven' WHERE basis = 'claimed'")
    staying = int(con.execute(_STAYING).fetchall()[0][0])
    con.execute(_NARROW)
    con.execute("DELETE FROM scopes WHERE basis <> 'whole' AND areas IS NULL")  # nothing is named
    con.execute("DROP TABLE temp.extent")
    return staying


NEWER = """SELECT t.* FROM store.intake t WHERE t.basis IN ('whole', 'proven')
  AND t.edition_date > (SELECT min(edition_date) FROM compared WHERE change IN ('added', 'revised'))"""
"""Newer editions that may have left out a figure of this reading."""

PROVEN_AGAINST = f"""SELECT t.* FROM ({NEWER}) t LEFT JOIN extent e USING (source, series_code)
WHERE t.basis = 'whole' OR (list_has_all(t.areas, e.areas) AND e.first >= t.year_from AND e.last <= t.year_to)"""
"""Those of them that are whole also by what this reading, had it come first, would have shown to be there."""
