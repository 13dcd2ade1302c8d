"""Waiting until a server of ours has stored what a flow run sent it: states of task runs travel as events."""

import logging
import time
from contextlib import suppress
from uuid import UUID

import httpx
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.events.worker import EventsWorker
from prefect.exceptions import PrefectException

PATIENCE = 10.0
"""Seconds after which what is still missing is given up: the release does not depend on it."""
_STEP = 0.05
_MOST = 200
"""Task runs that Prefect gives in one answer."""


def wait(api: str, flow_run: UUID, tasks: int) -> None:
    """Send what is still queued, and wait until that many task runs of the flow run stand in their last state."""
    until = time.monotonic() + PATIENCE
    logging.getLogger("prefect").setLevel(logging.CRITICAL)  # it counts aloud what it still has to send
    EventsWorker.drain_all(timeout=PATIENCE)
    with suppress(PrefectException, httpx.HTTPError), SyncPrefectClient(api) as client:
        while time.monotonic() < until and _standing(client, flow_run) < min(tasks, _MOST):
            time.sleep(_STEP)


def _standing(client: SyncPrefectClient, flow_run: UUID) -> int:
    """Count the task runs of a flow run that stand in their last state."""
    wanted = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run]))
    found = client.read_task_runs(flow_run_filter=wanted, limit=_MOST)
    return sum(1 for one in found if one.state and one.state.is_final())
