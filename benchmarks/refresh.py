"""The whole command `ictdev refresh --bundled` as a user runs it, with pages and Parquet: cold, warm and with nothing new.

Cold: a HOME and an ICTDEV_HOME that are empty; of what is kept once per installed version only what `make setup` made.
Warm: the same HOME and what the cold run kept, a new ICTDEV_HOME. Nothing new: the warm run's ICTDEV_HOME again. Beside
each the plain functions in a process of their own, so that the difference is Prefect's. Each round runs all of them.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import cost
from benchmarks.cost import ROOT, Cost
from benchmarks.table import Figure, Lines

KINDS = ("cold", "warm", "again", "plain_warm", "plain_again")
_NAMES = {"cold": "cold", "warm": "warm", "again": "nothing new", "plain_warm": "plain functions, warm"}
_NAMES["plain_again"] = "plain functions, nothing new"


@dataclass(frozen=True)
class Installed:
    """A source tree with its .venv."""

    root: Path

    def program(self, name: str) -> Path:
        """Give a program of its .venv."""
        return self.root / ".venv" / "bin" / name

    def prepare(self, place: Path) -> None:
        """Make in an empty folder what `make setup` keeps for this version, by its last step."""
        place.mkdir(parents=True)
        if (self.root / "flows" / "prepare.py").exists():
            env = environment(place.parent, place, place.parent / "unused")
            cost.of([self.program("python"), "-m", "flows.prepare"], env=env, cwd=self.root)


def lines(folder: Path, *, rounds: int, setup: bool) -> Lines:
    """Measure every kind in each round; give medians and how they stand to their limits."""
    installed = Installed(ROOT)
    if setup:
        installed, seconds = _cloned(folder / "clone")
        yield Figure("refresh.setup", seconds)
    else:
        yield "make setup: not measured (python -m benchmarks refresh --setup measures it in a fresh clone)"
    runs: dict[str, list[Cost]] = {kind: [] for kind in KINDS}
    installed.prepare(folder / "prepared" / "kept")
    for number in range(rounds):
        for kind, found in _round(installed, folder / "prepared" / "kept", folder / f"round-{number}"):
            runs[kind].append(found)
            yield f"round {number + 1} of {rounds}, {_NAMES[kind]}: {_told(found)}"
        shutil.rmtree(folder / f"round-{number}")
    yield from _figures(runs)


def environment(home: Path, kept: Path, state: Path) -> dict[str, str]:
    """Give an environment without the user's settings: these three folders and nothing of ictdev's or Prefect's."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("ICTDEV_", "PREFECT_", "XDG_"))
    }
    return {**inherited, "HOME": str(home), "ICTDEV_CACHE": str(kept), "ICTDEV_HOME": str(state)}


def _round(installed: Installed, prepared: Path, folder: Path) -> Iterator[tuple[str, Cost]]:
    home, kept = folder / "user", folder / "kept"
    home.mkdir(parents=True)
    shutil.copytree(prepared, kept)
    command = [installed.program("ictdev"), "refresh", "--bundled"]
    plain = [installed.program("python"), "-m", "benchmarks.plain_run", folder / "plain", "-"]
    for kind, words, state in (
        ("cold", command, "first"),
        ("warm", command, "second"),
        ("again", command, "second"),
        ("plain_warm", plain, "plain"),
        ("plain_again", plain, "plain"),
    ):
        place = installed.root if words is plain else home
        yield kind, cost.of(words, env=environment(home, kept, folder / state), cwd=place)


def _cloned(place: Path) -> tuple[Installed, float]:
    """Clone the project as it is committed and set it up; give it with the seconds that `make setup` took."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(place)], check=True)
    started = time.perf_counter()
    # like a newcomer's shell: without this environment's own virtual environment before the system's Python
    path = os.pathsep.join(one for one in os.environ["PATH"].split(os.pathsep) if not one.startswith(sys.prefix))
    given = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    cost.of(["make", "setup"], env={**given, "PATH": path}, cwd=place, watch_memory=False)
    return Installed(place), time.perf_counter() - started


def _told(found: Cost) -> str:
    left = f"; LEFT BEHIND: {', '.join(found.left)}" if found.left else ""
    return f"{found.wall:.2f} s wall, {found.cpu:.2f} s CPU, {found.peak / 1e6:.0f} MB{left}"


def _figures(runs: Mapping[str, list[Cost]]) -> Iterator[Figure]:
    wall = {kind: statistics.median(one.wall for one in found) for kind, found in runs.items()}
    cpu = {kind: statistics.median(one.cpu for one in found) for kind, found in runs.items()}
    peak = {kind: statistics.median(one.peak for one in found) / 1e6 for kind, found in runs.items()}
    for kind in ("cold", "warm", "again"):
        yield Figure(f"refresh.{kind}", wall[kind], f"CPU {cpu[kind]:.1f} s")
    for kind in ("warm", "again"):
        detail = f"plain functions {wall[f'plain_{kind}']:.2f} s; CPU {cpu[kind] - cpu[f'plain_{kind}']:.1f} s more"
        yield Figure(f"refresh.prefect_{kind}", wall[kind] - wall[f"plain_{kind}"], detail)
    yield Figure("refresh.memory_first", max(peak["cold"], peak["warm"]))
    yield Figure("refresh.memory_again", peak["again"])
    yield Figure("refresh.left", max(len(one.left) for found in runs.values() for one in found))
