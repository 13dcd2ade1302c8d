"""Reading and checking one source's arrivals: bytes become observations that two gates let pass or hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from flows.arrive import Trouble
from flows.plan import wanted
from indicators.bounds import TOLERATED, bounds, outside
from schemas import correcting, correction, sdmx_csv
from schemas.check import Result
from schemas.correcting import Corrected
from schemas.errors import Held, IctdevError, Unavailable
from schemas.observation import REJECT, conform, edition_date
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
        """True when a publisher was asked. Files are named by a person, who answers for them."""
        return any(receipt.route == "fetched" for receipt in self.receipts)

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
    source: str, receipts: Sequence[Receipt], troubles: Sequence[Trouble], snapshots: Snapshots, today: date
) -> Outcome:
    """Read and check every arrival of a source. An arrival that fails is held; the others go on."""
    outcome = Outcome(
        source, contract_of(source, receipts), list(receipts), troubles=list(troubles), missing=list(troubles)
    )
    outcome.day = today.isoformat()
    taken: list[Corrected] = []
    for receipt in receipts:
        try:
            taken.append(_take(outcome, receipt, snapshots, today))
            outcome.remarks += taken[-1].reading.notices
            if taken[-1].reading.edition_assumed and receipt.route == "file":
                outcome.remarks.append(_assumed(receipt, taken[-1].reading))
        except IctdevError as error:
            error.source = source
            outcome.troubles.append((receipt.name, error))
    taken.sort(key=lambda one: edition_date(one.reading.edition) or date.min)
    outcome.readings = [one.reading for one in taken]
    for one in taken:
        outcome.corrections = correcting.newest(outcome.corrections, one.rows)
    outcome.remarks += [correcting.expired(row) for row in outcome.corrections if row["state"] == "expired"]
    return outcome


def _take(outcome: Outcome, receipt: Receipt, snapshots: Snapshots, today: date) -> Corrected:
    """Read one arrival, pass it through the first gate, correct what is declared, and pass it through the second."""
    from schemas.suites import received, stored  # noqa: PLC0415 - the engine is loaded only where a gate runs

    source = outcome.source
    reading = _read(receipt, snapshots)
    asked = [series for series in wanted(source) if series.code in receipt.series]
    contract = outcome.contract if receipt.route == "fetched" else None
    results = received.check(source, reading, asked, contract, outcome.records)
    corrected = correcting.correct(reading, correction.declared(source))
    corrected = replace(corrected, reading=_possible(corrected.reading))
    results += received.check_set_aside(source, corrected.reading)
    results += stored.check(source, corrected.reading.observations, bounds(), today.year, outcome.records)
    outcome.results += results
    _hold(source, receipt, results)
    return corrected


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


def _possible(reading: Reading) -> Reading:
    """Set figures aside that cannot be, as rejects, if they are few; many mean another unit, and a gate holds them."""
    beyond = outside(reading.observations)
    few = 0 < (pc.sum(beyond).as_py() or 0) <= TOLERATED * reading.observations.num_rows
    if not few:
        return reading
    rows = reading.observations.filter(beyond)
    texts = pc.binary_join_element_wise(
        rows["ref_area"], rows["time_period"], rows["sex"], rows["breakdown"], rows["value"].cast(pa.string()), " "
    )
    aside = rows.append_column("reason", pa.repeat(pa.scalar("out_of_bounds"), rows.num_rows))
    aside = aside.append_column("detail", texts)
    rejects = pa.concat_tables([reading.rejects, conform(aside, REJECT)])
    return replace(reading, observations=reading.observations.filter(pc.invert(beyond)), rejects=rejects)


def _hold(source: str, receipt: Receipt, results: Sequence[Result]) -> None:
    """Raise Held, naming check, rows, meaning and next step, if a check of severity fail did not pass."""
    failed = [result for result in results if result.holds]
    if failed:
        raise Held(
            f"{receipt.name}: {failed[0].sentence()}",
            why=" | ".join(result.sentence() for result in failed[1:]) or "nothing of this answer was taken in",
            next_step=failed[0].check.next_step,
            source=source,
        )
