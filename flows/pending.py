"""Answers that a guard held: kept aside with what the guard said, until a person lets them through or they pass."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import orjson

from schemas.errors import Unanswered
from warehouse.home import Home, write_atomically

if TYPE_CHECKING:
    from flows.examine import Outcome
    from warehouse.guards import Finding

Note = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who let through what a guard held, why, and what the guard had said."""

    accepted_by: str
    reason: str
    findings: str


def note(
    home: Home,
    held: Mapping[str, "Sequence[Finding]"],
    outcomes: "Sequence[Outcome]",
    accepted: Collection[str],
    since: str,
) -> None:
    """Write down what was held in this run, and forget what has come through since."""
    for outcome in outcomes:
        path = home.held / f"{outcome.source}.json"
        by_guard = [one for one in held.get(outcome.source, ()) if not one.next_step]
        if by_guard:
            home.held.mkdir(exist_ok=True)
            former = orjson.loads(path.read_bytes()) if path.exists() else {}
            content = {
                "source": outcome.source,
                "since": former.get("since", since),
                "findings": [asdict(one) for one in by_guard],
                "receipts": [receipt.as_note() for receipt in outcome.receipts],
            }
            write_atomically(path, orjson.dumps(content, option=orjson.OPT_INDENT_2))
        elif outcome.state == "good" or outcome.source in accepted:
            path.unlink(missing_ok=True)


def waiting(home: Home) -> list[Note]:
    """Give every answer that is held, by source."""
    return [orjson.loads(path.read_bytes()) for path in sorted(home.held.glob("*.json"))]


def of(home: Home, source: str) -> Note:
    """Give the held answer of a source. Raises Unanswered, naming what is held."""
    for one in waiting(home):
        if one["source"] == source:
            return one
    held = ", ".join(one["source"] for one in waiting(home)) or "nothing"
    raise Unanswered(
        f"no answer of {source} is held by a guard",
        why=f"held now: {held}",
        next_step="ictdev status   tells how each source stands",
    )
