"""Ten million figures compared with the ten million that are held, against DuckDB's own FULL OUTER JOIN of the two.

Both start from the same Arrow table and the same history file, and both tell added, removed, revised and the same
apart. Run as a script it measures one of them in a process of its own, so that the peak of memory is its own.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import made_up
from benchmarks.cost import apart
from schemas.observation import KEY
from schemas.source import Reading
from warehouse import comparison, history
from warehouse.editions import same_meaning
from warehouse.home import Home
from warehouse.store import Store

ROWS = 10_000_000
ROUNDS = {"join": 3, "compare": 3, "stage": 1}
LIMIT = 1.3

Found = dict[str, float]

_JOIN = f"""
SELECT CASE
    WHEN s.source IS NULL THEN 'added'
    WHEN i.source IS NULL THEN 'removed'
    WHEN {same_meaning("i", "s")} THEN 'same'
    ELSE 'revised'
  END AS change, count(*)
FROM incoming i FULL OUTER JOIN (FROM store.history WHERE vintage_to IS NULL) s
ON {" AND ".join(f"i.{name} = s.{name}" for name in KEY)}
GROUP BY change"""


def lines(folder: Path) -> Iterator[str]:
    """Give seconds and peak of memory of the plain join, of comparing, and of comparing and writing."""
    home = folder / "ten-million"
    hold(Home(home), ROWS)
    found = {kind: _alone(kind, home) for kind in ("join", "compare", "stage")}
    plain = found["join"]
    for kind, title in (
        ("join", "plain full outer join"),
        ("compare", "comparing"),
        ("stage", "comparing and writing"),
    ):
        one = found[kind]
        limit = f", limit {LIMIT} ×" if kind == "compare" else ""
        yield (
            f"{title:<24} {one['wall']:6.2f} s   {one['wall'] / plain['wall']:.2f} × plain{limit}; CPU {one['cpu']:.1f} s, "
            f"{one['cpu'] / plain['cpu']:.2f} ×; peak {one['rss'] / 1e9:.1f} GB, of which the reading {one['given'] / 1e9:.1f}"
        )
    if plain["changes"] != found["compare"]["changes"]:
        raise SystemExit(f"the two do not agree: {plain['changes']} and {found['compare']['changes']}")


def hold(home: Home, rows: int) -> None:
    """Put the first edition into a new history, as staging it would, in one statement."""
    day, moment = made_up.edition_day(0), made_up.vintage(0)
    with Store(home) as store:
        store.con.execute(
            f"INSERT INTO store.history SELECT *, DATE '{day}', '{day}', DATE '{day}', ?, NULL, 'source added', NULL "
            f"FROM ({made_up.figures(rows, 0)})",
            [moment],
        )


def _alone(kind: str, home: Path) -> Found:
    return apart("comparing", kind, home)


def _join(store: Store, reading: Reading) -> dict[str, int]:
    store.con.register("incoming", reading.observations)
    counts = dict(store.con.execute(_JOIN).fetchall())
    store.con.unregister("incoming")
    return counts


def _compare(store: Store, reading: Reading) -> dict[str, int]:
    with comparison.compared(store.con, reading) as found:
        return found.counts


def _stage(store: Store, reading: Reading) -> dict[str, int]:
    change = history.stage(store.con, reading, made_up.vintage(1), "source revised")
    return {"added": change.added, "removed": change.removed, "revised": change.revised}


_WORK: dict[str, Callable[[Store, Reading], dict[str, int]]] = {"join": _join, "compare": _compare, "stage": _stage}


def _timed(store: Store, work: Callable[[Store, Reading], dict[str, int]], reading: Reading) -> Found:
    """Time one round, and take back what it wrote."""
    store.con.execute("BEGIN")
    wall, cpu = time.perf_counter(), time.process_time()
    counts = work(store, reading)
    found = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    store.con.execute("ROLLBACK")
    counts["same"] = counts.pop("confirmed", 0) + counts.get("same", 0)
    return {**found, "changes": counts}  # type: ignore[dict-item]


def main() -> None:
    """Measure one kind of work several times; print the best, and the peak of all."""
    work, home = _WORK[sys.argv[1]], Home(Path(sys.argv[2]))
    reading = made_up.reading(made_up.some_gone_and_new(made_up.figures(ROWS, 1)), 1)
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    with Store(home) as store:
        rounds = [_timed(store, work, reading) for _ in range(ROUNDS[sys.argv[1]])]
    best = {**rounds[0], **{name: min(one[name] for one in rounds) for name in ("wall", "cpu")}}
    print(json.dumps({**best, "rss": _peak(), "given": reading.observations.nbytes}))


def _peak() -> int:
    """Give the peak of this process since the reading was made, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
