"""The report of the bundled release: how long a page and a document take, and the share of each step.

Yardstick: asking the report's own queries of the release, which no report could do without.
"""

import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.cost import apart, of_script

ROUNDS = 3
STEPS = ("queries", "charts", "writing", "text")


class Clock:
    """Adds up the seconds that functions take, each step by its name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def on(self, owner: Any, name: str, step: str) -> None:
        """Time a function wherever it is called by this name."""
        inner: Callable[..., Any] = getattr(owner, name)

        def timed(*given: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return inner(*given, **named)
            finally:
                self.seconds[step] += time.perf_counter() - start

        setattr(owner, name, timed)


def measure(home: Path, ending: str) -> dict[str, float]:
    """Write one report; give the seconds of the whole and of each step, and its bytes. A process each: it patches."""
    import dashboards.report as room
    from dashboards.report import charts, document, found
    from dashboards.report import html as page
    from warehouse.query import open_release

    clock = Clock()
    clock.on(found.Answers, "rows", "queries")
    clock.on(charts, "_svg", "charts")
    clock.on(document, "png", "pictures")
    clock.on(document, "document", "writing")
    clock.on(page, "page", "writing")
    start = time.perf_counter()
    with open_release(home) as session:
        content = room.write(session, "en", ending)
    whole = time.perf_counter() - start
    steps = dict(clock.seconds)
    steps["writing"] -= steps.get("pictures", 0.0)
    steps["charts"] += steps.pop("pictures", 0.0)
    return {**steps, "text": whole - sum(steps.values()), "whole": whole, "bytes": len(content)}


def lines() -> Iterator[str]:
    """Make the bundled release, then write the report in processes of their own; the median run of each is told."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        of_script("plain_run", home, "-", "--without-site")
        for ending in (".html", ".docx"):
            runs = sorted((apart("reporting", home, ending) for _ in range(ROUNDS)), key=lambda run: run["whole"])
            yield _line(ending, runs[ROUNDS // 2])


def _line(ending: str, run: dict[str, float]) -> str:
    shares = ", ".join(f"{step} {run[step] / run['whole']:.0%}" for step in STEPS)
    ratio = run["whole"] / run["queries"]
    return (
        f"report {ending:<6} {run['whole']:5.2f} s = {ratio:.1f} × its queries   {run['bytes'] / 1e6:.2f} MB   {shares}"
    )


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), sys.argv[2])))
