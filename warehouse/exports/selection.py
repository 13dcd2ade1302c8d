"""Which figures of a release are asked for: the moment, the indicator, open terms only; as views with a licence column.

The views lie over those of the release on the export's own connection, so that the release's models read them too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from schemas.errors import Unanswered
from schemas.observation import OBSERVATION
from warehouse import asking, models, terms
from warehouse.literals import quoted
from warehouse.terms import OURS, UNKNOWN, Terms

FIGURES = ("observation", "observation_preferred", "latest")
"""Tables of figures, each row with its licence."""
PREFERRED = FIGURES[1]
_PREFERRED = """SELECT o.* FROM observation o
JOIN preferred_source USING (indicator, ref_area, sex, age, urbanisation, breakdown, source)"""
"""The preferred of the figures that are asked for, with their licence."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a release is asked for."""

    open_only: bool = False
    as_of: str | None = None
    edition_as_of: str | None = None
    indicator: str | None = None
    bom: bool = False
    """CSV begins with a byte order mark, by which spreadsheets tell that it is UTF-8."""

    @property
    def whole(self) -> bool:
        """True where the release is asked for as it stands, with the tables that were worked out of it."""
        return not (self.open_only or self.as_of or self.edition_as_of or self.indicator)


@dataclass(frozen=True, slots=True)
class Selected:
    """What was defined: the condition on the history, and the terms by publisher and by sources of figures of ours."""

    held: str
    of_sources: Mapping[str, Terms]
    of_derived: Mapping[tuple[str, ...], Terms]


def select(con: duckdb.DuckDBPyConnection, asked: Asked) -> Selected:
    """Define `observation` and what is chosen from it; of a whole release, the tables that it chose itself stay.

    Raises Unanswered for an unknown indicator, Usage for what is no date.
    """
    asking.set_clock(con, asked.as_of, asked.edition_as_of)
    _know(con, asked.indicator)
    held, valid = _clock(con, asked)
    selected = Selected(held, terms.of_sources(con), terms.of_derived(con, held, valid))
    _note_terms(con, selected)
    kept = [held]
    if asked.open_only:
        kept.append("t.open")
    if asked.indicator:
        kept.append(f"h.indicator = {quoted(asked.indicator)}")
    con.execute(f"CREATE OR REPLACE TEMP VIEW observation AS {_figures(asked, selected)} WHERE {' AND '.join(kept)}")
    queries = {PREFERRED: _PREFERRED, **{name: models.text(name) for name in models.KEPT}}
    for name in (PREFERRED,) if asked.whole else ("preferred_source", *FIGURES[1:]):
        con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {queries[name]}")
    return selected


def _know(con: duckdb.DuckDBPyConnection, wanted: str | None) -> None:
    known = [row[0] for row in con.execute("SELECT indicator FROM main.indicator ORDER BY 1").fetchall()]
    if wanted is not None and wanted not in known:
        raise Unanswered(f"there is no indicator {wanted}", why=f"there are: {', '.join(known)}")


def _clock(con: duckdb.DuckDBPyConnection, asked: Asked) -> tuple[str, str]:
    """Give the conditions on history (`h`) and derivations (`d`) for the moment that is asked for."""
    if asked.as_of:
        moment = f"TIMESTAMP '{asking.moment(asked.as_of).isoformat(sep=' ')}'"
        lasts = "{0}.vintage_from <= {1} AND ({0}.vintage_to IS NULL OR {0}.vintage_to > {1})"
        return lasts.format("h", moment), lasts.format("d", moment)
    if asked.edition_as_of:
        said = asking.said_by(asked.edition_as_of, "rowid AS place")
        con.execute(f"CREATE OR REPLACE TEMP TABLE said AS SELECT place, edition, snapshot, record {said}")
        # A publisher's clock does not tell what went into figures of ours: whatever ever went in decides.
        return "h.rowid IN (SELECT place FROM said)", "true"
    return "h.vintage_to IS NULL", "d.vintage_to IS NULL"


def _note_terms(con: duckdb.DuckDBPyConnection, selected: Selected) -> None:
    """Write down the terms of every figure of ours by its place, of every publisher by a number below zero.

    So every figure finds exactly one row: an inner join on a small table, which keeps the order of the history.
    """
    con.execute("CREATE TEMP TABLE source_terms(source VARCHAR, number BIGINT, licence VARCHAR, open BOOLEAN)")
    con.execute("CREATE TEMP TABLE sources_terms(sources VARCHAR[], licence VARCHAR, open BOOLEAN)")
    con.execute("INSERT INTO source_terms VALUES ('', ?, ?, ?)", [_NOBODY, UNKNOWN.licence, UNKNOWN.open])
    for number, (source, own) in enumerate(selected.of_sources.items(), start=1):
        con.execute("INSERT INTO source_terms VALUES (?, ?, ?, ?)", [source, -number, own.licence, own.open])
    for sources, found in selected.of_derived.items():
        con.execute("INSERT INTO sources_terms VALUES (?, ?, ?)", [list(sources), found.licence, found.open])
    con.execute(
        "CREATE TEMP TABLE history_terms AS SELECT number AS place, licence, open FROM source_terms UNION ALL "
        "SELECT r.place, s.licence, s.open FROM rests_on r JOIN sources_terms s ON s.sources = r.sources"
    )


_NOBODY = -1_000_000


def place_of(table: str, selected: Selected) -> str:
    """Give the expression by which a row of a table, called by its alias, finds its terms."""
    known = "".join(
        f" WHEN {quoted(source)} THEN {-number}" for number, source in enumerate(selected.of_sources, start=1)
    )
    return f"CASE {table}.source WHEN '{OURS}' THEN {table}.rowid{known} ELSE {_NOBODY} END"


def _figures(asked: Asked, selected: Selected) -> str:
    """Give the query of the figures with their licence; what is current tells the newest edition that said the same."""
    current = not (asked.as_of or asked.edition_as_of)
    own = {"edition": "h.edition_seen AS edition"} if current else {}
    if asked.edition_as_of:
        own = {name: f"s.{name}" for name in ("edition", "snapshot", "record")}
    columns = ", ".join(own.get(name, f"h.{name}") for name in OBSERVATION.names)
    return (
        f"SELECT {columns}, t.licence FROM main.observation_history h "
        f"JOIN history_terms t ON t.place = {place_of('h', selected)}"
        + (" JOIN said s ON s.place = h.rowid" if asked.edition_as_of else "")
    )


def chosen(con: duckdb.DuckDBPyConnection, name: str, selected: Selected) -> str:
    """Give the query of a table that the release itself chose from the figures, with their licence."""
    keys = "source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown"
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {name}_terms AS SELECT number AS place, licence FROM source_terms UNION ALL
        SELECT p.rowid, t.licence FROM main.{name} p JOIN (
          SELECT {keys}, t.licence FROM rests_on r JOIN main.observation_history h ON h.rowid = r.place
          JOIN history_terms t ON t.place = r.place) t USING ({keys})"""
    )
    return f"SELECT p.*, t.licence FROM main.{name} p JOIN {name}_terms t ON t.place = {place_of('p', selected)}"
