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
from schemas.counts import WRONG, fractions
from schemas.errors import Held, IctdevError, Unavailable, isolated
from schemas.mapping import Mapped, in_force
from schemas.observation import FIRST_YEAR, REJECT, conform, edition_date
from schemas.rejecting import UNREAD
from schemas.source import Reading, Source
from schemas.sources import readers
from warehouse.snapshots import Receipt, Snapshots

COST = "received_cost"
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
    aside: list[pa.Table] = field(default_factory=list)
    """Rejects of answers that were quarantined: what was set aside is written down all the same."""
    mapping: Sequence[Mapped] = ()
    """What an operator mapped, as it was in force when the arrivals were read."""

    @property
    def fetched(self) -> bool:
        """True when a publisher was asked. Files are named by a person, who answers for them."""
        return any(receipt.route == "fetched" for receipt in self.receipts)

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
) -> Outcome:
    """Read and check every arrival of a source. An arrival that fails is held; the others go on."""
    outcome = Outcome(
        source, contract_of(source, receipts), list(receipts), troubles=list(troubles), missing=list(troubles)
    )
    outcome.day = today.isoformat()
    outcome.mapping = tuple(one for one in mapping if one.source == source)
    taken: list[Corrected] = []
    for receipt in receipts:
        try:
            with isolated("reading and validating", receipt.name):
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
    with in_force(source, outcome.mapping):
        reading = _read(receipt, snapshots)
    asked = [series for series in wanted(source) if series.code in receipt.series]
    contract = outcome.contract if receipt.route == "fetched" else None
    results = received.check(source, reading, asked, contract, outcome.records)
    corrected = correcting.correct(reading, correction.declared(source))
    corrected = replace(corrected, reading=_possible(corrected.reading, today))
    results += received.check_set_aside(source, corrected.reading)
    results += stored.check(source, corrected.reading.observations, bounds(), today.year, outcome.records)
    outcome.results += results
    if any(result.holds for result in results):
        outcome.aside.append(corrected.reading.rejects)
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


_FEW_YEARS = 0.2
"""Share of figures of impossible years that are set aside; forecasts are some years of a series."""
_SINGLE = 2
"""So many impossible figures are single ones, whatever their share, if four times as many are possible."""


def _possible(reading: Reading, today: date) -> Reading:
    """Set figures aside that cannot be, as rejects, if they are few; many mean another unit, and a gate holds them."""
    for reason, tell, tolerated in (
        ("out_of_bounds", outside, TOLERATED),
        ("count_with_fraction", lambda table: pc.equal(fractions(table), WRONG), TOLERATED),
        ("impossible_year", lambda table: _impossible_year(table, today.year), _FEW_YEARS),
    ):
        reading = _set_aside(reading, reason, tell(reading.observations), tolerated)
    return reading


def _impossible_year(observations: pa.Table, this_year: int) -> pa.ChunkedArray:
    year = observations["year"]
    return pc.or_(pc.greater(year, this_year), pc.less(year, FIRST_YEAR))


def _set_aside(reading: Reading, reason: str, beyond: pa.ChunkedArray, tolerated: float) -> Reading:
    count, whole = pc.sum(beyond).as_py() or 0, reading.observations.num_rows
    single = count <= _SINGLE and 5 * count <= whole
    if not count or not (single or count <= tolerated * whole):
        return reading
    rows = reading.observations.filter(beyond)
    texts = pc.binary_join_element_wise(
        rows["ref_area"], rows["time_period"], rows["sex"], rows["breakdown"], rows["value"].cast(pa.string()), " "
    )
    aside = rows.append_column("reason", pa.repeat(pa.scalar(reason), rows.num_rows))
    aside = aside.append_column("detail", texts)
    rejects = pa.concat_tables([reading.rejects, conform(aside, REJECT)])
    unread = [*([reading.unread] if reading.unread is not None else []), rows.select(UNREAD.names).cast(UNREAD)]
    kept = reading.observations.filter(pc.invert(beyond))
    return replace(reading, observations=kept, rejects=rejects, unread=pa.concat_tables(unread))


def _hold(source: str, receipt: Receipt, results: Sequence[Result]) -> None:
    """Raise Held, naming check, rows, meaning and next step, if a check of severity fail did not pass.

    Where what is not understood costs too much, the reasons of its rejects come first: they are what is to be mended.
    """
    failed = [result for result in results if result.holds]
    if failed:
        warned = [one for one in results if not one.passed and one.check.severity == "warn"]
        told = [*warned, *failed] if any(one.check.id == COST for one in failed) else [*failed, *warned]
        raise Held(
            f"{receipt.name}: {told[0].sentence()}",
            why=" | ".join(result.sentence() for result in told[1:]) or "nothing of this answer was taken in",
            next_step=told[0].check.next_step,
            source=source,
        )
