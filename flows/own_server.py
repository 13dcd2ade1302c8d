"""A Prefect server of our own: on loopback, its state in the home, a process that is gone when we are.

For one run it starts beside our imports, without the services that a single run does not need; for `ictdev schedule`
it is whole and schedules.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flows.engine import database
from schemas.errors import IctdevError
from warehouse.home import Home

PATIENCE = 120.0
"""Seconds in which the server has to be up, also on a busy machine that migrates an older database first."""
_LEAN = {
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_EVENTS_STREAM_OUT_ENABLED": "false",
    "PREFECT_SERVER_LOGS_STREAM_OUT_ENABLED": "false",
}
"""What one run does without: automations, and streams to onlookers. The recorder of task runs and events stay."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that was started; its address is known before it answers."""

    api: str
    process: "subprocess.Popen[bytes]"
    log: Path
    note: str = ""
    """What a person should know of its database."""

    def wait(self) -> None:
        """Wait until it answers. Raises IctdevError where it does not."""
        import httpx  # noqa: PLC0415 - the process has to start before anything heavy is loaded

        try:
            httpx.get(f"{self.api}/health", timeout=PATIENCE, trust_env=False).raise_for_status()
        except httpx.HTTPError as error:
            said = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise IctdevError(
                "our own Prefect server did not start",
                why=said[-1] if said else str(error),
                next_step=f"see {self.log}, or name a server with PREFECT_API_URL",
            ) from error

    def ask_to_end(self) -> None:
        """Ask it to end, and do not wait."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)

    def end(self) -> None:
        """Have it ended; insist after a while."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
                return


@contextmanager
def starting(home: Home, *, whole: bool = False) -> Iterator[Server]:
    """Run a server while the context lasts; it need not answer yet. Set Prefect's environment first."""
    migrate, note = database.prepare(home)
    folder = database.place(home).parent
    folder.mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as door, (folder / "server.log").open("wb") as log:
        port = door.getsockname()[1]
        process = _start(door, _environment(migrate=migrate, whole=whole), log.fileno(), whole=whole)
    server = Server(f"http://127.0.0.1:{port}/api", process, folder / "server.log", note)
    try:
        yield server
    finally:
        server.end()


@contextmanager
def serving(home: Home) -> Iterator[Server]:
    """Run a whole server while the context lasts, up and answering. Raises IctdevError if it does not start."""
    with starting(home, whole=True) as server:
        server.wait()
        yield server


def _start(door: socket.socket, environment: dict[str, str], log: int, *, whole: bool) -> "subprocess.Popen[bytes]":
    kind = "whole" if whole else "ephemeral"
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-P", str(database.PROCESS), "serve", str(door.fileno()), str(os.getpid()), kind],
        env=environment,
        pass_fds=[door.fileno()],
        start_new_session=True,  # Ctrl-C is for us: the server goes last
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )


def _environment(*, migrate: bool, whole: bool) -> dict[str, str]:
    """Give the server's environment: what the user set stays, but for what the state of its database decides."""
    needed = {
        "PREFECT_UI_ENABLED": "false",
        "PREFECT_API_DATABASE_MIGRATE_ON_START": str(migrate).lower(),
        "PREFECT_API_BLOCKS_REGISTER_ON_START": str(migrate).lower(),
        "PREFECT_MEMOIZE_BLOCK_AUTO_REGISTRATION": str(migrate).lower(),
    }
    lean = {} if whole else {name: value for name, value in _LEAN.items() if name not in os.environ}
    return {**os.environ, **lean, **needed}
