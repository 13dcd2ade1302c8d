"""Showing and trying the channels over which an installation tells of itself."""

from flows import runbook, screen, sending
from flows.engine import named
from flows.engine.environment import quiet_prefect
from flows.notices import Notice
from flows.settings import Settings
from schemas.errors import Usage
from warehouse.home import Home


def show(settings: Settings) -> None:
    """Print the channels that are set up, without their secrets, and what waits for a receiver."""
    ways = sending.channels(settings)
    if not ways:
        screen.out.print("nobody is told: set ICTDEV_NOTIFY_WEBHOOK, or ICTDEV_NOTIFY_EMAIL and ICTDEV_SMTP_HOST")
        return
    if "webhook" in ways:
        screen.out.print("webhook   set; its address is not shown")
    if "e-mail" in ways:
        place = f"{settings.smtp_host}:{settings.smtp_port}, {settings.smtp_security}"
        screen.out.print(f"e-mail    {', '.join(settings.notify_email)} by {place}", markup=False)
    who = "the run itself" if settings.notify_through == "run" else "automations of the Prefect server"
    screen.out.print(f"sent by   {who}")
    waiting = len(runbook.load(Home(settings.home)).unsent)
    screen.out.print(f"unsent    {waiting}" + (", tried again by the next run" if waiting else ""))


def test(settings: Settings) -> int:
    """Send a test notice over every channel; give 0 when all took it, 1 otherwise. Raises Usage where there is none."""
    ways = sending.channels(settings)
    if not ways:
        raise Usage(
            "there is no channel to test",
            next_step="set ICTDEV_NOTIFY_WEBHOOK, or ICTDEV_NOTIFY_EMAIL and ICTDEV_SMTP_HOST",
        )
    notice = Notice("test", "a test of ictdev", "This installation can reach you. Nothing is wrong.", "test")
    _, failures = sending.send(settings, [notice], [])
    failed = {name for name in ways if any(f"the {name} receiver" in sentence for sentence in failures)}
    for name in ways:
        if name not in failed:
            screen.out.print(f"the {name} receiver took the test notice")
    for sentence in failures:
        screen.err.print(sentence.removesuffix("; the next run tries again"), markup=False)
    return 1 if failures else 0


def automate(settings: Settings) -> None:
    """Create or renew the automations on the server that the environment names. Raises Usage where none is."""
    if not named.api():
        raise Usage(
            "automations live on a Prefect server, and none is named",
            why="without one each run sends its notices itself",
            next_step="start one as docs/operations.md shows, and set PREFECT_API_URL",
        )
    quiet_prefect(Home(settings.home))
    from flows.automations import install  # noqa: PLC0415 - Prefect reads its environment when it is imported

    for name in install(settings):
        screen.out.print(name, markup=False)
