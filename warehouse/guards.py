"""Guards: what an answer does to the figures that are held, when it does more than a publisher usually does.

They look at a source after its answer was staged and before anything is committed. `flows.settle` takes the staged
changes back where a guard speaks of figures that were fetched, or of figures that a file would remove.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb

from schemas.errors import Guarded, Held
from schemas.observation import KEY
from warehouse.editions import inside
from warehouse.query import fetch_rows

VANISHED = 0.005
"""Share of a source's figures that may vanish at once."""
REVISED = 0.05
"""Share of an indicator's figures that may be revised by more than LARGE at once."""
LARGE = 0.1
"""Relative change from which a revision counts as large."""
YEAR_FIGURES = 5
"""A year of an indicator with fewer figures may go without a word from the guards: single estimates come and go."""
MOVED_ON = 2 / 3
"""Share of the series with the same newest year that must move on before the others count as standing still."""

REMOVALS = ("shrinkage", "vanished", "newest_year")
"""Guards that speak of figures which go."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one guard says of one source."""

    guard: str
    sentence: str
    next_step: str = ""
    """What to do where a check of the release failed."""
    final: bool = False
    """True where nobody can let it through: more rows fail than are named."""

    @property
    def removes(self) -> bool:
        """True where figures go: that holds files of a person, too."""
        return self.guard in REMOVALS


class Tripped(Guarded):
    """Guards quarantine answers: the staged changes are to be taken back."""

    def __init__(self, findings: dict[str, list[Finding]]) -> None:
        super().__init__(f"guards held {', '.join(findings)}")
        self.findings = findings


def held(source: str, findings: list[Finding]) -> Held:
    """Give the error that tells a person what a guard or a check of the release held, and what to do about it."""
    first, rest = findings[0], " | ".join(one.sentence for one in findings[1:])
    if first.next_step:
        ways = [
            first.next_step,
            *([] if first.final else [f"if it is right: ictdev release --accept {source} --why TEXT"]),
        ]
        return Held(first.sentence, why=rest or "nothing of it was taken in", next_step="; ".join(ways), source=source)
    return Guarded(
        first.sentence,
        why=rest or "a publisher seldom changes so much at once; the last good figures stay",
        next_step=f"compare with the publisher; if it is meant so: ictdev release --accept {source} --why TEXT",
        source=source,
    )


def inspect(con: duckdb.DuckDBPyConnection, source: str, vintage: datetime) -> list[Finding]:
    """Hold the source's figures after staging at `vintage` against those before; give what the guards say."""
    con.execute(_BEFORE_AND_AFTER, {"source": source, "vintage": vintage})
    (total,) = fetch_rows(con, "SELECT count(was) AS before, count(*) FILTER (WHERE is_gone) AS gone FROM shift")
    if not total["before"]:
        return []
    return [
        *_vanished(con, total["before"], total["gone"]),
        *_left_out(con),
        *_revised(con),
        *_fell_back(con),
        *_stood_still(con),
    ]


_KEYS = ", ".join(KEY)
# What a publisher withdraws by name (intake with a place) is no figure that vanishes.
_BEFORE_AND_AFTER = f"""
CREATE OR REPLACE TEMP TABLE shift AS
WITH before AS (
  SELECT {_KEYS}, series_code, year, value FROM store.history h
  WHERE source = $source AND vintage_from < $vintage AND (vintage_to IS NULL OR vintage_to >= $vintage)
    AND NOT EXISTS (FROM store.intake t WHERE t.vintage = $vintage AND t.place IS NOT NULL AND {inside("t", "h")})
), after AS (
  SELECT {_KEYS}, series_code, year, value FROM store.history WHERE source = $source AND vintage_to IS NULL
)
SELECT indicator, coalesce(a.series_code, b.series_code) AS series_code, ref_area, time_period,
       coalesce(a.year, b.year) AS year, b.value AS was, a.value AS is_now, a.value IS NULL AS is_gone,
       b.value IS NOT NULL AND abs(a.value - b.value) > {LARGE} * abs(b.value) AS is_large
FROM before b FULL JOIN after a USING ({_KEYS})"""


_EXAMPLES = "string_agg(indicator || ' ' || ref_area || ' ' || time_period, ', ' ORDER BY time_period DESC, ref_area)"


def _vanished(con: duckdb.DuckDBPyConnection, before: int, gone: int) -> Iterator[Finding]:
    if gone > VANISHED * before:
        (told,) = fetch_rows(con, f"SELECT {_EXAMPLES} AS some FROM (FROM shift WHERE is_gone ORDER BY ALL LIMIT 5) s")
        yield Finding(
            "shrinkage",
            f"{gone:,} of {before:,} figures vanish ({gone / before:.1%}, limit {VANISHED:.1%}), "
            f"for example {told['some']}",
        )


def _left_out(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Speak of indicators, and of years of an indicator, of which nothing is left."""
    for row in fetch_rows(
        con,
        f"""SELECT indicator, string_agg(year::VARCHAR, ', ' ORDER BY year) AS years,
                   sum(before) AS before, any_value(everything_gone) AS everything_gone
        FROM (
          SELECT *, sum(after) OVER (PARTITION BY indicator) = 0 AS everything_gone
          FROM (SELECT indicator, year, count(was) AS before, count(is_now) AS after FROM shift GROUP BY ALL)
        ) WHERE before > 0 AND after = 0 AND (before >= {YEAR_FIGURES} OR everything_gone)
        GROUP BY indicator ORDER BY indicator""",
    ):
        what = "the whole indicator" if row["everything_gone"] else f"the year {row['years']}"
        yield Finding("vanished", f"{row['indicator']}: {what} vanishes ({row['before']:,} figures)")


def _revised(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    for row in fetch_rows(
        con,
        f"""SELECT indicator, count(was) AS before, count(*) FILTER (WHERE is_large) AS large,
                   median(is_now / was) FILTER (WHERE is_large AND was <> 0) AS factor
        FROM shift GROUP BY indicator HAVING large > {REVISED} * before ORDER BY indicator""",
    ):
        factor = "" if row["factor"] is None else f"; typical factor {row['factor']:.3g}"
        yield Finding(
            "revision",
            f"{row['indicator']}: {row['large']:,} of {row['before']:,} figures are revised by more than {LARGE:.0%} "
            f"(limit {REVISED:.0%} of them{factor})",
        )


def _fell_back(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    for row in fetch_rows(
        con,
        """SELECT indicator, max(year) FILTER (WHERE was IS NOT NULL) AS was,
                  max(year) FILTER (WHERE NOT is_gone) AS is_now
        FROM shift GROUP BY indicator HAVING is_now < was ORDER BY indicator""",
    ):
        yield Finding(
            "newest_year", f"{row['indicator']}: the newest year falls back from {row['was']} to {row['is_now']}"
        )


def _stood_still(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Speak of series that keep their newest year while most that ended in the same year move on."""
    for row in fetch_rows(
        con,
        f"""WITH newest AS (
          SELECT series_code, max(year) FILTER (WHERE was IS NOT NULL) AS was,
                 max(year) FILTER (WHERE NOT is_gone) AS is_now
          FROM shift GROUP BY series_code
        )
        SELECT series_code, was, share FROM (
          SELECT *, avg((is_now > was)::INT) OVER (PARTITION BY was) AS share FROM newest WHERE was IS NOT NULL
        ) WHERE is_now = was AND share > {MOVED_ON} ORDER BY series_code""",
    ):
        yield Finding(
            "standstill",
            f"series {row['series_code']} stands still at {row['was']}, while {row['share']:.0%} of the publisher's "
            "series that ended there move on",
        )
