"""Showing how fresh everything is: each source, each indicator, and why something is stale."""

from typing import Any

import orjson

from flows import screen
from schemas.errors import Unanswered
from warehouse.home import Home
from warehouse.query import Session, open_release

_INDICATORS = """
SELECT indicator, source, min(year) AS first_year, max(year) AS newest_year,
       max_by(edition, edition) AS edition, count(DISTINCT ref_area) AS areas, count(*) AS observations
FROM observation GROUP BY ALL ORDER BY indicator, source"""


def show(home: Home) -> None:
    """Print the state of sources after the last run and the figures of the newest release."""
    state = _state(home)
    screen.out.print("[bold]Sources[/]")
    screen.grid(
        ["source", "state", "edition", "last good", "failing since"],
        [[_text(row[name]) for name in ("source", "state", "edition", "last_good", "failing_since")] for row in state],
    )
    for row in state:
        if row["reason"]:
            screen.out.print(f"\n{row['source']} {row['state']}")
            screen.block([("why", row["reason"]), ("next", row["next_step"])], screen.out)
    with open_release(home.root) as session:
        _figures(session)


def _figures(session: Session) -> None:
    screen.out.print(f"\n[bold]Figures[/] in release {session.release.vintage}")
    rows = session.rows(_INDICATORS)
    names = ("indicator", "source", "first_year", "newest_year", "edition", "areas", "observations")
    screen.grid(
        ["indicator", "source", "from", "newest", "edition", "areas", "figures"],
        [[_text(row[name]) for name in names] for row in rows],
        right=(2, 3, 5, 6),
    )


def _state(home: Home) -> list[dict[str, Any]]:
    try:
        content = orjson.loads(home.state.read_bytes())
    except FileNotFoundError as error:
        raise Unanswered(
            f"nothing has been refreshed in {home.root} yet",
            next_step="ictdev refresh --bundled   (takes the figures that ship with the project, needs no network)",
        ) from error
    rows: list[dict[str, Any]] = content["sources"]
    return rows


def _text(value: object) -> str:
    """Write a cell; moments come as ISO text from the state file."""
    return "" if value is None else str(value).replace("T", " ")
