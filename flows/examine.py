"""Reading and checking one source's arrivals: bytes become observations that two gates let pass or hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from flows.answers import Answer, Part, request_of, united
from flows.arrive import Trouble
from flows.coverage import as_part, covering
from flows.plan import wanted
from indicators.bounds import TOLERATED, bounds, outside
from schemas import correcting, correction, sdmx_csv
from schemas.check import Result
from schemas.correcting import Corrected
from schemas.errors import Empty, Held, IctdevError, Unavailable
from schemas.repeated import as_rejects, set_contradicting_aside
from schemas.source import Reading, Source
from schemas.sources import readers
from warehouse.snapshots import Receipt, Snapshots

State = Literal["good", "partial", "held", "unavailable"]


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
        return sum(reading.observations.num_rows for reading in self.readings)

    @property
    def state(self) -> State:
        """`good`; `partial` when some of it failed; `held` or `unavailable` when nothing can be staged."""
        if self.readings:
            return "partial" if self.troubles else "good"
        silent = all(isinstance(error, Unavailable) for _, error in self.troubles)
        return "unavailable" if self.troubles and silent else "held"

    @property
    def rejected(self) -> int:
        """Records that could not become an observation."""
        return sum(reading.rejects.num_rows for reading in self.readings)


def examine(
    source: str,
    receipts: Sequence[Receipt],
    troubles: Sequence[Trouble],
    snapshots: Snapshots,
    today: date,
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
    taken: list[Corrected] = []
    for answer in united(list(_parts(outcome, receipts, snapshots))):
        try:
            taken.append(_take(outcome, answer, today, past_checks=past_checks))
        except IctdevError as error:
            error.source = source
            outcome.troubles.append((answer.name, error))
    outcome.readings = [one.reading for one in taken]
    for one in taken:
        outcome.corrections = correcting.newest(outcome.corrections, one.rows)
    outcome.remarks += [correcting.expired(row) for row in outcome.corrections if row["state"] == "expired"]
    return outcome


def _parts(outcome: Outcome, receipts: Sequence[Receipt], snapshots: Snapshots) -> Iterator[Part]:
    """Read every page and file. Pages of a request count together: one that cannot be read holds the others."""
    requests: dict[tuple[str, ...], list[Receipt]] = {}
    for receipt in receipts:
        requests.setdefault(request_of(receipt), []).append(receipt)
    for pages in requests.values():
        try:
            yield from _read_whole(outcome, pages if pages[0].route == "fetched" else pages[:1], snapshots)
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
    reading = _possible(corrected.reading, TOLERATED)
    sound = _sound(reading, today.year) if past_checks else reading
    results += received.check_set_aside(source, sound)
    results += stored.check(source, sound.observations, bounds(), today.year, outcome.records)
    outcome.results += results
    if not past_checks:
        _hold(source, answer, results)
    elif any(result.holds for result in results) or sound.observations.num_rows < reading.observations.num_rows:
        sound = as_part(sound)
    return replace(corrected, reading=sound)


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


def _possible(reading: Reading, tolerated: float) -> Reading:
    """Set figures aside that cannot be, as rejects, if they are few; many mean another unit, and a gate holds them."""
    beyond = outside(reading.observations)
    few = 0 < (pc.sum(beyond).as_py() or 0) <= tolerated * reading.observations.num_rows
    if not few:
        return reading
    aside = as_rejects(reading.observations.filter(beyond), "out_of_bounds")
    rejects = pa.concat_tables([reading.rejects, aside])
    return replace(reading, observations=reading.observations.filter(pc.invert(beyond)), rejects=rejects)


def _sound(reading: Reading, this_year: int) -> Reading:
    """Set everything aside that cannot be, or contradicts itself: no person can make it right by accepting it."""
    from schemas.suites.stored import keeps_contract  # noqa: PLC0415 - the engine is loaded only where a gate runs

    reading = _possible(reading, 1)
    table, contradicting = set_contradicting_aside(reading.observations)
    kept = keeps_contract(table, bounds(), this_year)
    broken = as_rejects(table.filter(pc.invert(kept)), "breaks_contract")
    rejects = pa.concat_tables([reading.rejects, contradicting, broken])
    return replace(reading, observations=table.filter(kept), rejects=rejects)


def _hold(source: str, answer: Answer, results: Sequence[Result]) -> None:
    """Raise Held, naming check, rows, meaning and next step, if a check of severity fail did not pass."""
    failed = [result for result in results if result.holds]
    if failed:
        raise Held(
            f"{answer.name}: {failed[0].sentence()}",
            why=" | ".join(result.sentence() for result in failed[1:]) or "nothing of this answer was taken in",
            next_step=f"{failed[0].check.next_step}; or take in what is sound of it: "
            f"ictdev release --accept {source} --why TEXT",
            source=source,
        )
