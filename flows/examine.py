"""Reading and checking one source's arrivals: bytes become observations that two gates let pass or hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

import pyarrow as pa

from flows.answers import Answer, Part, request_of, united
from flows.arrive import Trouble
from flows.coverage import as_part, covering
from flows.plan import wanted
from flows.soundness import possible, sound
from indicators.bounds import bounds
from schemas import correcting, correction, sdmx_csv
from schemas.check import Result
from schemas.correcting import Corrected
from schemas.errors import Empty, Held, IctdevError, Unavailable, isolated
from schemas.mapping import Mapped, in_force
from schemas.source import Reading, Source
from schemas.sources import readers
from warehouse.snapshots import Receipt, Snapshots

COST = "received_cost"
_STEP = "reading and validating"
State = Literal["good", "partial", "held", "unavailable"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What an earlier run read out of the same bytes by the same rules, which the history holds."""

    vintage: str
    """Name of that run."""
    key: str
    """Hash of what decided the outcome."""
    figures: int
    rejects: int
    edition: str
    """The newest that its readings named."""


@dataclass
class Outcome:
    """How a source's part of the run went: what can be staged, what was held, what did not come at all."""

    source: str
    contract: Source
    receipts: list[Receipt] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    missing: list[Trouble] = field(default_factory=list)
    """Those of the troubles that befell the arrival: what did not come at all."""
    remarks: list[str] = field(default_factory=list)
    """What a person should know though nothing failed: an edition that was assumed, what a guard says of a file."""
    corrections: list[correcting.Row] = field(default_factory=list)
    """What became of each correction that is declared for the source."""
    records: list[dict[str, Any]] = field(default_factory=list)
    """The accounts of the engine of checks."""
    day: str = ""
    """Day of the checks, ISO: figures of later years are impossible."""
    settled: Settled | None = None
    """Given instead of readings where the history already holds them."""
    staying: str = ""
    """Said of files that leave figures out which stay, once the history was compared."""
    aside: list[pa.Table] = field(default_factory=list)
    """Rejects of answers that were quarantined: what was set aside is written down all the same."""
    mapping: Sequence[Mapped] = ()
    """What an operator mapped, as it was in force when the arrivals were read."""

    @property
    def fetched(self) -> bool:
        """True when a publisher was asked."""
        return any(receipt.route == "fetched" for receipt in self.receipts)

    @property
    def named(self) -> bool:
        """True when a person named the files."""
        return any(receipt.route == "file" for receipt in self.receipts)

    @property
    def observations(self) -> int:
        """Figures that can be staged."""
        return self.settled.figures if self.settled else sum(one.observations.num_rows for one in self.readings)

    @property
    def state(self) -> State:
        """`good`; `partial` when some of it failed; `held` or `unavailable` when nothing can be staged."""
        if self.readings or self.settled:
            return "partial" if self.troubles else "good"
        silent = all(isinstance(error, Unavailable) for _, error in self.troubles)
        return "unavailable" if self.troubles and silent else "held"

    @property
    def rejected(self) -> int:
        """Records that could not become an observation."""
        aside = sum(one.num_rows for one in self.aside)
        return self.settled.rejects if self.settled else aside + sum(one.rejects.num_rows for one in self.readings)

    @property
    def edition(self) -> str:
        """The newest edition that came."""
        return self.settled.edition if self.settled else max((one.edition for one in self.readings), default="")


def examine(
    source: str,
    receipts: Sequence[Receipt],
    troubles: Sequence[Trouble],
    snapshots: Snapshots,
    today: date,
    mapping: Sequence[Mapped] = (),
    *,
    past_checks: bool = False,
) -> Outcome:
    """Read every arrival of a source, unite the parts of each answer, and check it. An answer that fails is held.

    `past_checks` lets answers through that fail a check, because a person accepted them: what cannot be is set aside,
    and such an answer removes nothing.
    """
    outcome = Outcome(
        source, contract_of(source, receipts), list(receipts), troubles=list(troubles), missing=list(troubles)
    )
    outcome.day = today.isoformat()
    outcome.mapping = tuple(one for one in mapping if one.source == source)
    taken: list[Corrected] = []
    for answer in _answers(outcome, receipts, snapshots):
        try:
            with isolated(_STEP, answer.name):
                taken.append(_take(outcome, answer, today, past_checks=past_checks))
        except IctdevError as error:
            error.source = source
            outcome.troubles.append((answer.name, error))
    outcome.readings = [one.reading for one in taken]
    for one in taken:
        outcome.corrections = correcting.newest(outcome.corrections, one.rows)
    outcome.remarks += [correcting.expired(row) for row in outcome.corrections if row["state"] == "expired"]
    return outcome


def _answers(outcome: Outcome, receipts: Sequence[Receipt], snapshots: Snapshots) -> list[Answer]:
    parts = list(_parts(outcome, receipts, snapshots))
    try:
        with isolated(_STEP, outcome.source):
            return united(parts)
    except IctdevError as error:
        error.source = outcome.source
        outcome.troubles.append((outcome.source, error))
        return []


def _parts(outcome: Outcome, receipts: Sequence[Receipt], snapshots: Snapshots) -> Iterator[Part]:
    """Read every page and file. Pages of a request count together: one that cannot be read holds the others."""
    requests: dict[tuple[str, ...], list[Receipt]] = {}
    for receipt in receipts:
        requests.setdefault(request_of(receipt), []).append(receipt)
    for pages in requests.values():
        given = pages if pages[0].route == "fetched" else pages[:1]
        try:
            with isolated(_STEP, pages[0].name), in_force(outcome.source, outcome.mapping):
                found = _read_whole(outcome, given, snapshots)
            yield from found
        except IctdevError as error:
            error.source = outcome.source
            outcome.troubles.append((pages[0].name, error))


def _read_whole(outcome: Outcome, pages: Sequence[Receipt], snapshots: Snapshots) -> list[Part]:
    """Read all pages of a request; one without any figure is passed over where others have some."""
    found, empty = list[Part](), list[Empty]()
    arrived = max(page.received for page in pages)  # the edition of last resort, one for all pages
    for page in pages:
        try:
            reading = _read(replace(page, received=arrived), snapshots)
        except Empty as error:
            empty.append(error)
            continue
        found.append(Part(page, covering(reading, page, outcome.contract)))
        outcome.remarks += reading.notices
        if reading.edition_assumed and page.route == "file":
            outcome.remarks.append(_assumed(page, reading))
    if empty and not found:
        raise empty[0]
    return found


def _take(outcome: Outcome, answer: Answer, today: date, *, past_checks: bool) -> Corrected:
    """Pass an answer through the first gate, correct what is declared, and pass it through the second."""
    from schemas.suites import received, stored  # noqa: PLC0415 - the engine is loaded only where a gate runs

    source = outcome.source
    asked = [series for series in wanted(source) if series.code in answer.series]
    contract = outcome.contract if answer.receipts[0].route == "fetched" else None
    results = received.check(source, answer.reading, asked, contract, outcome.records)
    corrected = correcting.correct(answer.reading, correction.declared(source))
    reading = possible(corrected.reading, today)
    kept = sound(reading, today) if past_checks else reading
    results += received.check_set_aside(source, kept)
    results += stored.check(source, kept.observations, bounds(), today.year, outcome.records)
    outcome.results += results
    if not past_checks:
        _hold(outcome, answer, kept, results)
    elif any(result.holds for result in results) or kept.observations.num_rows < reading.observations.num_rows:
        kept = as_part(kept)
    return replace(corrected, reading=kept)


def _assumed(receipt: Receipt, reading: Reading) -> str:
    named = f"--from-file {receipt.source}={receipt.name}@YYYY-MM-DD"
    return f"{receipt.name} names no edition, so the day {reading.edition} was taken; if it is older: {named}"


def contract_of(source: str, receipts: Sequence[Receipt]) -> Source:
    """Give the source's contract: its file's, or what its side file tells of a publisher that only comes by bundle."""
    if source in readers():
        return readers()[source].SOURCE
    return sdmx_csv.SideFile.model_validate(receipts[0].side).contract()


def _read(receipt: Receipt, snapshots: Snapshots) -> Reading:
    raw = snapshots.raw(receipt)
    if receipt.route == "bundle":
        return sdmx_csv.read(raw, sdmx_csv.SideFile.model_validate(receipt.side))
    return readers()[receipt.source].read(raw, wanted(receipt.source))


def _hold(outcome: Outcome, answer: Answer, reading: Reading, results: Sequence[Result]) -> None:
    """Raise Held, naming check, rows, meaning and next step, if a check of severity fail did not pass.

    Where what is not understood costs too much, the reasons of its rejects come first: they are what is to be mended.
    """
    failed = [result for result in results if result.holds]
    if failed:
        outcome.aside.append(reading.rejects)
        warned = [one for one in results if not one.passed and one.check.severity == "warn"]
        told = [*warned, *failed] if any(one.check.id == COST for one in failed) else [*failed, *warned]
        raise Held(
            f"{answer.name}: {told[0].sentence()}",
            why=" | ".join(result.sentence() for result in told[1:]) or "nothing of this answer was taken in",
            next_step=f"{told[0].check.next_step}; or take in what is sound of it: "
            f"ictdev release --accept {outcome.source} --why TEXT",
            source=outcome.source,
        )
