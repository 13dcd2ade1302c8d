"""What a reading statement is, and the connection it runs on: the same in this process and in the sandbox's child.

Imports little, because the child starts anew for every query.
"""

from datetime import datetime

import duckdb

from schemas.errors import Invalid, Unanswered, Usage
from warehouse.home import parse_vintage

CONFIG = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "memory_limit": "1GB",
    "threads": "2",
    "max_temp_directory_size": "0KB",
}
"""What keeps SQL that was pasted from elsewhere inside the release."""

_READING = ("SELECT", "EXPLAIN")

_KEYS = ("source", "indicator", "ref_area", "time_period", "sex", "age", "urbanisation", "breakdown")
_SAME = " AND ".join(f"p.{name} = s.{name}" for name in ("series_code", "unit", "obs_status", "note"))
_SAID = f"""FROM (
  WITH said AS (
    SELECT *{{more}} FROM main.observation_history
    WHERE edition_date <= DATE '{{day}}'
    QUALIFY row_number() OVER (
      PARTITION BY {", ".join(_KEYS)}
      ORDER BY CASE WHEN edition_seen_date <= DATE '{{day}}' THEN edition_seen_date ELSE edition_date END DESC,
               edition_date DESC, vintage_from DESC) = 1
  ), moved AS (
    SELECT DISTINCT {", ".join(_KEYS)} FROM main.observation_history WHERE vintage_to IS NOT NULL
  ), earlier AS (
    SELECT {", ".join(f"s.{name}" for name in _KEYS)}, p.edition_date, p.edition, p.snapshot, p.record,
      {_SAME} AND abs(p.value - s.value) <= 5e-11 * greatest(abs(p.value), abs(s.value)) AS same
    FROM said s SEMI JOIN moved USING ({", ".join(_KEYS)})
    JOIN main.observation_history p
      ON {" AND ".join(f"p.{name} = s.{name}" for name in _KEYS)} AND p.edition_date < s.edition_date
  ), first AS (
    SELECT {", ".join(_KEYS)},
      arg_min({{{{'edition': edition, 'snapshot': snapshot, 'record': record}}}}, edition_date) AS told
    FROM (SELECT *, max(edition_date) FILTER (NOT same) OVER (PARTITION BY {", ".join(_KEYS)}) AS other FROM earlier)
    WHERE same AND (other IS NULL OR edition_date > other) GROUP BY ALL
  )
  SELECT s.* REPLACE (coalesce(f.told.edition, s.edition) AS edition,
    coalesce(f.told.snapshot, s.snapshot) AS snapshot, coalesce(f.told.record, s.record) AS record)
  FROM said s LEFT JOIN first f USING ({", ".join(_KEYS)})
)"""
"""What publishers had said last by a day: everything after the columns of a query.

A figure has the edition that first said it so; which that was does not depend on the order in which editions came.
"""

_COLUMNS = """indicator, ref_area, time_period, year, sex, age, urbanisation, breakdown, value, unit, obs_status, note,
       source, series_code, edition, snapshot, record"""


def connect(database: str, vintage: str, **config: str) -> duckdb.DuckDBPyConnection:
    """Open a release's file for reading, with settings that no statement can loosen. Raises Invalid."""
    try:
        return duckdb.connect(database, read_only=True, config={**CONFIG, **config, "lock_configuration": "true"})
    except duckdb.Error as error:
        raise Invalid(
            f"the release {vintage} cannot be opened",
            why=str(error).splitlines()[0],
            next_step="if the file was damaged: ictdev refresh publishes anew once it is moved away",
        ) from error


def relation(con: duckdb.DuckDBPyConnection, text: str) -> duckdb.DuckDBPyRelation:
    """Give the relation of one reading statement.

    Raises Unanswered for a statement that does not read, Usage for a text that is not one statement, and lets
    DuckDB's own errors through.
    """
    _refuse_writing(con, text)
    return con.sql(text)


def refused(error: Exception) -> Unanswered:
    """Give our error for one of DuckDB's."""
    return Unanswered(
        "the query was refused",
        why=str(error).strip(),
        next_step='ictdev sql "SHOW TABLES"   lists what there is; a release can be read, not changed',
    )


def _refuse_writing(con: duckdb.DuckDBPyConnection, text: str) -> None:
    """Refuse what does not read: a second layer, since the connection cannot write anyway."""
    kind = _only_statement(con, text)
    if kind not in _READING and not text.lstrip().upper().startswith(("SHOW", "DESCRIBE", "SUMMARIZE", "PIVOT")):
        raise Unanswered(
            f"{kind} statements are refused",
            why="a release is immutable: it can be read, not changed",
            next_step="open a copy of the .duckdb file with your own tool to build upon it",
        )


def _only_statement(con: duckdb.DuckDBPyConnection, text: str) -> str:
    if "\0" in text:  # DuckDB would read up to it and silently drop the rest
        raise Usage("the query holds a NUL character", next_step="remove it; it was most likely pasted along")
    try:
        statements = con.extract_statements(text)
    except Exception as error:  # whatever it is: a text that cannot be told apart is not run
        raise Unanswered("the query cannot be read", why=str(error).strip(), next_step="check its spelling") from error
    if len(statements) != 1:
        raise Usage(
            f"{len(statements)} statements were given",
            next_step="give one statement at a time; PIVOT needs its values: … ON sex IN ('F', 'M')",
        )
    return str(statements[0].type.name)


def set_clock(con: duckdb.DuckDBPyConnection, as_of: str | None, edition_as_of: str | None) -> None:
    """Make `observation` hold what was held (`as_of`) or said (`edition_as_of`) at a moment. Raises Usage."""
    if as_of is None and edition_as_of is None:
        return
    if as_of is not None and edition_as_of is not None:
        raise Usage("--as-of and --edition-as-of cannot be combined", next_step="choose one of the two clocks")
    if as_of is not None:
        body = f"SELECT * FROM main.observation_as_of('{moment(as_of).isoformat(sep=' ')}')"
    else:
        body = f"SELECT {_COLUMNS} {said_by(edition_as_of or '')}"
    con.execute(f"CREATE OR REPLACE TEMP VIEW observation AS {body}")


def said_by(day: str, more: str = "") -> str:
    """Give the end of a query of what publishers had said by a day; `more` names further columns. Raises Usage."""
    return _SAID.format(day=moment(day).date().isoformat(), more=f", {more}" if more else "")


def moment(text: str) -> datetime:
    """Read a vintage's name or a date, which means the end of that day. Raises Usage."""
    try:
        return parse_vintage(text)
    except ValueError as error:
        raise Usage(
            f"“{text}” is not a date", next_step="write 2026-11-23, or a vintage such as 20261123T180412Z"
        ) from error
