"""The ICT Development Index from its inputs, with what rounding and missing figures leave open.

A component's score is scale · (t(v) − t(T)) / (t(G) − t(T)), kept between 0 and the scale: T the threshold, G the
goalpost, t the component's logarithm: ln(v + 1) for traffic, log10 for bandwidth, else v itself. G below T counts
less as better. Coverage is mixed from 3G and 4G before that. A pillar is the weighted mean of its components, the
index that of its pillars. ITU, *The ICT Development Index 2024* and *Measuring the Information Society 2011*, Annex 1;
parameters by edition in `indicators/index/`.

Missing figures: ITU fills them with estimates that it does not publish. We estimate nothing. A score stands where all
inputs are known; else there are `lower` and `upper`, with every missing component at nothing and at all; where fewer
inputs are official than the edition asks for, there is no figure but a reason.

Columns in: `inputs` one row per economy and figure (ref_area, input, value; and, if known, half_unit: half of the last
printed digit, obs_status); `published` ref_area, breakdown, value, half_unit. Out: see `scores` and `residuals`.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from indicators.index_edition import Component, Edition
from schemas.errors import Invalid, Unmapped

METHOD, VERSION = "idi", "1"


def score_all(values: np.ndarray, edition: Edition, weights: np.ndarray | None = None) -> np.ndarray:
    """Give index, pillars and components (last axis, in the order of `edition.breakdowns`) of inputs (last axis).

    `values`: (…, inputs) in the order of `edition.inputs`, NaN where missing. What lacks a part is NaN itself.
    """
    return put_together(component_scores(values, edition), edition, weights)


def component_scores(values: np.ndarray, edition: Edition, goalposts: np.ndarray | None = None) -> np.ndarray:
    """Give the components' scores (…, components); `goalposts` (…, components), if given, replace the edition's."""
    found, at = [], 0
    for number, one in enumerate(edition.components):
        mixed = _mixed(values[..., at : at + len(one.inputs)], one)
        at += len(one.inputs)
        goal = np.float64(one.full) if goalposts is None else goalposts[..., number]
        found.append(_normalised(mixed, one, goal) * edition.scale)
    return np.stack(found, axis=-1)


def put_together(parts: np.ndarray, edition: Edition, weights: np.ndarray | None = None) -> np.ndarray:
    """Give index, pillars and components from the components' scores.

    `weights` (…, pillars + components), if given, replace the edition's; they are relative.
    """
    weights = edition_weights(edition) if weights is None else weights
    count, at, pillars = len(edition.pillars), 0, []
    for pillar in edition.pillars:
        end = at + len(pillar.components)
        pillars.append(_mean(parts[..., at:end], weights[..., count + at : count + end]))
        at = end
    columns = np.stack(pillars, axis=-1)
    total = _mean(columns, weights[..., :count])
    return np.concatenate([total[..., None], columns, parts], axis=-1)


def edition_weights(edition: Edition) -> np.ndarray:
    """Give the relative weights of the pillars, then of the components."""
    return np.array([*(one.weight for one in edition.pillars), *(one.weight for one in edition.components)])


def _mean(parts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return (parts * weights).sum(axis=-1) / weights.sum(axis=-1)


def _mixed(values: np.ndarray, one: Component) -> np.ndarray:
    if len(one.inputs) == 1:
        return values[..., 0]
    return values @ np.array([part.share for part in one.inputs])


def _scaled(values: np.ndarray | np.float64, logarithm: str) -> np.ndarray:
    """Apply the component's logarithm; a value so small that it has none counts as the least that has one."""
    if logarithm == "ln_plus_1":
        return np.log1p(np.maximum(values, 0.0))
    return np.log10(np.maximum(values, 1.0)) if logarithm == "log10" else np.asarray(values)


def _normalised(values: np.ndarray, one: Component, goalpost: np.ndarray | np.float64) -> np.ndarray:
    """Put values between the threshold (0) and the goalpost (1), cut off at both."""
    start, full = _scaled(np.float64(one.threshold), one.logarithm), _scaled(goalpost, one.logarithm)
    return np.clip((_scaled(values, one.logarithm) - start) / (full - start), 0.0, 1.0)


def matrix(inputs: pa.Table, edition: Edition, column: str = "value") -> pd.DataFrame:
    """Lay one column of the inputs out as economies (rows, by code) × inputs (columns, in the edition's order).

    Raises Unmapped for an input that the edition does not know, Invalid when an economy has one twice.
    """
    frame = inputs.to_pandas()
    foreign = sorted(set(frame["input"]) - set(edition.inputs))
    if foreign:
        raise Unmapped(f"the index of {edition.edition} has no input {', '.join(foreign)}", why=_known(edition.inputs))
    twice = frame.duplicated(["ref_area", "input"])
    if twice.any():
        pairs = (f"{area} {name}" for area, name in frame.loc[twice, ["ref_area", "input"]].to_numpy())
        raise Invalid(f"an input is given twice: {', '.join(pairs)}", next_step="give each economy's input once")
    if column not in frame:
        frame[column] = None
    return frame.pivot_table(
        index="ref_area", columns="input", values=column, aggfunc="first", dropna=False, observed=True
    ).reindex(index=sorted(set(frame["ref_area"])), columns=list(edition.inputs))


def _known(names: Sequence[str]) -> str:
    return f"its inputs are {', '.join(names)}"


def numbers(inputs: pa.Table, edition: Edition, column: str = "value") -> np.ndarray:
    """Give one column of the inputs as floats (economies, inputs); a missing half_unit is NaN like a missing value."""
    return matrix(inputs, edition, column).to_numpy(dtype="float64", na_value=np.nan)


def scores(inputs: pa.Table, edition: Edition) -> pa.Table:
    """Give index, pillars and components of every economy, one row each.

    Columns: edition, reference_year, ref_area, breakdown, score (null when not all its inputs are known), lower and
    upper (what the inputs' rounding and gaps allow), inputs (known), official, needed, reason (empty when scored).
    """
    values = matrix(inputs, edition)
    known = numbers(inputs, edition)
    low, high = _limits(known, numbers(inputs, edition, "half_unit"), edition)
    official = _official(inputs, edition, known)
    enough = official >= edition.needs_official
    found = np.where(enough[:, None], score_all(known, edition), np.nan)
    low, high = (np.where(enough[:, None], one, np.nan) for one in (low, high))
    return _table(values.index.to_numpy(), edition, (found, low, high), (~np.isnan(known)).sum(axis=1), official)


def _official(inputs: pa.Table, edition: Edition, known: np.ndarray) -> np.ndarray:
    """Count the known inputs of each economy that are not marked as estimates."""
    marks = matrix(inputs, edition, "obs_status").to_numpy() == "E"
    return (~np.isnan(known) & ~marks).sum(axis=1)


def _limits(values: np.ndarray, half: np.ndarray, edition: Edition) -> tuple[np.ndarray, np.ndarray]:
    """Give the least and greatest scores that rounding and missing inputs allow: every score moves one way only."""
    half = np.nan_to_num(half)
    ends = [component_scores(values + sign * half, edition) for sign in (-1, 1)]
    low = np.nan_to_num(np.minimum(*ends), nan=0.0)
    high = np.nan_to_num(np.maximum(*ends), nan=edition.scale)
    return put_together(low, edition), put_together(high, edition)


def _table(
    areas: np.ndarray,
    edition: Edition,
    found: tuple[np.ndarray, np.ndarray, np.ndarray],
    known: np.ndarray,
    official: np.ndarray,
) -> pa.Table:
    wide, count = len(edition.breakdowns), len(areas)
    flat = {name: part.ravel() for name, part in zip(("score", "lower", "upper"), found, strict=True)}
    reasons = [_reason(edition, k, o) for k, o in zip(known.tolist(), official.tolist(), strict=True)]
    scored = ~np.isnan(flat["score"])
    columns = {
        "edition": pa.array([edition.edition] * count * wide, pa.int32()),
        "reference_year": pa.array([edition.reference_year] * count * wide, pa.int32()),
        "ref_area": pa.array(np.repeat(areas, wide).tolist(), pa.string()),
        "breakdown": pa.array(list(edition.breakdowns) * count, pa.string()),
        **{name: pa.array(part, pa.float64(), from_pandas=True) for name, part in flat.items()},
        "inputs": pa.array(np.repeat(known, wide), pa.int32()),
        "official": pa.array(np.repeat(official, wide), pa.int32()),
        "needed": pa.array([len(edition.inputs)] * count * wide, pa.int32()),
        "reason": pa.array(np.where(scored, "", np.repeat(np.array(reasons, dtype=object), wide)), pa.string()),
    }
    return pa.table(columns)


def _reason(edition: Edition, known: int, official: int) -> str:
    if official < edition.needs_official:
        least = edition.needs_official
        return f"cannot say: {official} of {len(edition.inputs)} inputs are official data, at least {least} are needed"
    return f"{known} of {len(edition.inputs)} inputs are known: bounds instead of a score"


def residuals(found: pa.Table, published: pa.Table) -> pa.Table:
    """Hold `scores` against published ones: score − published, and whether rounding explains it.

    Columns: edition, ref_area, breakdown, score, published, residual (null without a score), lower, upper, explained
    (the published figure, give or take its half_unit, lies between lower and upper; null without bounds). Only rows
    that were published.
    """
    ours = found.select(["edition", "ref_area", "breakdown", "score", "lower", "upper"]).to_pandas()
    theirs = published.select(["ref_area", "breakdown", "value", "half_unit"]).to_pandas()
    both = theirs.merge(ours, on=["ref_area", "breakdown"], how="inner").sort_values(["ref_area", "breakdown"])
    both["residual"] = both["score"] - both["value"]
    half = both["half_unit"].fillna(0.0) + 1e-9
    inside = (both["value"] + half >= both["lower"]) & (both["value"] - half <= both["upper"])
    both["explained"] = inside.astype("boolean").where(both["lower"].notna())
    names = ["edition", "ref_area", "breakdown", "score", "published", "residual", "lower", "upper", "explained"]
    return pa.Table.from_pandas(both.rename(columns={"value": "published"})[names], preserve_index=False)
