"""Older editions taken in later: filed so that each day of the publisher's clock can be told, none of ours moved.

A row of the history tells a figure from the first edition that gave it (`edition`) to the last (`edition_seen`). What
an edition in between said otherwise is a row of its own with an empty holding interval; where the figure came back
after it, the edition that brought it back becomes such a row too.
"""

from collections.abc import Sequence
from datetime import datetime

import duckdb

from schemas.observation import KEY, OBSERVATION

SAME_DIGITS = 5e-11
"""Relative difference up to which two numbers are one figure printed with 11 significant digits or more."""
CAUSE = "older edition taken in"


def same_key(left: str, right: str, names: Sequence[str] = KEY) -> str:
    """SQL condition: both rows speak of the same figure."""
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in names)


def same_meaning(left: str, right: str) -> str:
    """SQL condition: both rows say the same of it, under the same code of the publisher."""
    return f"""abs({left}.value - {right}.value) <= {SAME_DIGITS} * greatest(abs({left}.value), abs({right}.value))
    AND {left}.unit = {right}.unit AND {left}.obs_status = {right}.obs_status AND {left}.note = {right}.note
    AND {left}.series_code = {right}.series_code"""


def inside(scope: str, row: str) -> str:
    """SQL condition: the row lies inside what the scope speaks of."""
    return f"""{scope}.source = {row}.source AND {scope}.series_code = {row}.series_code
        AND ({scope}.areas IS NULL OR list_contains({scope}.areas, {row}.ref_area))
        AND ({scope}.year_from IS NULL OR {row}.year BETWEEN {scope}.year_from AND {scope}.year_to)
        AND ({scope}.place IS NULL OR ({scope}.place[1] IN ('', {row}.time_period)
          AND {scope}.place[2:] = [{row}.sex, {row}.age, {row}.urbanisation, {row}.breakdown]))"""


def file_older(con: duckdb.DuckDBPyConnection, vintage: datetime) -> int:
    """Write what older editions said into the history; what it knows already is left out. Gives the number of rows.

    Works on the table `arrived` of `warehouse.history`.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE contested AS {_CONTESTED}")
    con.execute(_BRING_BACK)
    filed = count(con.execute(_FILE, [vintage, vintage]))
    con.execute(_FORESEE)
    con.execute("DROP TABLE temp.contested")
    return filed


def count(result: duckdb.DuckDBPyConnection) -> int:
    """Give the number of rows that a statement changed."""
    return int(result.fetchall()[0][0])


_CONTESTED = f"""
SELECT DISTINCT i.number FROM arrived i JOIN store.history s ON s.rowid = i.place
JOIN store.history h ON {same_key("i", "h")} AND NOT ({same_meaning("i", "h")}) AND (
  h.edition_date > least(i.edition_date, s.edition_date) AND h.edition_date < greatest(i.edition_date, s.edition_date)
  OR h.edition_seen_date > least(i.edition_date, s.edition_date)
  AND h.edition_seen_date < greatest(i.edition_date, s.edition_date))
WHERE i.change IN ('foreseen', 'within')"""
"""Figures that repeat the standing one, though an edition between the two said something of its own."""

_FILE = f"""
INSERT INTO store.history
SELECT {", ".join(f"i.{name}" for name in OBSERVATION.names)}, i.edition_date, i.edition, i.edition_date, ?, ?,
       '{CAUSE}', '{CAUSE}'
FROM arrived i LEFT JOIN store.history s
  ON {same_key("i", "s")} AND i.edition IN (s.edition, s.edition_seen) AND {same_meaning("i", "s")}
WHERE (i.change = 'older' OR i.number IN (FROM contested)) AND s.indicator IS NULL"""

_BRING_BACK = f"""
INSERT INTO store.history
SELECT h.* REPLACE (n.edition AS edition, n.edition_date AS edition_date, h.vintage_from AS vintage_to,
                    '{CAUSE}' AS cause_from, '{CAUSE}' AS cause_to)
FROM (
  SELECT h.rowid AS place, min_by(t.edition, t.edition_date) AS edition, min(t.edition_date) AS edition_date
  FROM arrived i JOIN store.history h
    ON {same_key("i", "h")} AND h.edition_date < i.edition_date AND i.edition_date < h.edition_seen_date
    AND NOT ({same_meaning("i", "h")})
  JOIN store.intake t ON {inside("t", "i")} AND t.edition_date > i.edition_date
  WHERE i.change = 'older' OR i.number IN (FROM contested)
  GROUP BY h.rowid, i.number
) n JOIN store.history h ON h.rowid = n.place AND n.edition_date <= h.edition_seen_date
LEFT JOIN store.history k ON {same_key("h", "k")} AND k.edition = n.edition AND {same_meaning("h", "k")}
WHERE k.indicator IS NULL"""
"""From which edition on a figure was told again, where an older edition now falls into its run."""

_FORESEE = """
UPDATE store.history AS h SET edition = i.edition, edition_date = i.edition_date
FROM arrived i WHERE i.place = h.rowid AND i.change = 'foreseen' AND i.number NOT IN (FROM contested)"""
