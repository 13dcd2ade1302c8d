"""Why figures changed, where it was not the publisher: our method, a group's members, or a declared correction.

`warehouse.history` writes down that they changed; what it was is seen only when everything of the run is staged.
"""

from datetime import datetime

import duckdb
import pyarrow as pa

from warehouse.editions import same_key

APPLIED, EXPIRED = "correction applied", "correction expired"

_EXPLAIN = """
WITH touched AS (
  SELECT rowid AS place, source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown, edition,
         vintage_from = $vintage AS opened
  FROM store.history
  WHERE source = 'ictdev' AND (vintage_from = $vintage OR vintage_to = $vintage)
), told AS (
  SELECT place, opened, count(*) OVER same_key = 2 AS replaced,
         min(edition) OVER same_key <> max(edition) OVER same_key AS other_method,
         list_contains($groups, ref_area) AS other_members
  FROM touched
  WINDOW same_key AS (PARTITION BY source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown)
)
SELECT place, opened,
  CASE
    WHEN other_method THEN 'our method changed'
    WHEN other_members THEN 'group membership changed'
    WHEN NOT $inputs THEN 'our method changed'
    WHEN replaced THEN 'source revised'
    WHEN opened THEN 'source added'
    ELSE 'source removed'
  END AS cause
FROM told"""


def explain_derived(con: duckdb.DuckDBPyConnection, vintage: datetime) -> None:
    """Write the cause of every change of a derived figure at this vintage into the history."""
    given = {"vintage": vintage, "groups": _changed_groups(con, vintage), "inputs": _inputs_changed(con, vintage)}
    con.execute(f"CREATE OR REPLACE TEMP TABLE explained AS {_EXPLAIN}", given)
    for column, opened in (("cause_from", "opened"), ("cause_to", "NOT opened")):
        con.execute(
            f"UPDATE store.history AS h SET {column} = e.cause FROM explained e WHERE e.place = h.rowid AND {opened}"
        )
    con.execute("DROP TABLE temp.explained")


def note_methods(con: duckdb.DuckDBPyConnection, derived: pa.Table) -> None:
    """Write down which method gives each standing figure of ours, also where another version gives the same value."""
    con.register("derived_in", derived)
    con.execute(
        f"""UPDATE store.history AS s SET edition_seen = i.edition FROM derived_in i
        WHERE s.vintage_to IS NULL AND s.source = 'ictdev' AND s.edition_seen <> i.edition AND {same_key("i", "s")}"""
    )
    con.unregister("derived_in")


def _inputs_changed(con: duckdb.DuckDBPyConnection, vintage: datetime) -> bool:
    """Tell whether any publisher's figure came, went or changed at this vintage."""
    found = con.execute(
        "SELECT count(*) > 0 FROM store.history WHERE source <> 'ictdev' AND (vintage_from = ? OR vintage_to = ?)",
        [vintage, vintage],
    ).fetchall()
    return bool(found[0][0])


def _changed_groups(con: duckdb.DuckDBPyConnection, vintage: datetime) -> list[str]:
    """Name the groups whose dated membership is another than at the run before; none at the very first."""
    found = con.execute(
        "SELECT DISTINCT group_code FROM store.membership WHERE (vintage_from = ? OR vintage_to = ?) "
        "AND (SELECT min(vintage_from) FROM store.membership) < ? ORDER BY ALL",
        [vintage, vintage, vintage],
    ).fetchall()
    return [row[0] for row in found]


_SAME_FIGURE = " AND ".join(
    f"h.{name} = k.{name}"
    for name in ("source", "indicator", "ref_area", "time_period", "sex", "age", "urbanisation", "breakdown")
)


def explain_corrected(con: duckdb.DuckDBPyConnection, vintage: datetime, figures: pa.Table, cause: str) -> None:
    """Write `correction applied` or `correction expired` as the cause of every change of the figures at this vintage.

    A figure that was corrected when it first came in was added by its source all the same.
    """
    con.register("figures_in", figures)
    kept = "" if cause == EXPIRED else " AND h.cause_from <> 'source added'"
    for column, moment in (("cause_from", f"h.vintage_from = $vintage{kept}"), ("cause_to", "h.vintage_to = $vintage")):
        con.execute(
            f"UPDATE store.history AS h SET {column} = $cause FROM figures_in k WHERE {_SAME_FIGURE} AND {moment} "
            "AND h.vintage_to IS DISTINCT FROM h.vintage_from",
            {"vintage": vintage, "cause": cause},
        )
    con.unregister("figures_in")
