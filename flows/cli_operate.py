"""The commands that keep an installation running by itself: the schedule, and who is told of what."""

from typing import Annotated

import typer

from flows import options


def register(app: typer.Typer) -> None:
    """Add the commands to the front door."""
    app.command(
        epilog="Examples:  ictdev schedule --dry-run   ·   ictdev schedule   ·   "
        "ictdev schedule --once-now   (for cron or a systemd timer)"
    )(schedule)
    app.command(epilog="Examples:  ictdev notify   ·   ictdev notify --test   ·   ictdev notify --automations")(notify)


def schedule(
    source: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only this publisher; may be repeated. Default: all.")
    ] = None,
    once_now: Annotated[bool, typer.Option("--once-now", help="Refresh what is due now, and end.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="With --once-now: ask every publisher, whether or not it is due.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print when each publisher will be asked, and run nothing.")
    ] = False,
    count: Annotated[
        int, typer.Option("--count", metavar="N", min=1, max=100, help="With --dry-run: so many firings per source.")
    ] = 3,
) -> None:
    """Refresh by each source's cadence, in the foreground. Ctrl-C stops it.

    Once a day (setting `schedule`) it looks which publishers are due, and asks them in one run. What was missed while
    the machine slept is caught up once; a publisher that did not answer is asked again at the next look.

    It needs no server: without PREFECT_API_URL it runs one of its own on this machine.
    """
    from flows import log  # noqa: PLC0415
    from flows import schedule as scheduling  # noqa: PLC0415
    from flows.summary import show_refresh  # noqa: PLC0415
    from schemas.errors import Usage  # noqa: PLC0415

    if dry_run and once_now:
        raise Usage("--dry-run runs nothing, --once-now runs once: name one of them")
    if everything and not once_now:
        raise Usage("--all goes with --once-now", next_step="ictdev schedule --once-now --all")
    settings, chosen = options.settings(), source or []
    if dry_run:
        scheduling.show(settings, chosen, count)
        return
    log.configure(as_json=options.given.json_log or settings.json_log)
    if not once_now:
        scheduling.serve(settings, chosen, as_json=options.given.json_log or settings.json_log)
        return
    report = scheduling.once(settings, chosen, everything=everything)
    if report is None:
        log.say(f"nothing is due; looks next at {scheduling.next_tick(settings)}")
    elif not options.given.json_log:
        show_refresh(options.home(), report, "what was due", quiet=True, as_json=False)
    raise typer.Exit(scheduling.status_of(report))


def notify(
    test: Annotated[bool, typer.Option("--test", help="Send a test notice over every channel.")] = False,
    automations: Annotated[
        bool,
        typer.Option("--automations", help="Create or renew the automations on the server that PREFECT_API_URL names."),
    ] = False,
) -> None:
    """Show who is told when a source is held or stale, a target is met or missed, or a run fails.

    Receivers are settings: notify_webhook, notify_email and smtp_…; their secrets are never shown.
    """
    from flows import notify as telling  # noqa: PLC0415

    settings = options.settings()
    if automations:
        telling.automate(settings)
    elif test:
        raise typer.Exit(telling.test(settings))
    else:
        telling.show(settings)
