"""Measure and print: `make bench`, or `python -m benchmarks PART…`. What is kept goes into docs/benchmarks.md.

Parts run one after the other, each in a folder of its own; one that fails is named at the end and stops no other.
`--markdown` prints the rows of docs/benchmarks.md, and remarks and progress on the other output.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from benchmarks.cost import ROOT
from benchmarks.table import HEAD, Figure

Measure = Callable[[Path, argparse.Namespace], Iterable[str | Figure]]


def _of(module: str, name: str = "lines") -> Callable[..., Iterable[str | Figure]]:
    """Import a part's function: measuring one needs nothing of the others."""
    found: Callable[..., Iterable[str | Figure]] = getattr(import_module(f"benchmarks.{module}"), name)
    return found


PARTS: dict[str, Measure] = {
    "refresh": lambda folder, asked: _of("refresh")(folder, rounds=asked.rounds, setup=asked.setup),
    "own": lambda folder, asked: _of("own_work")(folder, rounds=asked.rounds),
    "start": lambda folder, _: _of("start")(folder),
    "peers": lambda folder, asked: _of("peers")(folder, rounds=asked.rounds),
    "growth": lambda folder, asked: _of("growth")(folder, sizes=asked.sizes),
    "vintages": lambda folder, asked: _of("growth", "vintages")(
        folder, count=asked.vintages, figures=asked.vintage_figures
    ),
    "bulk": lambda folder, _: _of("bulk")(folder),
    "readers": lambda *_: _of("readers")(),
    "outlook": lambda *_: _of("outlook")(),
    "deriving": lambda *_: _of("deriving")(),
    "gates": lambda *_: _of("gates")(),
    "history": lambda folder, _: _of("history")(folder),
    "exporting": lambda *_: _of("exporting")(),
    "reporting": lambda *_: _of("reporting")(),
    "site": lambda *_: _of("site")(),
    "storage": lambda *_: _of("storage")(),
    "tiles": lambda *_: _of("tiles")(),
}


def main() -> None:
    """Measure the parts that are asked for, or all."""
    asked = _asked()
    remarks = sys.stderr if asked.markdown else sys.stdout
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    about = f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, commit {commit.stdout.strip()}"
    print(f"{about}; load {os.getloadavg()[0]:.1f}", file=remarks, flush=True)
    if asked.markdown:
        print(HEAD, flush=True)
    failed = [name for name in asked.parts or PARTS if not _measured(name, asked)]
    if failed:
        raise SystemExit(f"not measured, because they failed: {', '.join(failed)}")


def _measured(name: str, asked: argparse.Namespace) -> bool:
    """Measure one part and print it as it comes; tell whether it came to its end."""
    remarks = sys.stderr if asked.markdown else sys.stdout
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix=f"bench-{name}-", dir=asked.folder) as folder:
            for one in PARTS[name](Path(folder), asked):
                if isinstance(one, Figure):
                    print(one.row() if asked.markdown else one.line(), flush=True)
                else:
                    print(one, file=remarks, flush=True)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, the other parts are measured
        print(f"{name}: NOT MEASURED, it failed: {error}", file=remarks, flush=True)
        return False
    print(f"{name}: done in {time.monotonic() - started:.0f} s", file=remarks, flush=True)
    return True


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--markdown", action="store_true", help="print rows for docs/benchmarks.md")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of refresh, own and peers (default 3)")
    parser.add_argument("--setup", action="store_true", help="refresh: measure make setup in a fresh clone, and use it")
    parser.add_argument("--sizes", type=_sizes, default="0.1,1,5", help="growth: millions of figures (default 0.1,1,5)")
    parser.add_argument("--vintages", type=int, default=100, help="vintages: how many (default 100)")
    parser.add_argument("--vintage-figures", type=int, default=100_000, help="vintages: figures of each")
    parser.add_argument("--folder", type=Path, help="where scratch files go (default: the system's temporary folder)")
    asked = parser.parse_args()
    if unknown := [name for name in asked.parts if name not in PARTS]:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return asked


def _sizes(text: str) -> list[int]:
    return [round(float(part) * 1e6) for part in text.split(",")]


if __name__ == "__main__":
    main()
