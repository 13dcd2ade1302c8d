"""The shared storage against the single file: committing a release, asking as of a moment, and eight readers at once.

Yardsticks, in the same run: writing the same tables with their hashes into one DuckDB file, and the same questions to
that file. The catalogue is a PostgreSQL of our own on loopback; data files lie on the same disk.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

READERS, QUESTIONS, ROUNDS = 8, 20, 5
QUESTION = "SELECT count(*), avg(value) FROM observation WHERE indicator = 'internet_users'"


def lines() -> Iterator[str]:
    """Give one line per measure."""
    if not list(Path("/usr/lib/postgresql").glob("*/bin")):
        yield "shared storage: not measured, PostgreSQL is not installed"
        return
    from tests import postgres

    with tempfile.TemporaryDirectory() as folder, postgres.server() as server:
        yield from _measured(Path(folder), server.database())


def _measured(folder: Path, named: str) -> Iterator[str]:
    from warehouse.home import Home
    from warehouse.lake.address import VARIABLE, parse
    from warehouse.pointer import newest

    home, place = Home(folder / "home"), parse(named, str(folder / "lake"))
    _refresh(home, None, folder)
    yield from _commits(home, place, folder, "first commit, all tables")
    _refresh(home, "2026-06-01", folder)
    yield from _commits(home, place, folder, "next commit, 1,000 figures new")
    os.environ[VARIABLE] = named
    try:
        yield from _questions(home, Home(folder / "elsewhere"), newest(home).vintage)
    finally:
        del os.environ[VARIABLE]


def _refresh(home: Any, edition: str | None, folder: Path) -> None:
    from flows.plan import bundled
    from tests.conftest import refreshed, write_bundle
    from warehouse import open_release

    if edition is None:
        refreshed(home, bundle=bundled())
        return
    with open_release(home.root) as session:
        rows = [{**row, "edition": edition} for row in session.rows(_AGAIN)]
    report = refreshed(home, bundle=write_bundle(folder / edition, rows))
    if not report.changed:
        raise SystemExit("the refresh that is measured published nothing")


_AGAIN = """
SELECT ref_area, time_period, value * 0.99 AS value FROM observation
WHERE indicator = 'internet_users' AND source = 'world_bank' AND sex = '_T' AND value > 1 ORDER BY ALL LIMIT 1000"""
"""Figures that another publisher might give: near the others, or the checks would hold them."""


def _commits(home: Any, place: Any, folder: Path, what: str) -> Iterator[str]:
    from warehouse.lake.commit import catch_up

    plain = _timed(lambda: _one_file(home, folder))
    ours = _timed(lambda: catch_up(home, place))
    data = sum(path.stat().st_size for path in (folder / "lake").rglob("*.parquet")) / 1e6
    yield f"{what:<32} {ours:6.2f} s   {ours / plain:.1f} × the single file ({plain:.2f} s); data files {data:.1f} MB"


def _one_file(home: Any, folder: Path) -> None:
    """Write the newest release's tables into a new file, as publishing does."""
    import duckdb

    from warehouse.pointer import newest
    from warehouse.releases import attached, write_tables

    release, path = newest(home), folder / "plain.duckdb"
    path.unlink(missing_ok=True)
    tables = list(release.manifest["tables"])
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{release.database}' AS source (READ_ONLY)")
        for table in tables:
            con.execute(f"CREATE TEMP VIEW {table} AS FROM source.{table}")
        with attached(con, path):
            write_tables(con, tables, {})


def _questions(home: Any, elsewhere: Any, vintage: str) -> Iterator[str]:
    for name, as_of in (("current", None), ("as of a vintage", vintage)):
        plain, ours = (_latency(root, as_of) for root in (home.root, elsewhere.root))
        for part in ("opening", "asking"):
            yield f"{name}, {part:<22} {ours[part] * 1e3:6.1f} ms  {ours[part] / plain[part]:.1f} × the single file ({plain[part] * 1e3:.1f} ms)"
    plain, ours = (_crowd(root) for root in (home.root, elsewhere.root))
    yield (
        f"{READERS} readers at once             {ours['rate']:6.0f} questions/s  {ours['rate'] / plain['rate']:.2f} × the single "
        f"file ({plain['rate']:.0f}); {ours['failed']:.0f} of {READERS * QUESTIONS} failed, slowest {ours['slowest'] * 1e3:.0f} ms"
    )


def _latency(root: Path, as_of: str | None) -> dict[str, float]:
    from warehouse import open_release

    opening, asking = [], []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        with open_release(root) as session:
            opening.append(time.perf_counter() - begun)
            asking += [_timed(lambda: session.sql(QUESTION, as_of=as_of)) for _ in range(ROUNDS)]
    return {"opening": statistics.median(opening), "asking": statistics.median(asking)}


def _crowd(root: Path) -> dict[str, float]:
    """Let as many processes ask at once; give questions a second, from the first question to the last answer."""
    command = [sys.executable, "-m", "benchmarks.storage", str(root)]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(READERS)]
    found = [json.loads(child.communicate()[0]) for child in children]
    asked = [seconds for one in found for seconds in one["asked"]]
    span = max(one["ended"] for one in found) - min(one["began"] for one in found)
    return {
        "rate": len(asked) / span,
        "slowest": max(asked),
        "failed": READERS * QUESTIONS - len(asked),
    }


def _reader(root: str) -> dict[str, Any]:
    from warehouse import open_release

    with open_release(root) as session:
        began = time.time()
        asked = [_timed(lambda: session.sql(QUESTION, as_of=session.release.vintage)) for _ in range(QUESTIONS)]
        return {"began": began, "ended": time.time(), "asked": asked}


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.stdout.write(json.dumps(_reader(sys.argv[1])))
    else:
        for line in lines():
            print(line, flush=True)
