"""The gender gap: how much less likely women are than men, by the three measures that are in use.

Relative gap (ITU, *Measuring digital development* 2019; E/RES/2017/21 § 31): (m − f) / m × 100, per cent of the men's
rate. Parity score (ITU since 2020): f / m, at parity between 0.98 and 1.02. Points: m − f.
A negative gap means that women lead; it is kept as it is.
"""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

PARITY = (0.98, 1.02)
"""Band of the parity score that ITU counts as parity, ends included."""
METHOD, VERSION = "gender_gap", "1"
FORMULAS = {"relative_gap": "(men − women) / men × 100", "parity": "women / men"}
"""Formula of each kind of figure, as it is shown to readers."""


def measures(female: np.ndarray, male: np.ndarray) -> dict[str, np.ndarray]:
    """Give relative_gap_pct (per cent), parity (ratio) and gap_points (percentage points) of two columns of rates.

    NaN where a rate is missing or the men's rate is zero.
    """
    female, male = np.asarray(female, dtype="float64"), np.asarray(male, dtype="float64")
    divisor = np.where(male > 0, male, np.nan)
    return {
        "relative_gap_pct": (male - female) / divisor * 100,
        "parity": female / divisor,
        "gap_points": male - female,
    }


def at_parity(parity: np.ndarray) -> np.ndarray:
    """Tell which parity scores lie in the band; False where there is none."""
    return (parity >= PARITY[0]) & (parity <= PARITY[1])


def gender_gaps(pairs: pa.Table) -> pa.Table:
    """Give the gap of each pair of figures, or the reason why the two cannot be compared.

    `pairs` has one row per source, indicator, area, period and age base, with `female` and `male` (rates in the same
    unit, null where missing) and `note_`, `status_`, `edition_` of each. Added are relative_gap_pct, parity,
    gap_points (null when not comparable), at_parity, comparable and reason. No row is dropped.
    """
    frame = pairs.to_pandas()
    reason = _reasons(frame)
    comparable = reason == ""
    found = measures(frame["female"].to_numpy(dtype="float64"), frame["male"].to_numpy(dtype="float64"))
    table = pairs
    for name, values in found.items():
        kept = np.where(comparable, values, np.nan)
        table = table.append_column(name, pa.array(kept, pa.float64(), from_pandas=True))
    parity = np.where(comparable, found["parity"], np.nan)
    table = table.append_column("at_parity", pa.array(at_parity(parity)))
    table = table.append_column("comparable", pa.array(comparable))
    return table.append_column("reason", pa.array(reason.tolist(), pa.string()))


def headcounts(pairs: pa.Table, people: pa.Table) -> pa.Array:
    """Give for each pair how many more women than men are without (persons): F (1 − f/100) − M (1 − m/100).

    `pairs` as given by `gender_gaps`, `people` ref_area, year, sex, weight (persons). Null where the population of
    either sex is not held, where the two rates are not comparable, and for parts of the population (residence).
    """
    frame = pairs.select(["ref_area", "year", "age", "urbanisation", "female", "male", "comparable"]).to_pandas()
    known = people.to_pandas()
    without = {}
    for sex, rate in (("F", "female"), ("M", "male")):
        of_sex = known.loc[known["sex"] == sex, ["ref_area", "year", "weight"]]
        held = frame[["ref_area", "year"]].merge(of_sex, on=["ref_area", "year"], how="left")["weight"].to_numpy()
        without[sex] = held * (1 - frame[rate].to_numpy(dtype="float64") / 100)
    whole = frame["comparable"] & (frame["age"] == "_T") & (frame["urbanisation"] == "_T")
    return pa.array(np.where(whole, without["F"] - without["M"], np.nan), pa.float64(), from_pandas=True)


def _reasons(frame: pd.DataFrame) -> np.ndarray:
    """Say for each pair why it cannot be compared; empty text where it can. The first obstacle is named."""
    female_note = frame["note_female"].astype(str).to_numpy(dtype=object)
    male_note = frame["note_male"].astype(str).to_numpy(dtype=object)
    differing = np.array(
        [
            f"the figures rest on different bases: “{f}” for women, “{m}” for men"
            for f, m in zip(female_note, male_note, strict=True)
        ],
        dtype=object,
    )
    conditions: list[tuple[Any, Any]] = [
        (frame["female"].isna() & frame["male"].isna(), "no figure for women and men"),
        (frame["female"].isna(), "no figure for women"),
        (frame["male"].isna(), "no figure for men"),
        (frame["male"] <= 0, "no man in the figures: a share of zero has no relative gap"),
        (frame["edition_female"] != frame["edition_male"], "the figures come from different editions"),
        (pd.Series(female_note != male_note, index=frame.index), differing),
    ]
    result = np.full(len(frame), "", dtype=object)
    for condition, text in reversed(conditions):
        result = np.where(condition.to_numpy(dtype=bool), text, result)
    return result


def rounding_interval(female: float, male: float, half_unit: float) -> tuple[float, float]:
    """Give the least and greatest relative gap (per cent) that two rounded shares allow.

    `half_unit` is half the last printed digit: 0.5 for whole per cents. A ratio must not be worked out from rounded
    shares as if they were exact: 65 and 70 allow parity scores from 0.915 to 0.942. Raises ValueError when the
    men's share may be zero.
    """
    if male - half_unit <= 0:
        raise ValueError("the men's share may be zero")
    lowest = (1 - (female + half_unit) / (male - half_unit)) * 100
    highest = (1 - (female - half_unit) / (male + half_unit)) * 100
    return lowest, highest
