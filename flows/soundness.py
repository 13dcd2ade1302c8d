"""Setting figures aside that cannot be: single ones of every answer, all of them of one that a person accepted."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from indicators.bounds import TOLERATED, bounds, outside
from schemas.counts import WRONG, fractions
from schemas.observation import FIRST_YEAR
from schemas.rejecting import UNREAD
from schemas.repeated import as_rejects, set_contradicting_aside
from schemas.source import Reading

_FEW_YEARS = 0.2
"""Share of figures of impossible years that are set aside; forecasts are some years of a series."""
_SINGLE = 2
"""So many impossible figures are single ones, whatever their share, if four times as many are possible."""
_ALL = 1.0


def possible(reading: Reading, today: date, tolerated: float | None = None) -> Reading:
    """Set figures aside that cannot be, as rejects, if they are few; many mean another unit, and a gate holds them.

    `tolerated` gives the share up to which they are few, in the place of each reason's own.
    """
    for reason, tell, few in (
        ("out_of_bounds", outside, TOLERATED),
        ("count_with_fraction", lambda table: pc.equal(fractions(table), WRONG), TOLERATED),
        ("impossible_year", lambda table: _impossible_year(table, today.year), _FEW_YEARS),
    ):
        reading = _few_aside(reading, reason, tell(reading.observations), few if tolerated is None else tolerated)
    return reading


def sound(reading: Reading, today: date) -> Reading:
    """Set everything aside that cannot be, or contradicts itself: no person can make it right by accepting it."""
    from schemas.suites.stored import keeps_contract  # noqa: PLC0415 - the engine is loaded only where a gate runs

    reading = possible(reading, today, _ALL)
    table, contradicting = set_contradicting_aside(reading.observations)
    kept = keeps_contract(table, bounds(), today.year)
    broken = as_rejects(table.filter(pc.invert(kept)), "breaks_contract")
    rejects = pa.concat_tables([reading.rejects, contradicting, broken])
    return replace(reading, observations=table.filter(kept), rejects=rejects)


def _impossible_year(observations: pa.Table, this_year: int) -> pa.ChunkedArray:
    year = observations["year"]
    return pc.or_(pc.greater(year, this_year), pc.less(year, FIRST_YEAR))


def _few_aside(reading: Reading, reason: str, beyond: pa.ChunkedArray, tolerated: float) -> Reading:
    count, whole = pc.sum(beyond).as_py() or 0, reading.observations.num_rows
    single = count <= _SINGLE and 5 * count <= whole
    if not count or not (single or count <= tolerated * whole):
        return reading
    rows = reading.observations.filter(beyond)
    rejects = pa.concat_tables([reading.rejects, as_rejects(rows, reason)])
    unread = [*([reading.unread] if reading.unread is not None else []), rows.select(UNREAD.names).cast(UNREAD)]
    kept = reading.observations.filter(pc.invert(beyond))
    return replace(reading, observations=kept, rejects=rejects, unread=pa.concat_tables(unread))
