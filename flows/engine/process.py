"""Prefect's server as a process of its own, and the making of its database. Run as a file: it imports nothing of ours.

    python -P process.py serve SOCKET PARENT ephemeral|whole
    python -P process.py migrate

SOCKET is the number of a listening socket that the parent opened, so that its address is known before anything is
loaded and the first question simply waits until the server is up.
"""

import asyncio
import ctypes
import gc
import os
import signal
import socket
import sqlite3
import sys
from pathlib import Path

_PARENT_DEATH = 1  # PR_SET_PDEATHSIG


def serve(handle: int, parent: int, *, whole: bool) -> None:
    """Serve until told to end. `whole`: with the scheduler and the other services that one run does not need."""
    _die_with(parent)
    gc.disable()  # what is loaded now stays: to search it for garbage takes a fifth of the start
    import uvicorn  # noqa: PLC0415 - after the system knows whom we die with
    from prefect.server.api.server import create_app  # noqa: PLC0415

    app = create_app(ephemeral=not whole)
    gc.freeze()
    gc.enable()
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="on", timeout_graceful_shutdown=5)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=handle)])


def _die_with(parent: int) -> None:
    """Have the system end us when our parent is killed and cannot end us itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit("the process that wanted this server is gone")


def migrate() -> None:
    """Make the database in PREFECT_HOME, with the block types that a server registers, as one plain file."""
    from prefect.plugins import load_prefect_collections  # noqa: PLC0415
    from prefect.server.database import provide_database_interface  # noqa: PLC0415
    from prefect.server.models.block_registration import run_block_auto_registration  # noqa: PLC0415

    load_prefect_collections()

    async def make() -> None:
        interface = provide_database_interface()
        await interface.create_db()
        async with await interface.session() as session:
            await run_block_auto_registration(session=session)

    asyncio.run(make())
    path = Path(os.environ["PREFECT_HOME"]) / "prefect.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


if __name__ == "__main__":
    if sys.argv[1] == "migrate":
        migrate()
    else:
        serve(int(sys.argv[2]), int(sys.argv[3]), whole=sys.argv[4] == "whole")
