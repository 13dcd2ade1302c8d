"""The gate before a release: the tables are checked where they were derived, and nothing is published that fails."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flows import promises
from schemas.check import Result
from schemas.errors import Held
from warehouse import checking, models
from warehouse.checking import Found
from warehouse.guards import Finding, Tripped
from warehouse.models import Connection


@dataclass
class Verdict:
    """What the gate says of a release that is about to be published."""

    results: list[Result] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    """The engine's own account."""
    culprits: dict[str, frozenset[str]] = field(default_factory=dict)
    """By check of severity fail: publishers whose figures break it."""
    events: list[str] = field(default_factory=list)
    """Targets that stand otherwise than before."""


class Refused(Held):
    """The gate let no release pass, and no source of this run can be held for it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            findings[0].sentence,
            why=" | ".join(one.sentence for one in findings[1:]) or "no single answer of this run brought it in",
            next_step=findings[0].next_step,
        )
        self.findings = list(findings)


def check(con: Connection) -> Verdict:
    """Run the rules on the tables, and the resolution's targets, by what the connection holds."""
    from schemas.rules import published as rules  # noqa: PLC0415
    from schemas.suites import published, resolution  # noqa: PLC0415 - the engine is loaded only where a gate runs

    verdict = Verdict()
    found = checking.inspect(con, rules())
    judged = published.check({name: one.rows_failed for name, one in found.items()}, verdict.records)
    verdict.results = [_told(result, found[result.check.id]) for result in judged]
    verdict.results += resolution.check(promises.gather(con), verdict.records)
    verdict.culprits = {one.check.id: found[one.check.id].sources for one in judged if one.holds}
    verdict.events = [_event(row) for row in models.inputs(con, "target_changes").to_pylist()]
    return verdict


def _told(result: Result, found: Found) -> Result:
    return replace(
        result,
        rows_checked=found.rows_checked,
        rows_failed=found.rows_failed,
        examples=found.examples,
        failing_keys=found.failing_keys,
    )


def _event(row: dict[str, Any]) -> str:
    by = " ".join(part for part in (row["source"], row["edition"]) if part)
    place = f"{row['mandate']} § {row['paragraph']} {row['target']} by {by}"
    return f"{place}: {row['was']} → {row['is_now']} ({row['reason']})"


def exceptions(verdict: Verdict, source: str) -> list[str]:
    """Name the rows that fail because of a source: what a person lets through who accepts its answer."""
    failed = [one for one in verdict.results if one.holds and source in verdict.culprits[one.check.id]]
    return sorted({text for one in failed for text in _rows_of(one)})


def _rows_of(result: Result) -> list[str]:
    return [f"{result.check.id}: {key}" for key in result.failing_keys]


def _is_accepted(result: Result, accepted: Collection[str]) -> bool:
    """Tell whether a person let every row through that fails; of too many rows not all are named."""
    return result.rows_failed <= len(result.failing_keys) and set(_rows_of(result)) <= set(accepted)


def enforce(verdict: Verdict, changed: Collection[str], accepted: Collection[str] = ()) -> None:
    """Raise Tripped for the sources of this run that brought a failure in, else Refused, else nothing.

    `changed` are the sources whose figures this run changed, `accepted` the failing rows that persons let through.
    """
    to_blame: dict[str, list[Finding]] = {}
    unknown: list[Finding] = []
    for result in verdict.results:
        if result.holds and not _is_accepted(result, accepted):
            many = result.rows_failed > len(result.failing_keys)
            finding = Finding(result.check.id, result.sentence(), result.check.next_step, final=many)
            sources = sorted(verdict.culprits[result.check.id] & set(changed))
            for source in sources:
                to_blame.setdefault(source, []).append(finding)
            if not sources:
                unknown.append(finding)
    if to_blame:
        raise Tripped(to_blame)
    if unknown:
        raise Refused(unknown)
