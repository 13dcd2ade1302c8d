"""Our own work of a refresh on the bundled figures: everything but interpreter, imports and Prefect."""

import json
import resource
import sys
import time
from pathlib import Path

from flows import plan as planning
from flows.run import run_plain


def load_all() -> None:
    """Import what a refresh needs, so that imports are not counted as work."""
    import schemas.suites.received
    import schemas.suites.stored  # noqa: F401


def timed(home: Path) -> dict[str, float]:
    """Give wall and CPU seconds of a refresh into an empty home, without Parquet, and the peak of memory in bytes."""
    plan = planning.make(home=home, bundle=planning.bundled(), files=[], sources=[], base_url={}, parquet=False)
    wall, cpu = time.perf_counter(), time.process_time()
    report = run_plain(plan)
    if report.exit_status:
        raise SystemExit("the refresh that is measured failed")
    found = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return {**found, "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0}


if __name__ == "__main__":
    load_all()
    sys.stdout.write(json.dumps(timed(Path(sys.argv[1]))))
