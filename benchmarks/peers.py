"""The same job by other tools (`benchmarks/peer/`): dlt with scd2, pandas, polars, plain DuckDB; first and second run.

They run in an environment of their own (`make peers`). Before anything is timed, their gaps and aggregates are compared
with ours, each figure to 1e-9.
"""

import csv
import shutil
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import cost
from benchmarks.cost import ROOT, Cost
from benchmarks.refresh import environment
from benchmarks.table import Figure, Lines

PYTHON = ROOT / "build" / "peers" / "bin" / "python"
TOOLS = ("dlt", "pandas", "polars", "duckdb")
BUNDLE = ROOT / "warehouse" / "bundled"
_GAP = ("source", "indicator", "ref_area", "time_period", "age", "urbanisation", "breakdown")
_AGGREGATE = ("group_code", "indicator", "time_period", "sex", "age", "urbanisation", "breakdown")
_SAME = {
    "gap": ("gender_gap", "source <> 'ictdev' AND comparable", _GAP, ("female", "male", "relative_gap_pct", "parity")),
    "aggregate": ("group_aggregate", "true", _AGGREGATE, ("value", "coverage", "reporting", "members")),
}
Runs = Mapping[str, Sequence[Cost]]


def lines(folder: Path, *, rounds: int) -> Lines:
    """Compare results, then run each tool and ours twice in each round; give medians and ratios of CPU."""
    if not PYTHON.exists():
        yield "peers: NOT MEASURED, there is no build/peers: make peers"
        return
    reference(folder / "reference")
    yield from _compared(folder)
    first: dict[str, list[Cost]] = {}
    second: dict[str, list[Cost]] = {}
    for number in range(rounds):
        place = folder / f"round-{number}"
        for name, words, env in _commands(folder, place):
            for runs in (first, second) if name != "same work" else (first,):
                runs.setdefault(name, []).append(cost.of(words, env=env))
        shutil.rmtree(place)
        yield f"peers: round {number + 1} of {rounds}"
    for name in (*TOOLS, "ictdev", "same work"):
        yield f"{name:<10} first {_told(first[name])}" + (f"; second {_told(second[name])}" if name in second else "")
    yield from _figures(first, second)


def reference(folder: Path) -> None:
    """Write what the scripts need of our catalogue and code lists."""
    from flows import derive

    tables = derive.reference()
    gapped, aggregated = (set(tables[f"{kind}_indicator"]["indicator"].to_pylist()) for kind in ("gap", "aggregated"))
    folder.mkdir(parents=True)
    _write(
        folder / "indicator.csv",
        ("indicator", "gapped", "aggregated", "minimum_coverage"),
        (
            (name, str(name in gapped).lower(), str(name in aggregated).lower(), coverage)
            for name, coverage in zip(
                *(tables["indicator"][one].to_pylist() for one in ("indicator", "minimum_coverage")), strict=True
            )
        ),
    )
    order: dict[tuple[str, str], int] = {}
    for row in tables["indicator_series"].to_pylist():
        key = row["indicator"], row["source"]
        order[key] = min(order.get(key, row["preference"]), row["preference"])
    _write(
        folder / "preference.csv",
        ("indicator", "source", "preference"),
        ((*key, place) for key, place in order.items()),
    )
    for name in ("area", "area_group"):
        shutil.copy(ROOT / "schemas" / "codelists" / f"{name}.csv", folder)


def _write(path: Path, head: Sequence[str], rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([head, *rows])


def _commands(folder: Path, place: Path) -> Iterator[tuple[str, list[object], dict[str, str]]]:
    env = environment(place / "user", place / "kept", place / "ictdev")
    (place / "user").mkdir(parents=True)
    for tool in TOOLS:
        script = ROOT / "benchmarks" / "peer" / f"with_{tool}.py"
        yield tool, [PYTHON, script, BUNDLE, folder / "reference", place / tool], env
    yield "ictdev", [Path(sys.executable).parent / "ictdev", "refresh", "--bundled"], env
    yield "same work", [sys.executable, "-m", "benchmarks.same_work", place / "same"], env


def _compared(folder: Path) -> Iterator[str]:
    """Run each tool and ours once. Raises RuntimeError where a figure differs, or is in one of them only."""
    place = folder / "compared"
    for _, words, env in _commands(folder, place):
        cost.of(words, env=env)
    import json

    release = place / "ictdev" / json.loads((place / "ictdev" / "latest.json").read_bytes())["release"] / "parquet"
    for tool in (*TOOLS, "same"):
        for name, (table, condition, key, values) in _SAME.items():
            ours = f"(FROM '{release / table}.parquet' WHERE {condition})"
            rows, differing = _difference(f"'{place / tool / name}.parquet'", ours, key, values)
            if differing or not rows:
                raise RuntimeError(f"{tool}: {differing} of {rows} rows of {name} differ from ours")
    yield "gaps and aggregates of every tool are ours, each figure to 1e-9"
    shutil.rmtree(place)


def _difference(theirs: str, ours: str, key: Sequence[str], values: Sequence[str]) -> tuple[int, int]:
    """Count the rows of both, and those that are in one only or differ."""
    import duckdb

    join = " AND ".join(f"a.{name} = b.{name}" for name in key)
    differs = " OR ".join(
        f"(a.{name} IS NULL) <> (b.{name} IS NULL) OR abs(a.{name} - b.{name}) > 1e-9 * greatest(1, abs(a.{name}))"
        for name in values
    )
    query = (
        f"SELECT count(*), count(*) FILTER (a.{key[0]} IS NULL OR b.{key[0]} IS NULL OR {differs}) "
        f"FROM {theirs} a FULL JOIN {ours} b ON {join}"
    )
    rows, differing = duckdb.sql(query).fetchall()[0]
    return int(rows), int(differing)


def _told(runs: Sequence[Cost]) -> str:
    peak = max(one.peak for one in runs) / 1e6
    return f"{_cpu(runs):.2f} s CPU, {statistics.median(one.wall for one in runs):.2f} s wall, {peak:.0f} MB"


def _cpu(runs: Sequence[Cost]) -> float:
    return statistics.median(one.cpu for one in runs)


def _figures(first: Runs, second: Runs) -> Iterator[Figure]:
    for measure, runs in (("first", first), ("second", second)):
        others = ", ".join(f"{tool} {_cpu(runs['ictdev']) / _cpu(runs[tool]):.1f} ×" for tool in TOOLS[1:])
        yield Figure(f"peers.whole_{measure}", _cpu(runs["ictdev"]) / _cpu(runs["dlt"]), others)
    own = first["same work"]
    seconds = f"{_cpu(own):.2f} s to {_cpu(first['dlt']):.2f} s"
    yield Figure("peers.same_dlt", _cpu(own) / _cpu(first["dlt"]), seconds)
    yield Figure("peers.same_duckdb", _cpu(own) / _cpu(first["duckdb"]), f"to {_cpu(first['duckdb']):.2f} s")
