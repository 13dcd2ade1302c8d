"""The crash campaign: hundreds of refreshes killed at every step and at random moments. `make torture` runs it."""

import argparse
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.plan import Plan
from tests.flows import dying
from tests.flows.dying import Fate
from tests.flows.scene import Scene
from tests.light import lighten

ICTDEV = Path(sys.executable).parent / "ictdev"
LONGEST = {True: 0.8, False: 3.0}
"""Seconds after which a random kill strikes at the latest: as a light refresh takes, and a whole one."""
Trial = tuple[str, Callable[[], int]]


def under_prefect(plan: Plan, seconds: float) -> int:
    """Kill the whole command with Prefect's server, and give the status of a run that was quicker."""
    command = [str(ICTDEV), "--quiet", "--home", plan.home, "refresh", "--bundle", plan.bundle, "--no-parquet"]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        told = started.communicate(timeout=seconds)[0].decode()
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        return started.wait()
    assert started.returncode == 0, told
    return started.returncode


def trials(scene: Scene, kills: int, flows: int, chance: random.Random) -> Iterator[Trial]:
    """Give the kills under Prefect, one before and one after each step, and at random moments for the rest."""
    light, longest = scene.light, LONGEST[scene.light]
    steps = dying.steps_of(scene.next_plan(), Fate(light=light))
    at_steps = [Fate(step, before, light=light) for step in range(1, steps + 1) for before in (True, False)]
    chance.shuffle(at_steps)
    flowing = [chance.uniform(2.0, 16.0) for _ in range(flows)]
    at_steps = at_steps[: max(0, kills * 3 // 4)]
    moments = [chance.uniform(0.0, longest) for _ in range(kills - len(at_steps) - flows)]
    for seconds in flowing:
        yield f"flow {seconds:.2f} s", lambda s=seconds: scene.survives(lambda plan: under_prefect(plan, s))  # type: ignore[misc]
    for fate in at_steps:
        yield f"step {fate.step} {'before' if fate.before else 'after'}", lambda f=fate: scene.dies(f)  # type: ignore[misc]
    for seconds in moments:
        yield f"moment {seconds:.2f} s", lambda s=seconds: scene.is_killed_after(s)  # type: ignore[misc]


def run(place: Path, kills: int, flows: int, seed: int, *, light: bool) -> Counter[str]:
    """Run the campaign in one home that grows older with every kill; count how the disturbed runs ended.

    In a light one refreshes derive nothing and check less: more kills in the same time. See tests/light.py.
    """
    scene = Scene(place, seed)
    scene.light = light
    found: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        if light:
            lighten(patch.setattr)
        scene.complete(scene.next_plan())
        for number, (name, trial) in enumerate(trials(scene, kills, flows, random.Random(seed)), start=1):
            try:
                status = trial()
            except AssertionError as error:
                error.add_note(f"kill {number}, {name}, seed {seed}, home {scene.home.root}")
                raise
            found["killed" if status == -signal.SIGKILL else f"ended first, status {status}"] += 1
            _tell(number, kills, found)
        scene.check_rebuilt()
    return found


def _tell(number: int, kills: int, found: Counter[str]) -> None:
    if number % 10 == 0 or number == kills:
        print(f"{number} of {kills}: {dict(found)}", flush=True)


def main() -> None:
    """Run the campaign as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--flows", type=int, default=4, help="how many of them under Prefect")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="torture-") as place:
        whole = max(given.flows, given.kills // 4)
        found = run(Path(place) / "light", given.kills - whole, 0, given.seed, light=True)
        found += run(Path(place) / "whole", whole, given.flows, given.seed, light=False)
    print(f"{sum(found.values())} refreshes disturbed in {time.monotonic() - started:.0f} s: {dict(found)}")
    print("every release stood, every next run completed, nothing was lost, the rebuild gives the same")


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main()
