"""A refresh by the plain functions, without Prefect, in a process of its own.

`python -m benchmarks.plain_run HOME BUNDLE [--without-site] [--learn FILE | --load FILE] [--keep N]` prints seconds of the
work in JSON. `--learn` writes which modules the work imported; `--load` imports them before the clock starts, so that
work is measured apart from imports. BUNDLE `-` is what ships with the project.
"""

import argparse
import importlib
import json
import sys
import time
from contextlib import suppress
from pathlib import Path


def main() -> None:
    """Refresh once, and print what it took."""
    asked = _asked()
    if asked.load:
        for name in asked.load.read_text(encoding="utf-8").split():
            with suppress(Exception):  # some modules can only be imported by others
                importlib.import_module(name)
    from flows import plan as planning
    from flows.run import run_plain

    bundle = planning.bundled() if asked.bundle == "-" else Path(asked.bundle)
    plan = planning.make(
        home=asked.home, bundle=bundle, files=[], sources=[], base_url={}, site=asked.site, keep_releases=asked.keep
    )
    wall, cpu = time.perf_counter(), time.process_time()
    report = run_plain(plan)
    found = {"work_wall": time.perf_counter() - wall, "work_cpu": time.process_time() - cpu}
    if report.exit_status:
        raise SystemExit(f"the refresh that is measured ended with {report.exit_status}: {report}")
    if asked.learn:
        asked.learn.write_text("\n".join(sys.modules), encoding="utf-8")
    figures = sum(one.observations for one in report.sources)
    rejected = sum(one.rejected for one in report.sources)
    print(json.dumps({**found, "figures": figures, "rejected": rejected, "changed": report.changed}))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("bundle")
    parser.add_argument("--without-site", dest="site", action="store_false")
    parser.add_argument("--learn", type=Path)
    parser.add_argument("--load", type=Path)
    parser.add_argument("--keep", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
