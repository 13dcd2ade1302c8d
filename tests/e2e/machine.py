"""A bare machine for an installation: an empty folder, a shell that stays, PostgreSQL without root, and an end."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psutil

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
_AS_POSTGRES = """#!/bin/bash
for word in "$@"; do
  case "$word" in
    --pgdata=*) mkdir -p "${word#*=}"; chown postgres "${word#*=}" ;;
    --pwfile=*) chown postgres "${word#*=}" ;;
  esac
done
cd /
exec setpriv --reuid=postgres --regid=postgres --clear-groups NAME "$@"
"""
"""Runs a program of PostgreSQL as its own user where we are root, which it refuses."""


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Machine:
    """One shell in one folder; what it starts is known by a mark in its environment."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.folder, self.mark = folder, uuid4().hex
        (folder / "bin").mkdir()
        if os.geteuid() == 0:
            for name in ("initdb", "pg_ctl"):
                (real,) = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
                (folder / "bin" / name).write_text(_AS_POSTGRES.replace("NAME", str(real)))
                (folder / "bin" / name).chmod(0o755)
        environment = {
            "HOME": str(folder),
            "PATH": f"{folder}/bin:{BIN}:/usr/local/bin:/usr/bin:/bin:/usr/sbin",
            "PYTHONPATH": str(ROOT),
            "LANG": "C.UTF-8",
            "E2E_MARK": self.mark,
            "ICTDEV_ATTEMPTS": "1",
            "ICTDEV_NOTIFY_ATTEMPTS": "1",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "HTTP_PROXY": "http://127.0.0.1:9",
            "NO_PROXY": "127.0.0.1,localhost",
            **more,
        }
        self.output = folder / "output.txt"
        self._shell = subprocess.Popen(
            ["bash"],
            stdin=subprocess.PIPE,
            stdout=self.output.open("wb"),
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            start_new_session=True,
            text=True,
        )
        self._say("set -euo pipefail\n")

    def _say(self, text: str) -> None:
        assert self._shell.stdin
        self._shell.stdin.write(text)
        self._shell.stdin.flush()

    def run(self, block: str, seconds: float = 180) -> str:
        """Run commands to their end, each of which has to succeed; give what they printed."""
        before, done = self.output.stat().st_size, self.folder / "done"
        done.unlink(missing_ok=True)
        self._say(f"{block}\n: > {done}\n")
        until = time.time() + seconds
        while not done.exists():
            printed = self.output.read_bytes()[before:].decode(errors="replace")
            assert self._shell.poll() is None, f"{block}\n{printed}"
            assert time.time() < until, f"not done in {seconds} s: {block}\n{printed}"
            time.sleep(0.1)
        return self.output.read_bytes()[before:].decode(errors="replace")

    def processes(self, part: str = "") -> list[psutil.Process]:
        """Give what the shell started and what that started, by a part of the command."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                ours = process.environ().get("E2E_MARK") == self.mark
                if ours and part in " ".join(process.cmdline()) and process.pid != os.getpid():
                    found.append(process)
        return found

    def kill(self, part: str, number: int = signal.SIGKILL) -> int:
        """Kill what runs this command and all below it; give how many."""
        found = self.processes(part)
        below = [child for one in found for child in one.children(recursive=True)]
        for one in {*found, *below}:
            with suppress(psutil.Error):
                one.send_signal(number)
        return len(found)

    def end(self) -> None:
        """End everything that was started here."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            self.kill("", number)
            psutil.wait_procs(self.processes(), timeout=10)


@contextmanager
def machine(**more: str) -> Iterator[Machine]:
    """Give a machine while the context lasts; nothing of it is left behind."""
    folder = Path(tempfile.mkdtemp(prefix="ictdev-e2e-"))
    folder.chmod(0o755)
    made = Machine(folder, **more)
    try:
        yield made
    finally:
        made.end()
        shutil.rmtree(folder, ignore_errors=True)
