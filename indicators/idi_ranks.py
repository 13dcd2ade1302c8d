"""How far a rank in the ICT Development Index depends on choices that could as well have been others.

The index is worked out many times, each time with weights and goalposts a little different and with inputs moved
within their rounding, all drawn uniformly and independently; the rank interval holds the middle share of the ranks
that come out. What is drawn stands in `Plan`, and how far it may move is our own choice; the way is step 7 of OECD and
JRC, *Handbook on Constructing Composite Indicators*, 2008. The seed is fixed and economies are taken in the order of
their codes, so that the same inputs give the same intervals.

Ranked are the economies with all inputs, among themselves; equal scores share the better rank.
Columns in: as `idi.scores`. Out: see `rank_intervals`.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from indicators import idi
from indicators.index_edition import Edition

METHOD, VERSION = "idi_rank_interval", "1"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn. `weight` and `goalpost` are the most that each may move, as a share of itself."""

    draws: int = 2000
    seed: int = 2017
    weight: float = 0.25
    goalpost: float = 0.05
    share: float = 0.90
    """Share of the ranks that an interval holds."""


USUAL = Plan()
_CHUNK = 250
"""Draws worked on at once: what one processor cache can hold."""


def rank_intervals(inputs: pa.Table, edition: Edition, plan: Plan = USUAL) -> pa.Table:
    """Give edition, ref_area, rank, rank_lower (the best), rank_upper, ranked, draws and seed of scored economies."""
    values = idi.matrix(inputs, edition)
    known = idi.numbers(inputs, edition)
    whole = ~np.isnan(known).any(axis=1)
    known, half = known[whole], np.nan_to_num(idi.numbers(inputs, edition, "half_unit")[whole])
    lower, upper = interval(drawn_ranks(known, half, edition, plan), plan.share)
    rank = ranks(idi.score_all(known, edition)[..., 0])
    count = int(whole.sum())
    columns: dict[str, pa.Array] = {
        "edition": pa.array([edition.edition] * count, pa.int32()),
        "ref_area": pa.array(values.index.to_numpy()[whole].tolist(), pa.string()),
        **{
            name: pa.array(part, pa.int32())
            for name, part in (("rank", rank), ("rank_lower", lower), ("rank_upper", upper))
        },
        **{
            name: pa.array([number] * count, pa.int32())
            for name, number in (("ranked", count), ("draws", plan.draws), ("seed", plan.seed))
        },
    }
    return pa.table(columns)


def ranks(totals: np.ndarray) -> np.ndarray:
    """Rank scores along the last axis, 1 the highest; scores that round to the same nine digits are equal."""
    falling = -np.round(totals, 9)
    order = np.argsort(falling, axis=-1, kind="stable")
    sorted_scores = np.take_along_axis(falling, order, axis=-1)
    places = np.broadcast_to(np.arange(1, falling.shape[-1] + 1, dtype="int32"), falling.shape).copy()
    places[..., 1:][sorted_scores[..., 1:] == sorted_scores[..., :-1]] = 0  # the same score: the place before it
    found = np.empty(falling.shape, dtype="int32")
    np.put_along_axis(found, order, np.maximum.accumulate(places, axis=-1), axis=-1)
    return found


def interval(drawn: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Give the ranks between which the middle `share` of the draws (first axis) lie."""
    if drawn.shape[1] == 0:
        return drawn[0], drawn[0]
    tail = (1 - share) / 2
    found = np.quantile(drawn, [tail, 1 - tail], axis=0, method="inverted_cdf")
    return found[0].astype("int32"), found[1].astype("int32")


def drawn_ranks(values: np.ndarray, half: np.ndarray, edition: Edition, plan: Plan) -> np.ndarray:
    """Give the ranks (draws, economies) of inputs (economies, inputs) that are printed to ± `half`."""
    rng = np.random.default_rng(plan.seed)
    weights = idi.edition_weights(edition) * _factors(rng, plan.draws, len(idi.edition_weights(edition)), plan.weight)
    full = np.array([one.full for one in edition.components])
    goals = full * _factors(rng, plan.draws, len(full), plan.goalpost)
    found = np.empty((plan.draws, len(values)), dtype="int32")
    for start in range(0, plan.draws, _CHUNK):
        part = slice(start, min(start + _CHUNK, plan.draws))
        moved = values + half * rng.uniform(-1, 1, (part.stop - start, *values.shape))
        found[part] = ranks(_totals(moved, goals[part], weights[part], edition))
    return found


def _factors(rng: np.random.Generator, draws: int, count: int, most: float) -> np.ndarray:
    return rng.uniform(1 - most, 1 + most, (draws, count))


def _totals(moved: np.ndarray, goals: np.ndarray, weights: np.ndarray, edition: Edition) -> np.ndarray:
    """Give the index (draws, economies) of moved inputs, each draw with its own goalposts and weights."""
    parts = idi.component_scores(moved, edition, goals[:, None, :])
    return idi.put_together(parts, edition, weights[:, None, :])[..., 0]
