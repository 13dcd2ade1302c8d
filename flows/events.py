"""What a run tells a Prefect server as events, for automations there: each notice, and that a run came to its end."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict

import httpx
from prefect.events import emit_event
from prefect.exceptions import PrefectException

from flows.notices import Notice

ENDED = "ictdev.run-ended"


def name(kind: str) -> str:
    """Give the name of the event that carries notices of a kind."""
    return f"ictdev.{kind}"


def emit(run: str, found: Sequence[Notice]) -> None:
    """Emit one event per notice, and one that says that the run ended. A server that is away is not waited for."""
    with suppress(PrefectException, httpx.HTTPError, OSError):
        for notice in found:
            resource = {
                "prefect.resource.id": f"ictdev.{notice.kind}.{notice.about.replace(' ', '-')}",
                "prefect.resource.name": notice.about,
            }
            emit_event(event=name(notice.kind), resource=resource, payload=asdict(notice))
        emit_event(event=ENDED, resource={"prefect.resource.id": "ictdev.run"}, payload={"run": run})
