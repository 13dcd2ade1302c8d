"""Under which terms a figure may be passed on: its source's own, or for a figure of ours the strictest of its inputs'.

What went into a figure of ours is read from table `derivation_history`. A figure whose inputs cannot be told counts as
not open: what is unknown is never passed on as free.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

OURS = "ictdev"
_KEY = ("indicator", "ref_area", "time_period", "sex", "age", "urbanisation", "breakdown")


@dataclass(frozen=True, slots=True)
class Terms:
    """A licence, or several that hold together."""

    licence: str
    title: str
    url: str
    open: bool

    @property
    def strictness(self) -> int:
        """0 free of conditions, 1 attribution, 2 share-alike, 3 not open."""
        if not self.open:
            return 3
        if re.search(r"(?i)\bSA\b|share-?alike|ODbL", self.licence):
            return 2
        return 0 if re.match(r"(?i)CC0|PDDL|public", self.licence) else 1


UNKNOWN = Terms("unknown", "Terms unknown", "", open=False)


def strictest(found: Iterable[Terms]) -> Terms:
    """Give the strictest terms. Several that are equally strict hold together, as `A AND B`. UNKNOWN for none."""
    different = {terms.licence: terms for terms in found}
    if not different:
        return UNKNOWN
    worst = max(terms.strictness for terms in different.values())
    chosen = [terms for _, terms in sorted(different.items()) if terms.strictness == worst]
    if len(chosen) == 1:
        return chosen[0]
    return Terms(
        " AND ".join(terms.licence for terms in chosen),
        "; ".join(terms.title for terms in chosen),
        " ".join(terms.url for terms in chosen if terms.url),
        open=worst < 3,
    )


def of_sources(con: duckdb.DuckDBPyConnection) -> dict[str, Terms]:
    """Give the terms of every publisher of a release."""
    rows = con.execute(
        "SELECT id, licence, licence_title, licence_url, licence_open FROM main.source ORDER BY id"
    ).fetchall()
    return {row[0]: Terms(row[1], row[2], row[3], open=row[4]) for row in rows if row[0] != OURS}


def of_derived(con: duckdb.DuckDBPyConnection, held: str, valid: str) -> dict[tuple[str, ...], Terms]:
    """Give the terms of derived figures by the sources that they rest on, each combination once.

    `held` is a condition on `observation_history` as `h` (which figures), `valid` one on `derivation_history` as `d`
    (which inputs). Leaves the temporary table `rests_on`: place of a figure in the history, sources as a sorted list.
    """
    _walk(con, held, valid)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE rests_on AS
        SELECT h.rowid AS place, coalesce(i.sources, []) AS sources
        FROM main.observation_history h LEFT JOIN (
          SELECT place, list(DISTINCT source ORDER BY source) AS sources FROM input_source GROUP BY place
        ) i ON i.place = h.rowid
        WHERE h.source = '{OURS}' AND {held}"""
    )
    known = of_sources(con)
    found = con.execute("SELECT DISTINCT sources FROM rests_on ORDER BY sources").fetchall()
    return {tuple(row[0]): strictest([known.get(source, UNKNOWN) for source in row[0]]) for row in found}


def _walk(con: duckdb.DuckDBPyConnection, held: str, valid: str) -> None:
    """Follow the inputs of every derived figure to the publishers, through figures of ours that went in themselves."""
    same = " AND ".join(f"d.{name} = h.{name}" for name in _KEY)
    behind = f"main.observation_history h JOIN main.derivation_history d ON {same}"
    ours = f"h.source = '{OURS}' AND {held} AND {valid}"
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE input_source AS
        SELECT DISTINCT place, trim(unnest(string_split(input_source, ','))) AS source
        FROM (SELECT DISTINCT h.rowid AS place, d.input_source FROM {behind} WHERE {ours})"""
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE rests_on_ours AS
        WITH inner_input AS (
          SELECT DISTINCT h.rowid AS place, d.input_indicator, d.input_time_period, d.input_sex, d.input_breakdown,
                 unnest(d.input_areas) AS input_area
          FROM {behind} WHERE {ours} AND list_contains(string_split(d.input_source, ', '), '{OURS}')
        )
        SELECT DISTINCT i.place, h.rowid AS inner_place FROM inner_input i JOIN main.observation_history h
          ON h.source = '{OURS}' AND h.indicator = i.input_indicator AND h.time_period = i.input_time_period
         AND h.sex = i.input_sex AND h.breakdown = i.input_breakdown AND h.ref_area = i.input_area
        WHERE {held}"""
    )
    while _carry_up(con):
        pass
    con.execute(f"DELETE FROM input_source WHERE source = '{OURS}' AND place IN (SELECT place FROM rests_on_ours)")


def _carry_up(con: duckdb.DuckDBPyConnection) -> bool:
    """Let each figure rest on what the figures of ours beneath it rest on; tell whether that added any."""
    added = con.execute(
        """INSERT INTO input_source
        SELECT DISTINCT r.place, s.source FROM rests_on_ours r JOIN input_source s ON s.place = r.inner_place
        ANTI JOIN input_source known ON known.place = r.place AND known.source = s.source"""
    ).fetchall()
    return bool(added[0][0])
