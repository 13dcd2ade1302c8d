"""One question on the command line, as a user asks it; `sql` against the least that asking DuckDB takes."""

import statistics
import sys
from pathlib import Path

from benchmarks import cost
from benchmarks.cost import ROOT, Cost
from benchmarks.table import Figure, Lines

ROUNDS = 15
_BARE = "import duckdb, sys; duckdb.connect(sys.argv[1], read_only=True).sql('select 1').fetchall()"
_ASKED = {
    "help": ("--help",),
    "version": ("--version",),
    "sql": ("sql", "select 1"),
    "status": ("status",),
    "why": ("why", "internet_users", "SEN", "2020"),
    "assess": ("assess",),
}


def lines(folder: Path) -> Lines:
    """Refresh a home, then ask each command several times, one after the other so that all see the same machine."""
    home = folder / "home"
    cost.of_script("plain_run", home, "-", "--without-site")
    import json

    database = home / json.loads((home / "latest.json").read_bytes())["database"]
    commands: dict[str, list[object]] = {"bare": [sys.executable, "-c", _BARE, database]}
    ictdev = Path(sys.executable).parent / "ictdev"
    commands |= {name: [ictdev, "--home", home, *words] for name, words in _ASKED.items()}
    runs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(ROUNDS):
        for name, words in commands.items():
            runs[name].append(cost.of(words, cwd=ROOT, watch_memory=False))
        if number % 5 == 4:
            yield f"start: {number + 1} of {ROUNDS} rounds"
    wall, cpu = (
        {name: statistics.median(getattr(one, kind) for one in found) for name, found in runs.items()}
        for kind in ("wall", "cpu")
    )
    yield Figure("start.help", wall["help"], f"CPU {cpu['help']:.2f} s")
    yield Figure("start.version", wall["version"], f"CPU {cpu['version']:.2f} s")
    yield Figure(
        "start.sql",
        wall["sql"] / wall["bare"],
        f"{wall['sql']:.3f} s to {wall['bare']:.3f} s; CPU {cpu['sql'] / cpu['bare']:.1f} ×",
    )
    for name in ("status", "why", "assess"):
        yield Figure(
            f"start.{name}", cpu[name], f"wall {wall[name]:.2f} s, {wall[name] / wall['bare']:.1f} × the bare Python"
        )
