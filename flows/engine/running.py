"""One run under Prefect: the lock first, then Prefect's server beside our imports; no process of ours is left."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flows import own_server
from flows.engine import named
from flows.engine.environment import quiet_prefect
from flows.own_server import Server
from warehouse.home import Home
from warehouse.lock import exclusive


@dataclass
class Engine:
    """What carries out a run: an API that the user named, used as it is, or a server of ours."""

    asking: named.Asking | None = None
    server: Server | None = None
    at_end: Callable[[str], None] | None = None
    """Waits until all that the run sent to our server is stored; whoever runs a flow leaves it here."""

    @property
    def note(self) -> str:
        """Give what a person should know before the run, or nothing."""
        return self.server.note if self.server else ""

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Have Prefect, which may be imported inside, talk to this API."""
        if self.server is None:
            yield
            return
        os.environ["PREFECT_API_URL"] = self.server.api  # Prefect reads it when it is first imported
        try:
            with _settings(self.server.api):
                yield
        finally:
            del os.environ["PREFECT_API_URL"]

    def named_answers(self) -> None:
        """Raise IctdevError where the user named an API and it does not answer; ask before anything is done."""
        if self.asking:
            self.asking.answers()

    def ours_answers(self) -> None:
        """Wait until our server answers, where there is one. Raises IctdevError where it does not start."""
        if self.server:
            self.server.wait()
        gc.freeze()
        gc.enable()


@contextmanager
def started(home: Home) -> Iterator[Engine]:
    """Hold the home for one refresh, with Prefect at hand. Raises Busy before anything is started or touched.

    The context ends when what the run sent to a server of ours is stored and its process is gone.
    """
    with exclusive(home), _no_collecting():
        quiet_prefect(home)
        if address := named.api():
            yield Engine(asking=named.Asking(address))
            return
        with own_server.starting(home) as server:
            engine = Engine(server=server)
            try:
                yield engine
            except Exception:
                _finish(engine, server)
                raise
            _finish(engine, server)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Do not look for garbage while all is loaded: what is loaded stays, and the looking takes a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _finish(engine: Engine, server: Server) -> None:
    if engine.at_end:
        engine.at_end(server.api)


@contextmanager
def _settings(api: str) -> Iterator[None]:
    """Set what Prefect cannot be told by its environment, also where an earlier run has loaded it already."""
    from prefect.settings import (  # noqa: PLC0415 - Prefect reads its environment when it is imported
        PREFECT_API_URL,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        temporary_settings,
    )

    changed: dict[Any, Any] = {
        PREFECT_API_URL: api,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,  # its thread sleeps whole seconds; here nobody looks for lost flows
    }
    with temporary_settings(changed):
        yield
