"""Made-up figures by the million, made inside DuckDB: the same number always gives the same figure."""

import hashlib
from datetime import date, datetime, timedelta

import duckdb

from schemas.observation import OBSERVATION, REJECT, conform
from schemas.source import Reading, Scope

INDICATORS = 200
FIRST = date(2018, 1, 1)
SOURCE = "made_up"


def edition_day(number: int) -> str:
    """Give the day of the edition of this number, one a month."""
    return (FIRST + timedelta(days=30 * number)).isoformat()


def vintage(number: int) -> datetime:
    """Give the moment at which the edition of this number is taken in: the day after it."""
    return datetime.fromisoformat(edition_day(number)) + timedelta(days=1)


def figures(rows: int, number: int) -> str:
    """Give the query of so many figures, of which each edition after the first has revised 5 %.

    They come in the order in which publishers send them: by series, breakdown, area and year.
    """
    revised = "".join(f" + (hash(i, {100 + step}) % 1000 < 50)::INTEGER" for step in range(1, number + 1))
    snapshot = hashlib.sha256(edition_day(number).encode()).hexdigest()
    return f"""
SELECT 'made_up_indicator_' || series AS indicator, 'A' || lpad((place // 40 % 250)::VARCHAR, 3, '0') AS ref_area,
       year::VARCHAR AS time_period, year,
       ['_T', 'F', 'M', '_T', '_T'][part] AS sex, ['_T', '_T', '_T', 'Y15T24', 'Y25T74'][part] AS age,
       '_T' AS urbanisation, '_T' AS breakdown, round(hash(i, 1) % 10000000 / 1e5 + 1, 5){revised} AS value,
       'percent_of_population' AS unit, 'A' AS obs_status, '' AS note, '{SOURCE}' AS source,
       'MADE.' || series AS series_code, '{edition_day(number)}' AS edition, '{snapshot}' AS snapshot,
       'row:' || i AS record
FROM (
  SELECT i, series, place, (1985 + place % 40)::INTEGER AS year, place // 10000 + 1 AS part
  FROM (SELECT i, i * {INDICATORS} // {rows} AS series, i % {rows // INDICATORS} AS place FROM range({rows}) t(i)))"""


def some_gone_and_new(query: str) -> str:
    """Give the query with 0.5 % of its figures left out and as many that were not there."""
    return f"""SELECT * FROM ({query}) WHERE hash(record, 2) % 1000 >= 5
UNION ALL SELECT * REPLACE ('B' || ref_area[2:] AS ref_area) FROM ({query}) WHERE hash(record, 3) % 1000 < 5"""


def reading(query: str, number: int) -> Reading:
    """Give what a query makes as the whole answer of an edition."""
    with duckdb.connect() as con:
        table = con.execute(f"SELECT {', '.join(OBSERVATION.names)} FROM ({query})").to_arrow_table()
    scopes = tuple(Scope(SOURCE, f"MADE.{series}") for series in range(INDICATORS))
    return Reading(conform(table), REJECT.empty_table(), edition_day(number), scopes)
