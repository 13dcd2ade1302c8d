"""One question on the command line, as a user asks it, against the least that asking DuckDB takes."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.whole import ICTDEV
from warehouse import pointer
from warehouse.home import Home

ROUNDS = 15
LIMIT = 5
_PLAIN = "import duckdb, sys; duckdb.connect(sys.argv[1], read_only=True).sql('select 1').fetchall()"


def lines(home: Path) -> Iterator[str]:
    """Give wall seconds of `ictdev sql 'select 1'` on a home that was refreshed, and of DuckDB alone on the same file."""
    plain, own = measured(home)
    yield f"plain DuckDB, select 1    {plain:6.3f} s"
    yield f"ictdev sql 'select 1'     {own:6.3f} s   {own / plain:.1f} × plain, limit {LIMIT} ×"


def measured(home: Path) -> tuple[float, float]:
    """Give the best of several runs of each, one after the other so that both see the same machine."""
    database = pointer.newest(Home(home)).database
    plain = [sys.executable, "-c", _PLAIN, str(database)]
    own = [str(ICTDEV), "--home", str(home), "sql", "select 1"]
    runs = [(_wall(plain), _wall(own)) for _ in range(ROUNDS)]
    return min(run[0] for run in runs), min(run[1] for run in runs)


def _wall(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    for line in lines(Path(sys.argv[1])):
        print(line)
