"""The whole refresh as a user runs it, watched from outside: wall, CPU, and memory of our process and of the server."""

import subprocess
import sys
import time
from pathlib import Path

import psutil

ICTDEV = Path(sys.executable).parent / "ictdev"


def timed(home: Path) -> dict[str, float]:
    """Give wall and CPU seconds of `ictdev refresh --bundled`, and the peak memory of both processes in bytes."""
    started = time.perf_counter()
    command = [str(ICTDEV), "--quiet", "--home", str(home), "refresh", "--bundled", "--no-parquet"]
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peaks = {"rss": 0.0, "server_rss": 0.0, "cpu": 0.0, "server_cpu": 0.0}
    while process.poll() is None:
        _look(process, peaks)
        time.sleep(0.02)
    if process.returncode:
        raise SystemExit(f"the refresh that is measured ended with {process.returncode}")
    return {"wall": time.perf_counter() - started, **peaks}


def _look(process: psutil.Process, peaks: dict[str, float]) -> None:
    try:
        _note(process, "", peaks)
        for child in process.children(recursive=True):
            _note(child, "server_", peaks)
    except psutil.NoSuchProcess:
        return


def _note(process: psutil.Process, prefix: str, peaks: dict[str, float]) -> None:
    times = process.cpu_times()
    peaks[f"{prefix}rss"] = max(peaks[f"{prefix}rss"], float(process.memory_info().rss))
    peaks[f"{prefix}cpu"] = max(peaks[f"{prefix}cpu"], times.user + times.system)


def imports() -> float:
    """Give wall seconds of starting the interpreter and importing what a refresh needs."""
    code = "import flows.refresh, flows.settle, flows.summary, schemas.suites.received, schemas.suites.stored"
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return time.perf_counter() - started
