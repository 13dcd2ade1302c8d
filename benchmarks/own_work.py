"""Our own work of a refresh of the bundled figures, apart from interpreter, imports and Prefect.

Against two scripts: the copying of what it makes (`copying.py`) and a plain DuckDB script that makes a summary out of the
same bundle (`yardstick.py`). What a refresh imports is learned in a run of its own and loaded before the clock starts.
"""

import shutil
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import cost
from benchmarks.table import Figure, Lines


def lines(folder: Path, *, rounds: int) -> Lines:
    """Measure all four in each round; give medians and ratios."""
    modules, learned = folder / "modules.txt", folder / "learned"
    cost.of_script("plain_run", learned, "-", "--learn", modules)
    runs: dict[str, list[dict[str, Any]]] = {kind: [] for kind in ("first", "again", "copying", "yardstick")}
    for number in range(rounds):
        place = folder / f"round-{number}"
        place.mkdir()
        refresh = (place / "home", "-", "--load", modules)
        for kind, script, words in (
            ("first", "plain_run", refresh),
            ("again", "plain_run", refresh),
            ("copying", "copying", (learned, place / "copy")),
            ("yardstick", "yardstick", (place / "yardstick.duckdb",)),
        ):
            found = cost.of_script(script, *words).found
            runs[kind].append({name.removeprefix("work_"): value for name, value in found.items()})
            yield f"round {number + 1} of {rounds}, {kind}: {runs[kind][-1]['wall']:.2f} s wall, {runs[kind][-1]['cpu']:.2f} s CPU"
        shutil.rmtree(place)
    wall, cpu = (
        {kind: statistics.median(one[name] for one in found) for kind, found in runs.items()}
        for name in ("wall", "cpu")
    )
    yield _ratio("own.copies", "first", "copying", wall, cpu)
    yield Figure("own.copying", wall["copying"], f"CPU {cpu['copying']:.2f} s")
    yield _ratio("own.yardstick", "first", "yardstick", wall, cpu)
    yield _ratio("own.again", "again", "yardstick", wall, cpu)


def _ratio(name: str, ours: str, base: str, wall: Mapping[str, float], cpu: Mapping[str, float]) -> Figure:
    seconds = f"{wall[ours]:.2f} s to {wall[base]:.2f} s; CPU {cpu[ours]:.2f} s to {cpu[base]:.2f} s = {cpu[ours] / cpu[base]:.2f} ×"
    return Figure(name, wall[ours] / wall[base], seconds)
