"""Measure and print: `make bench`. Figures worth keeping go into docs/benchmarks.md with their date."""

import os
import platform
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import (
    asking,
    bulk,
    deriving,
    exporting,
    gates,
    history,
    outlook,
    readers,
    reporting,
    scheduling,
    site,
    storage,
    tiles,
    whole,
)
from benchmarks.apart import apart

ROUNDS = 3


def _script(name: str, folder: Path) -> list[dict[str, float]]:
    """Run one of our scripts several times, each in a process and a place of its own."""
    return [apart(name, folder / f"{name}-{number}") for number in range(ROUNDS)]


def _middle(runs: list[dict[str, float]], name: str) -> float:
    return statistics.median(run[name] for run in runs)


def _lines(folder: Path) -> Iterator[str]:
    yield f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}; median of {ROUNDS} runs"
    plain = _script("yardstick", folder)
    own = _script("own_work", folder)
    yield from _compared(plain, own)
    yield from _split(folder, _middle(own, "wall"))
    yield from asking.lines(folder / "whole")
    yield readers.page_line()
    yield from readers.lines()
    yield from outlook.lines()
    yield from deriving.lines()
    yield from gates.lines()
    yield from _bulk(folder)
    yield from history.lines(folder)
    yield from exporting.lines()
    yield from reporting.lines()
    yield from site.lines()
    yield from scheduling.lines()
    yield from storage.lines()
    yield from tiles.lines()


def _bulk(folder: Path) -> Iterator[str]:
    """Read all of WDI, made up, for a few series and for all."""
    path = bulk.make(folder)
    plain, few, whole_file = (bulk.measured(kind, path) for kind in ("plain", "few", "all"))
    yield f"bulk WDI, plain unpivot   {plain['wall']:6.2f} s   {plain['rows']:,.0f} figures"
    for name, found in (("30 series", few), ("all", whole_file)):
        ratio, peak = found["wall"] / plain["wall"], found["rss"] / 1e6
        yield f"bulk WDI, {name:<15} {found['wall']:6.2f} s   {ratio:.1f} × plain, peak {peak:.0f} MB"


def _compared(plain: list[dict[str, float]], own: list[dict[str, float]]) -> Iterator[str]:
    for name in ("wall", "cpu"):
        base, ours = _middle(plain, name), _middle(own, name)
        yield f"plain DuckDB script, {name:<4} {base:6.2f} s"
        yield f"our own work, {name:<4}        {ours:6.2f} s   {ours / base:.1f} × the plain script"
    yield f"our own work, peak memory {_middle(own, 'rss') / 1e6:6.0f} MB"


def _split(folder: Path, own: float) -> Iterator[str]:
    """Split the whole refresh into its parts; the first run makes Prefect's database, the second finds it."""
    start = statistics.median(whole.imports() for _ in range(ROUNDS))
    yield f"interpreter and imports   {start:6.2f} s"
    first, second = whole.timed(folder / "whole"), whole.timed(folder / "whole")
    yield f"first refresh, wall       {first['wall']:6.2f} s   of which Prefect {first['wall'] - start - own:.1f} s"
    yield _memory(first)
    yield f"second refresh, wall      {second['wall']:6.2f} s   nothing changed; Prefect's database is there"
    yield _memory(second)


def _memory(found: dict[str, float]) -> str:
    return (
        f"  peak memory             {found['rss'] / 1e6:6.0f} MB in our process, {found['server_rss'] / 1e6:.0f} MB in "
        f"Prefect's server; CPU {found['cpu']:.1f} s and {found['server_cpu']:.1f} s"
    )


def main() -> None:
    """Print every measure as it comes."""
    with tempfile.TemporaryDirectory() as folder:
        for line in _lines(Path(folder)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
