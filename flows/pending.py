"""Answers that were quarantined: kept aside with the reason, until a person lets them through or they pass."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from schemas.errors import Held, Unanswered
from warehouse.home import Home, write_atomically

if TYPE_CHECKING:
    from flows.examine import Outcome
    from warehouse.guards import Finding

Note = dict[str, Any]
LET_THROUGH = "ictdev release --accept {source} --why TEXT"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who let a quarantined answer through, why, and why it was quarantined."""

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
    """Write down what was quarantined in this run, and forget what has come through since."""
    for outcome in outcomes:
        path = home.held / f"{outcome.source}.json"
        found = list(_findings(outcome, held.get(outcome.source, ())))
        if found and outcome.source not in accepted:
            home.held.mkdir(exist_ok=True)
            former = orjson.loads(path.read_bytes()) if path.exists() else {}
            content = {
                "source": outcome.source,
                "since": former.get("since", since),
                "findings": found,
                "receipts": [receipt.as_note() for receipt in outcome.receipts],
            }
            write_atomically(path, orjson.dumps(content, option=orjson.OPT_INDENT_2))
        elif outcome.state == "good" or outcome.source in accepted:
            path.unlink(missing_ok=True)


def _findings(outcome: "Outcome", by_guard: "Sequence[Finding]") -> Iterator[Note]:
    """Give every reason for which something that arrived was not taken in; `final` where nobody can change that."""
    for one in by_guard:
        yield {"guard": one.guard, "sentence": one.sentence, "final": one.next_step if one.final else ""}
    if not by_guard:
        for name, error in outcome.troubles[len(outcome.missing) :]:
            final = "" if isinstance(error, Held) else error.next_step or "give the file again, or ask again"
            sentence = error.what if name in error.what else f"{name}: {error.what}"
            yield {"guard": type(error).__name__.lower(), "sentence": sentence, "final": final}


def waiting(home: Home) -> list[Note]:
    """Give every answer that is quarantined, by source."""
    return [orjson.loads(path.read_bytes()) for path in sorted(home.held.glob("*.json"))]


def is_final(one: Note) -> bool:
    """Tell whether a quarantined answer cannot be let through, because nothing of it can be taken in."""
    return all(found.get("final") for found in one["findings"])


def way_out(one: Note) -> str:
    """Say what can be done about a quarantined answer."""
    if is_final(one):
        return str(one["findings"][0]["final"])
    return f"{LET_THROUGH.format(source=one['source'])}   lets it through"


def of(home: Home, source: str) -> Note:
    """Give the quarantined answer of a source. Raises Unanswered, naming what is quarantined or why this one stays."""
    for one in waiting(home):
        if one["source"] == source:
            if is_final(one):
                raise _stays(one)
            return one
    held = ", ".join(one["source"] for one in waiting(home)) or "nothing"
    raise Unanswered(
        f"no answer of {source} is held",
        why=f"held now: {held}",
        next_step="ictdev status   shows the state of each source",
    )


def _stays(one: Note) -> Unanswered:
    return Unanswered(
        f"the quarantined answer of {one['source']} cannot be let through: there is nothing that could be taken in",
        why=" | ".join(found["sentence"] for found in one["findings"]),
        next_step=one["findings"][0]["final"],
    )
