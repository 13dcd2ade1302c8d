"""What keeping every version costs: comparing, reading as of a day and bytes on disk."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks import comparing, made_up
from benchmarks.cost import best
from warehouse import models, releases
from warehouse.compaction import compact_when_due
from warehouse.history import stage
from warehouse.home import Home
from warehouse.query import Session
from warehouse.store import Store

READ_ROWS = 500_000
VINTAGES = 100
READ_ROUNDS = 15
KEPT_ROWS = 500_000
EDITIONS = 10


def lines(folder: Path) -> Iterator[str]:
    """Give every measure, each with its limit."""
    yield from comparing.lines(folder)
    yield from as_of(folder / "hundred")
    yield from kept(folder / "ten")


def as_of(folder: Path) -> Iterator[str]:
    """Read one indicator of all economies from a release of 100 vintages, as it is and as it was."""
    release = _release(Home(folder))
    middle = made_up.vintage(VINTAGES // 2).date().isoformat()
    with Session(release) as session:
        now = best(lambda: session.observations("made_up_indicator_7").num_rows, READ_ROUNDS)
        then = best(lambda: session.observations("made_up_indicator_7", as_of=middle).num_rows, READ_ROUNDS)
        rows = session.observations("made_up_indicator_7").num_rows
    yield f"one indicator, current    {now * 1e3:6.1f} ms  {rows:,} figures, {VINTAGES} vintages in the release"
    yield f"one indicator, as of then {then * 1e3:6.1f} ms  {then / now:.2f} × current, limit 2 ×"


_VERSIONS = """
CREATE TEMP TABLE observation_history AS
SELECT * EXCLUDE (version, number) REPLACE (value + version AS value),
       DATE '{first}' + 30 * number AS edition_date, edition AS edition_seen, DATE '{first}' AS edition_seen_date,
       (DATE '{first}' + 30 * number + 1)::TIMESTAMP AS vintage_from,
       lead(vintage_from) OVER (PARTITION BY record ORDER BY number) AS vintage_to,
       'source revised' AS cause_from, NULL::VARCHAR AS cause_to
FROM (
  SELECT f.*, number, row_number() OVER (PARTITION BY record ORDER BY number) - 1 AS version
  FROM ({figures}) f, (SELECT range::INTEGER AS number FROM range({vintages})) WHERE number = 0 OR hash(record, number) % 100 = 0)"""


def _release(home: Home) -> releases.Release:
    """Publish a release in which each vintage revised one figure in a hundred."""
    query = made_up.figures(READ_ROWS, 0)
    with Store(home) as store:
        store.con.execute(_VERSIONS.format(figures=query, first=made_up.FIRST, vintages=VINTAGES))
        store.con.execute("CREATE TEMP TABLE indicator AS SELECT DISTINCT indicator FROM observation_history")
        views = {"observation": models.text("observation")}
        last = made_up.vintage(VINTAGES)
        return releases.publish(store.con, home, last, ("observation_history", "indicator"), views, {}, parquet=False)


def kept(folder: Path) -> Iterator[str]:
    """Take in ten editions of which each revises 5 % of the figures, and look at the size of the history."""
    home = Home(folder)
    sizes = [_taken_in(home, number) for number in range(EDITIONS)]
    yield f"history of one vintage    {sizes[0] / 1e6:6.1f} MB  {KEPT_ROWS:,} figures"
    yield f"of ten, 5 % new in each   {sizes[-1] / 1e6:6.1f} MB  {sizes[-1] / sizes[0]:.2f} × one, limit 1.6 ×"


def _taken_in(home: Home, number: int) -> int:
    """Stage one edition; give the bytes of the history once it is closed."""
    reading = made_up.reading(made_up.figures(KEPT_ROWS, number), number)
    with Store(home) as store, store.transaction():
        stage(store.con, reading, made_up.vintage(number), "source revised")
    compact_when_due(home)
    return home.history.stat().st_size
