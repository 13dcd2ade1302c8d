"""What keeping every version costs: comparing, reading as of a day, bytes on disk, and a refresh that brings no news."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import comparing, made_up
from benchmarks.apart import apart
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
REFRESHES = 3


def lines(folder: Path) -> Iterator[str]:
    """Give every measure, each with its limit."""
    yield from comparing.lines(folder)
    yield from as_of(folder / "hundred")
    yield from kept(folder / "ten")
    yield from unchanged(folder / "again")


def as_of(folder: Path) -> Iterator[str]:
    """Read one indicator of all economies from a release of 100 vintages, as it is and as it was."""
    release = _release(Home(folder))
    middle = made_up.vintage(VINTAGES // 2).date().isoformat()
    with Session(release) as session:
        now = _best(lambda: session.observations("made_up_indicator_7").num_rows)
        then = _best(lambda: session.observations("made_up_indicator_7", as_of=middle).num_rows)
        rows = session.observations("made_up_indicator_7").num_rows
    yield f"one indicator, current    {now * 1e3:6.1f} ms  {rows:,} figures, {VINTAGES} vintages in the release"
    yield f"one indicator, as of then {then * 1e3:6.1f} ms  {then / now:.2f} × current, limit 2 ×"


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(READ_ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


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


def unchanged(folder: Path) -> Iterator[str]:
    """Refresh twice from the bundled figures, in a process that has everything imported and has done it before."""
    found = apart("history", folder)
    first, second = found["first"], found["second"]
    yield f"first refresh, own work   {first:6.2f} s"
    yield f"again, nothing changed    {second:6.2f} s   {second / first:.2f} × the first, limit 0.25 ×"


def _refreshed(folder: Path) -> tuple[float, float]:
    from benchmarks.own_work import timed

    return timed(folder)["wall"], timed(folder)["wall"]


def main() -> None:
    """Refresh into several homes, each twice; the first home is for warming up."""
    from benchmarks.own_work import load_all

    load_all()
    folder = Path(sys.argv[1])
    pairs = [_refreshed(folder / str(number)) for number in range(REFRESHES + 1)][1:]
    print(json.dumps({"first": min(pair[0] for pair in pairs), "second": min(pair[1] for pair in pairs)}))


if __name__ == "__main__":
    main()
