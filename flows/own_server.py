"""A Prefect server of our own for the time of `ictdev schedule`: on loopback, its state in the home, gone with us.

Prefect's temporary server does not schedule; this one does.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx

from schemas.errors import IctdevError

PATIENCE = 120.0
"""Seconds in which the server has to be up, also on a busy machine that makes its database first."""
_PARENT_DEATH = 1  # PR_SET_PDEATHSIG


@contextmanager
def serving() -> Iterator[str]:
    """Run the server while the context lasts; give the address of its API. Raises IctdevError if it does not start."""
    port = _free_port()
    place = ["--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    command = [sys.executable, "-m", "prefect", "server", "start", *place]
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - no thread runs yet
        start_new_session=True,  # Ctrl-C is for us: the server goes last
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            api = f"http://127.0.0.1:{port}/api"
            _wait(server, api)
            yield api
        finally:
            _stop(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _die_with_parent() -> None:
    """Have the system end the server where we are killed and cannot end it ourselves."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGTERM)


def _wait(server: "subprocess.Popen[bytes]", api: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{api}/health", timeout=2.0, trust_env=False).status_code == 200:
                return
        time.sleep(0.2)
    raise IctdevError(
        "the schedule's own Prefect server did not start",
        why=f"it ended with status {server.returncode}" if server.poll() is not None else "it does not answer",
        next_step="run `prefect server start` to see what it says, or name one with PREFECT_API_URL",
    )


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """Ask the server's group to end, and insist after a while."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(server.pid, number)
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)
            return
