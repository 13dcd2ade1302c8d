"""Whether a refresh stays flat: made-up figures of several sizes through the whole run, and vintage upon vintage.

Each run is a refresh by the plain functions, with pages and Parquet, in a process of its own.
"""

import shutil
import statistics
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from benchmarks import cost
from benchmarks.cost import Cost
from benchmarks.table import Figure, Lines

TENTH = 10
AROUND = 2
"""Runs before and after the tenth, and before the last, of which the median is taken: one run alone is chance."""


def lines(folder: Path, *, sizes: Sequence[int]) -> Lines:
    """Run each size; give time a figure, time of each further figure, and memory beyond the bundled run."""
    bundled = cost.of_script("plain_run", folder / "bundled", "-")
    yield f"bundled: {_told(bundled)}"
    found: list[Cost] = []
    for size in sorted(sizes):
        bundle = folder / f"bundle-{size}"
        cost.of_script("bundles", bundle, size, 0)
        found.append(cost.of_script("plain_run", folder / "home", bundle))
        yield f"{size:,}: {_told(found[-1])}"
        shutil.rmtree(folder / "home")
        shutil.rmtree(bundle)
    steps = [_marginal(*pair) for pair in pairwise(found)]
    for step, (less, more) in zip(steps, pairwise(found), strict=True):
        yield f"from {less.found['figures']:,} to {more.found['figures']:,}: {step * 1e6:.1f} µs CPU a further figure"
    if len(steps) > 1:
        told = " to ".join(f"{step * 1e6:.0f} µs" for step in reversed(steps))
        yield Figure("growth.marginal", steps[-1] / steps[0], told)
    else:
        yield "growth of the time of a further figure: not measured, it takes three sizes (--sizes 0.1,0.3,1)"
    most = max(found, key=lambda one: _beyond(one, bundled))
    peaks = f"{most.peak / 1e6:,.0f} MB at {most.found['figures']:,}, {bundled.peak / 1e6:,.0f} MB bundled"
    yield Figure("growth.memory", _beyond(most, bundled), peaks)
    largest = found[-1]
    yield Figure("growth.largest", largest.cpu, f"{largest.found['figures']:,} figures, {largest.wall:.0f} s wall")


def _beyond(found: Cost, bundled: Cost) -> float:
    """Give the kB of peak memory beyond the bundled run, for each figure."""
    return (found.peak - bundled.peak) / found.found["figures"] / 1e3


def _marginal(less: Cost, more: Cost) -> float:
    """Give CPU seconds of each further figure."""
    return (more.cpu - less.cpu) / (more.found["figures"] - less.found["figures"])


def _told(found: Cost) -> str:
    figures = found.found["figures"]
    return (
        f"{figures:,} figures, {found.found['rejected']:,} rejected, {found.cpu:.1f} s CPU ({found.cpu / figures * 1e6:.0f} µs a figure), "
        f"{found.wall:.1f} s wall, peak {found.peak / 1e6:,.0f} MB"
    )


def vintages(folder: Path, *, count: int, figures: int) -> Lines:
    """Refresh a home by so many editions of which each changed one figure in a hundred; the last against the tenth."""
    runs: list[float] = []
    for number in range(count):
        bundle = folder / f"edition-{number}"
        cost.of_script("bundles", bundle, figures, number)
        found = cost.of_script("plain_run", folder / "home", bundle, "--keep", 2)
        if not found.found["changed"]:
            raise RuntimeError(f"edition {number} of the made-up figures changed nothing")
        shutil.rmtree(bundle)
        runs.append(found.cpu)
        yield f"vintage {number + 1} of {count}: {_told(found)}"
    if count < 2 * TENTH:
        yield f"the last against the tenth: not measured, it takes {2 * TENTH} vintages"
        return
    tenth, last = (
        statistics.median(runs[TENTH - 1 - AROUND : TENTH + AROUND]),
        statistics.median(runs[-1 - 2 * AROUND :]),
    )
    yield Figure("vintages.last", last / tenth, f"{last:.1f} s to {tenth:.1f} s; {count} vintages of {figures:,}")
