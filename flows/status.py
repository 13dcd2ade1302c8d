"""Showing how fresh everything is: each source, each indicator, and why something is stale."""

import re
from datetime import UTC, datetime
from typing import Any

from flows import freshness, pending, screen
from warehouse.home import Home
from warehouse.query import Session, open_release

_INDICATORS = """
SELECT indicator, source, series_code, min(year) AS first_year, max(year) AS newest_year,
       max_by(edition_seen, edition_seen_date) AS edition, max(edition_date) AS edition_changed,
       count(DISTINCT ref_area) AS areas, count(*) AS observations, any_value(s.cadence) AS cadence
FROM observation_history h LEFT JOIN source s ON s.id = h.source
WHERE vintage_to IS NULL GROUP BY indicator, h.source, series_code ORDER BY indicator, source, series_code"""

_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:")
_STATE = ("source", "state", "edition", "last_good", "failing_since")


def show(home: Home) -> None:
    """Print the state of sources after the last run and the figures of the newest release."""
    try:
        state = freshness.rows(home)
    except FileNotFoundError:  # a machine that only reads
        with open_release(home.root) as session:
            said = f" as release {session.release.vintage} left them; nothing is refreshed from here"
            _sources(home, session.rows("FROM source_state ORDER BY source"), said)
            _figures(session)
        return
    _sources(home, state)
    with open_release(home.root) as session:
        _figures(session)


def _sources(home: Home, state: list[dict[str, Any]], said: str = "") -> None:
    now = datetime.now(UTC)
    screen.out.print(f"[bold]Sources[/]{said}")
    screen.grid(
        [*(name.replace("_", " ") for name in _STATE), "freshness"],
        [[*(_text(row[name]) for name in _STATE), freshness.read(row, now).words()] for row in state],
    )
    for row in state:
        fresh = freshness.read(row, now)
        if fresh.timeliness_reason:
            screen.out.print(f"{row['source']} {fresh.timeliness}: {fresh.timeliness_reason}", markup=False)
    for row in state:
        if row["reason"]:
            screen.out.print(f"\n{row['source']} {row['state']}")
            screen.block([("why", row["reason"]), ("next", row["next_step"])], screen.out)
    _waiting(home, {row["source"] for row in state if row["state"] == "held"})


def _waiting(home: Home, told: set[str]) -> None:
    """Tell of answers that are quarantined and that no later run has spoken of."""
    for one in pending.waiting(home):
        if one["source"] not in told:
            screen.out.print(f"\n{one['source']}: an answer is quarantined since {one['since']}")
            lines = [("why", found["sentence"]) for found in one["findings"]]
            screen.block([*lines, ("next", pending.way_out(one))], screen.out)


def _figures(session: Session) -> None:
    screen.out.print(f"\n[bold]Figures[/] in release {session.release.vintage}")
    today = datetime.now(UTC).date()
    rows = [{**row, **freshness.timeliness_of(row, today)} for row in session.rows(_INDICATORS)]
    names = ("indicator", "source", "series_code", "first_year", "newest_year", "edition", "areas", "observations")
    screen.grid(
        ["indicator", "source", "series", "from", "newest", "edition", "areas", "figures", "timeliness"],
        [[_text(row[name]) for name in (*names, "timeliness")] for row in rows],
        right=(3, 4, 6, 7),
    )


def _text(value: object) -> str:
    """Write a cell; moments come as ISO text from the state file."""
    text = "" if value is None else str(value)
    return text.replace("T", " ") if _MOMENT.match(text) else text
