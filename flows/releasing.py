"""The releases that stand, seen and kept by a person, and quarantined answers let through."""

import getpass

from flows import pending, screen
from flows.settings import Settings
from warehouse import retention
from warehouse.home import Home
from warehouse.lock import exclusive
from warehouse.pointer import newest


def show(home: Home) -> None:
    """Print every release, newest first."""
    standing = newest(home).vintage
    rows = [
        [
            one["release"],
            f"{one['size'] / 1e6:.1f} MB",
            "newest" if one["release"] == standing else "",
            f"kept since {one['since']} by {one['by']}: {one['why']}" if "since" in one else "",
        ]
        for one in retention.listing(home)
    ]
    screen.grid(["release", "size", "standing", "mark"], rows, right=(1,))
    for held in pending.waiting(home):
        screen.out.print(f"\n{held['source']} is quarantined since {held['since']}", markup=False)
        screen.block(
            [*(("what", one["sentence"]) for one in held["findings"]), ("next", pending.way_out(held))], screen.out
        )


def keep(home: Home, name: str, *, why: str, by: str) -> None:
    """Mark a release, so that it is never removed."""
    with exclusive(home):
        retention.mark(home, name, why=why or "no reason given", by=by or getpass.getuser())
    screen.out.print(f"release {name} is kept for ever", markup=False)


def let_go(home: Home, name: str) -> None:
    """Take a mark back."""
    with exclusive(home):
        retention.unmark(home, name)
    screen.out.print(f"release {name} goes the way of the others", markup=False)


def accept(settings: Settings, source: str, *, why: str, by: str) -> int:
    """Let a quarantined answer through, tell what came of it, and give the exit status."""
    from flows import options  # noqa: PLC0415
    from flows.accept import accept as let_through  # noqa: PLC0415
    from flows.summary import show_refresh  # noqa: PLC0415

    home = Home(settings.home)
    report = let_through(home, source, why=why, by=by, keep=settings.keep_releases)
    show_refresh(home, report, f"{source}, let through", quiet=options.given.quiet, as_json=options.given.json_log)
    return report.exit_status
