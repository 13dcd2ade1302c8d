"""Automations of a Prefect server as code: it calls our webhook for our events, for runs that crash, and for silence.

The last is what no run can tell of itself: that none has ended for longer than the schedule leaves between two.
Set Prefect's environment before this module is imported.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Any
from uuid import UUID

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.events.actions import CallWebhook, RunDeployment
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.exceptions import ObjectNotFound

from flows import due
from flows.events import ENDED, name
from flows.notices import KINDS
from flows.settings import Settings
from schemas.errors import Usage

BLOCK, PREFIX = "ictdev-notices", "ictdev: "
TELL = "tell by e-mail/tell"
"""The deployment of prefect.yaml that sends a notice by e-mail."""
_FIELDS = ("kind", "subject", "text", "about", "run", "vintage")
_STOPPED = {"prefect.flow-run.Failed", "prefect.flow-run.Crashed", "prefect.flow-run.TimedOut"}


def install(settings: Settings) -> list[str]:
    """Create the automations on the server, or bring those there are up to date; give their names.

    Raises Usage where there is nobody to tell.
    """
    webhook, mail = _webhook(settings), _mail_deployment(settings)
    if webhook is None and mail is None:
        raise Usage(
            "nobody is named to be told",
            why="neither ICTDEV_NOTIFY_WEBHOOK is set, nor are ICTDEV_NOTIFY_EMAIL and ICTDEV_SMTP_HOST with the "
            f"deployment “{TELL}”",
            next_step="docs/operations.md shows both",
        )
    made = list(build(webhook, mail, silence(settings.schedule)))
    for one in made:
        _replace(one)
    return [one.name for one in made]


def build(webhook: UUID | None, mail: UUID | None, quiet: timedelta) -> Iterator[Automation]:
    """Give the automations for these receivers: one per kind of notice, one for stopped runs, one for silence."""
    for kind in KINDS:
        given = {field: f"{{{{ event.payload.{field} }}}}" for field in _FIELDS}
        yield _automation(kind, _on({name(kind)}), _actions(webhook, mail, given))
    stopped = _fixed("failed", "a scheduled refresh was stopped", "{{ event.resource.name }}: {{ event.event }}")
    ours = {"prefect.resource.role": "flow", "prefect.resource.name": "scheduled refresh"}
    yield _automation("stopped", _on(_STOPPED, match_related=ours), _actions(webhook, mail, stopped))
    hours = quiet.total_seconds() / 3600
    silent = _fixed(
        "failed", "no refresh has ended", f"For {hours:.0f} hours no scheduled refresh has come to its end."
    )
    trigger = EventTrigger(
        expect={ENDED},
        match={"prefect.resource.id": "ictdev.run"},
        posture=Posture.Proactive,
        threshold=1,
        within=quiet,
    )
    yield _automation("silence", trigger, _actions(webhook, mail, silent))


def silence(cron: str) -> timedelta:
    """Give how long no run may end before that is told: twice the longest wait between two of the next 50 ticks."""
    moments = list(islice(due.ticks(cron, datetime.now(UTC)), 50))
    return 2 * max(later - earlier for earlier, later in pairwise(moments))


def _automation(kind: str, trigger: EventTrigger, actions: list[Any]) -> Automation:
    return Automation(name=f"{PREFIX}{kind}", description="Made by `ictdev notify`.", trigger=trigger, actions=actions)


def _on(events: set[str], **match: Any) -> EventTrigger:
    return EventTrigger(expect=events, posture=Posture.Reactive, threshold=1, within=timedelta(0), **match)


def _fixed(kind: str, subject: str, text: str) -> dict[str, str]:
    return {**dict.fromkeys(_FIELDS, ""), "kind": kind, "subject": subject, "text": text, "about": "schedule"}


def _actions(webhook: UUID | None, mail: UUID | None, given: dict[str, str]) -> list[Any]:
    found: list[Any] = []
    if webhook is not None:
        found.append(CallWebhook(block_document_id=webhook, payload=_as_json(given)))
    if mail is not None:
        parameters = {
            field: {"__prefect_kind": "jinja", "template": text} if "{{" in text else text
            for field, text in given.items()
        }
        found.append(RunDeployment(source="selected", deployment_id=mail, parameters=parameters))
    return found


def _as_json(given: dict[str, str]) -> str:
    """Give the webhook's body: a template whose values are written as JSON texts."""
    parts = []
    for field, text in given.items():
        value = text.replace(" }}", " | tojson }}") if text.startswith("{{") and text.count("{{") == 1 else f'"{text}"'
        parts.append(f'"{field}": {value}')
    return "{" + ", ".join(parts) + "}"


def _webhook(settings: Settings) -> UUID | None:
    """Keep the webhook's address on the server, encrypted, as a block; give its id."""
    if settings.notify_webhook is None:
        return None
    headers = {"Content-Type": "application/json"}  # the server sends the body as a plain text
    block: Any = Webhook(method="POST", url=settings.notify_webhook, headers=headers)
    return UUID(str(block.save(BLOCK, overwrite=True)))


def _mail_deployment(settings: Settings) -> UUID | None:
    """Find the deployment that sends e-mail, where there are a server for e-mail and receivers."""
    if not (settings.smtp_host and settings.notify_email):
        return None
    with get_client(sync_client=True) as client:
        try:
            return client.read_deployment_by_name(TELL).id
        except ObjectNotFound:
            return None


def _replace(one: Automation) -> None:
    """Put an automation in the place of the one of the same name."""
    with get_client(sync_client=True) as client:
        for former in client.read_automations_by_name(one.name):
            client.delete_automation(former.id)
    one.create()
