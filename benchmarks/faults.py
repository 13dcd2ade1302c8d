"""Kinds of faults that happen to figures on their way, each planted at one place of a table of observations."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pandas as pd

SERIES = ["source", "indicator", "ref_area", "sex", "age", "urbanisation", "breakdown"]
Frame: TypeAlias = Any
"""A pandas frame or column: the stubs know a cell only as one of twenty types."""
Plant = Callable[[Frame, Any, random.Random], Frame | None]
"""Changes the table at a row; None where the fault cannot be planted there."""


@dataclass(frozen=True)
class Fault:
    """One kind: where it may be planted, and how."""

    plant: Plant
    where: str = ""
    """Query on the table that narrows the places."""


def _set(frame: Frame, at: Any, **given: Any) -> Frame | None:
    found = frame.copy()
    for name, value in given.items():
        if found.at[at, name] == value:
            return None  # nothing would change
        found.at[at, name] = value
    return found


def _times(factor: float) -> Plant:
    return lambda frame, at, _: _set(frame, at, value=frame.at[at, "value"] * factor)


def _code(column: str, text: str) -> Plant:
    return lambda frame, at, _: _set(frame, at, **{column: text})


def _neighbour(frame: Frame, at: Any, step: int) -> Any:
    """Give the row of the same series one year earlier or later, or None."""
    row = frame.loc[at]
    same = (frame["year"] == row["year"] + step) & (frame[SERIES] == row[SERIES]).all(axis=1)
    found = frame.index[same]
    return found[0] if len(found) else None


def _carry(step: int) -> Plant:
    def plant(frame: Frame, at: Any, _: random.Random) -> Frame | None:
        other = _neighbour(frame, at, step)
        return None if other is None else _set(frame, at, value=frame.at[other, "value"])

    return plant


def _exchange(frame: Frame, at: Any, others: Frame, chance: random.Random) -> Frame | None:
    places = list(frame.index[others])
    if not places:
        return None
    other = chance.choice(places)
    if frame.at[other, "value"] == frame.at[at, "value"]:
        return None
    found = frame.copy()
    found.loc[[at, other], "value"] = frame.loc[[other, at], "value"].to_numpy()
    return found


def _alike(frame: Frame, at: Any, free: str) -> Frame:
    """Tell which rows differ from the row only in one column."""
    names = [name for name in (*SERIES, "time_period") if name != free]
    return (frame[names] == frame.loc[at, names]).all(axis=1) & (frame[free] != frame.at[at, free])


def _swap(free: str) -> Plant:
    def plant(frame: Frame, at: Any, chance: random.Random) -> Frame | None:
        return _exchange(frame, at, _alike(frame, at, free), chance)

    return plant


def _swap_sexes(frame: Frame, at: Any, chance: random.Random) -> Frame | None:
    others = _alike(frame, at, "sex") & frame["sex"].isin(["F", "M"])
    return _exchange(frame, at, others, chance)


def _swap_years(frame: Frame, at: Any, chance: random.Random) -> Frame | None:
    return _exchange(frame, at, _alike(frame, at, "time_period"), chance)


def _of_group(frame: Frame, at: Any, chance: random.Random) -> Frame | None:
    others = _alike(frame, at, "ref_area") & (frame["area_kind"] == "group")
    places = list(frame.index[others])
    return _set(frame, at, value=frame.at[chance.choice(places), "value"]) if places else None


def _copied(frame: Frame, at: Any, chance: random.Random) -> Frame | None:
    others = _alike(frame, at, "ref_area") & (frame["area_kind"] == "economy")
    places = list(frame.index[others])
    return _set(frame, at, value=frame.at[chance.choice(places), "value"]) if places else None


def _series_of(frame: Frame, at: Any) -> Frame:
    return (frame[SERIES] == frame.loc[at, SERIES]).all(axis=1)


def _shift(frame: Frame, at: Any, _: random.Random) -> Frame | None:
    same = _series_of(frame, at)
    if same.sum() < 4:
        return None
    found = frame.copy()
    found.loc[same, "year"] += 1
    found.loc[same, "time_period"] = found.loc[same, "year"].astype(str)
    return found


def _scale_series(frame: Frame, at: Any, _: random.Random) -> Frame | None:
    same = _series_of(frame, at)
    found = frame.copy()
    found.loc[same, "value"] /= 100
    return found if found.loc[same, "value"].ne(frame.loc[same, "value"]).any() else None


def _twice(frame: Frame, at: Any, _: random.Random) -> Frame:
    more = frame.loc[[at]].assign(value=frame.at[at, "value"] * 1.01 + 0.01)
    return pd.concat([frame, more], ignore_index=True)


def _lost(frame: Frame, at: Any, _: random.Random) -> Frame:
    return frame.drop(index=at)


def _round(frame: Frame, at: Any, _: random.Random) -> Frame | None:
    return _set(frame, at, value=float(round(frame.at[at, "value"])))


def _digits(frame: Frame, at: Any, _: random.Random) -> Frame | None:
    """Exchange the first two digits that differ, as a typist does."""
    text = f"{frame.at[at, 'value']:.10g}"
    if "e" in text:
        return None
    for place in range(len(text) - 1):
        first, second = text[place], text[place + 1]
        if first.isdigit() and second.isdigit() and first != second:
            return _set(frame, at, value=float(text[:place] + second + first + text[place + 2 :]))
    return None


def _decimal_comma(frame: Frame, at: Any, _: random.Random) -> Frame | None:
    """Read `12,34` as thousands: the digits without the mark."""
    text = f"{frame.at[at, 'value']:.10g}"
    return _set(frame, at, value=float(text.replace(".", ""))) if "." in text and "e" not in text else None


def _year(step: int) -> Plant:
    def plant(frame: Frame, at: Any, _: random.Random) -> Frame | None:
        year = int(frame.at[at, "year"]) + step
        return _set(frame, at, year=year, time_period=str(year))

    return plant


RATE = "is_rate and area_kind == 'economy' and value > 1"
FAULTS: Mapping[str, Fault] = {
    "× 100": Fault(_times(100), "value > 0"),
    "× 1000": Fault(_times(1000), "value > 0"),
    "÷ 1000": Fault(_times(0.001), "value > 1"),
    "× 10": Fault(_times(10), "value > 0"),
    "÷ 10": Fault(_times(0.1), RATE),
    "÷ 100, a whole series": Fault(_scale_series, RATE),
    "sign lost": Fault(_times(-1), "value > 0"),
    "nought for no figure": Fault(_times(0), RATE),
    "women and men exchanged": Fault(_swap_sexes, "sex in ('F', 'M')"),
    "total and one sex exchanged": Fault(_swap("sex"), "sex == '_T' and indicator == 'ict_skills'"),
    "two economies exchanged": Fault(_swap("ref_area"), "area_kind == 'economy' and value > 1"),
    "an economy copied from another": Fault(_copied, "area_kind == 'economy' and value > 1"),
    "aggregate taken for an economy": Fault(_of_group, "area_kind == 'economy' and value > 1"),
    "two years exchanged": Fault(_swap_years, RATE),
    "the year before carried forward": Fault(_carry(-1), RATE),
    "the year after carried back": Fault(_carry(1), RATE),
    "a year too late": Fault(_year(1)),
    "a year too early": Fault(_year(-1)),
    "a century too early": Fault(_year(-100)),
    "a year to come": Fault(_year(40)),
    "a series a year too late": Fault(_shift, "area_kind == 'economy' and value > 1"),
    "breakdowns exchanged": Fault(_swap("breakdown"), "breakdown != '_T' and value > 1"),
    "another unit": Fault(_code("unit", "persons"), "unit != 'persons'"),
    "rounded to a whole": Fault(_round, f"{RATE} and value < 95"),
    "digits exchanged": Fault(_digits, "value >= 10"),
    "decimal comma": Fault(_decimal_comma, "value > 1"),
    "estimate flag lost": Fault(_code("obs_status", "A"), "obs_status == 'E'"),
    "estimate flag gained": Fault(_code("obs_status", "E"), "obs_status == 'A'"),
    "unknown status": Fault(_code("obs_status", "Q")),
    "unknown economy": Fault(_code("ref_area", "ZZZ")),
    "unknown sex": Fault(_code("sex", "female")),
    "another indicator": Fault(_code("indicator", "secure_servers"), "indicator != 'secure_servers'"),
    "said twice, differently": Fault(_twice),
    "a figure lost": Fault(_lost),
}
"""By kind: every fault that the campaign plants."""
