"""A PostgreSQL of our own for tests: no root, no service, a folder that goes away, a password to be kept secret."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from tests.e2e.machine import free_port

USER, PASSWORD = "admin", "s3cret' pass"


def programs() -> Path:
    """Give the folder of the server's programs. Every test that asks for a server is marked `storage` or `e2e`."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        pytest.fail(
            "PostgreSQL is not installed, and `make storage` tests with it (Debian: apt-get install postgresql)"
        )
    return found[-1]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    bin: Path
    folder: Path
    port: int

    def database(self) -> str:
        """Make an empty database; give the storage address of it, password included."""
        name = f"lake_{uuid4().hex[:12]}"
        environment = {**os.environ, "PGPASSWORD": PASSWORD}
        command = [str(self.bin / "createdb"), "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, name]
        subprocess.run(command, check=True, env=environment, capture_output=True)
        secret = PASSWORD.replace("'", "\\'")
        return f"ducklake:postgres:host=127.0.0.1 port={self.port} user={USER} password='{secret}' dbname={name}"

    def control(self, *words: str) -> None:
        """Start or stop it."""
        log, data = self.folder / "log", self.folder / "data"
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        _as_postgres([self.bin / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", *words])


@contextmanager
def server() -> Iterator[Server]:
    """Give a server that wants a password, while the context lasts."""
    folder = Path(tempfile.mkdtemp(prefix="ictdev-pg-"))
    made = Server(programs(), folder, free_port())
    (folder / "password").write_text(PASSWORD + "\n")
    if os.geteuid() == 0:
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres")
    initdb = [made.bin / "initdb", "-D", folder / "data", "-U", USER, "--auth=scram-sha-256", "--no-sync"]
    _as_postgres([*initdb, f"--pwfile={folder / 'password'}"])
    made.control("start")
    try:
        yield made
    finally:
        _stop(made)
        shutil.rmtree(folder, ignore_errors=True)


def _stop(made: Server) -> None:
    if (made.folder / "data" / "postmaster.pid").exists():
        made.control("-m", "immediate", "stop")
        time.sleep(0.1)


def _as_postgres(command: list[object]) -> None:
    """Run a program of the server, which refuses to be root."""
    before = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    subprocess.run([*before, *map(str, command)], check=True, cwd="/", stdout=subprocess.DEVNULL)
