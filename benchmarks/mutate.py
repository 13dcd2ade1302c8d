"""The mutation campaign: plant one fault at a time into the bundled observations, and see which gate catches it.

Each fault is tried twice: in a first answer, where nothing is held to compare with, and in a later answer, where the
good figures are held already. Caught is what a check tells that says nothing of the good figures; held is what a check
of severity fail catches, so that it never gets into a release. `make mutate` writes the table into docs/checks.md.
"""

import random
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from benchmarks.faults import FAULTS, Fault
from benchmarks.stage import Stage
from flows.plan import bundled
from indicators.bounds import bounds
from schemas import codelist, sdmx_csv
from schemas.observation import KEY, OBSERVATION, conform
from schemas.rules import SqlRule, published
from schemas.suites import stored

PLACES = 40
SEED = 20261125
THIS_YEAR = 2026
COMPANIONS = {
    "fixed_broadband_per_100": ("fixed_broadband_subscriptions", "population"),
    "fixed_broadband_subscriptions": ("fixed_broadband_per_100", "population"),
    "mobile_cellular_per_100": ("mobile_cellular_subscriptions", "population"),
    "mobile_cellular_subscriptions": ("mobile_cellular_per_100", "population"),
    "population": ("fixed_broadband_per_100", "fixed_broadband_subscriptions"),
}
"""Indicators that rules hold against one another."""
LATER = frozenset({"published_revised_alone", "published_withdrawn_alone"})
"""Checks that compare a later answer with the figures that are held."""
OURS = frozenset({"derivation", "gender_gap", "group_aggregate", "latest"})
"""Tables of our own: they are derived anew, so that a fault of a publisher cannot contradict them."""
MARKS = ("<!-- mutations: begin -->", "<!-- mutations: end -->")


@dataclass(frozen=True)
class Caught:
    """How one planted fault fared."""

    first: bool
    later: bool
    held: bool
    checks: frozenset[str]


@dataclass
class World:
    """The part of the figures that rules can hold against a place, and what the rules say of them untouched."""

    frame: pd.DataFrame
    stage: Stage
    rules: Mapping[str, SqlRule]

    @cached_property
    def table(self) -> pa.Table:
        """The figures as they are."""
        return _table(self.frame)

    @cached_property
    def quiet(self) -> set[tuple[str, str]]:
        """What the rules say without a fault: the explained warnings."""
        return _said(self.stage.put(self.table, **_snapshots(self.table)), self.rules)


def observations() -> pd.DataFrame:
    """Give every bundled observation, with what kind of area and unit it has."""
    tables = []
    for path, side in sdmx_csv.contents(bundled()):
        reading = sdmx_csv.read(sdmx_csv.open_file(path), side)
        tables.append(reading.observations)
    frame = pa.concat_tables(tables).to_pandas()
    kinds = dict(zip(*(codelist.area_table()[name].to_pylist() for name in ("ref_area", "kind")), strict=True))
    rate = frame["unit"].str.startswith("per") & (frame["unit"] != "persons")
    return frame.assign(area_kind=frame["ref_area"].map(kinds), is_rate=rate)


def _table(frame: pd.DataFrame) -> pa.Table:
    return conform(pa.Table.from_pandas(frame[OBSERVATION.names], preserve_index=False), OBSERVATION)


def _snapshots(table: pa.Table) -> dict[str, list[dict[str, Any]]]:
    return {"snapshot": [{"snapshot": text} for text in table["snapshot"].unique().to_pylist()]}


def _said(stage: Stage, rules: Mapping[str, SqlRule]) -> set[tuple[str, str]]:
    return {(name, key) for name, one in stage.broken(rules).items() for key in one.failing_keys}


class Campaign:
    """All faults at random places, the same ones for the same seed."""

    def __init__(self, seed: int = SEED) -> None:
        self.seed = seed
        self.frame = observations()
        self.stage = Stage()
        sizes = self.frame.groupby(["source", "indicator"]).size().rename("figures").reset_index()
        self.stage.pretend(pa.Table.from_pandas(sizes, preserve_index=False))
        self.rules = {name: one for name, one in published().items() if one.check.table not in OURS}
        self.fails = {name for name, one in self.rules.items() if one.check.severity == "fail"}

    def run(self, kind: str, places: int) -> list[Caught]:
        """Plant a kind of fault at so many places."""
        fault, chance = FAULTS[kind], random.Random(f"{self.seed} {kind}")
        rows = self.frame.query(fault.where) if fault.where else self.frame
        order = list(rows.index)
        chance.shuffle(order)
        found = []
        for at in order:
            caught = self._try(fault, at, chance)
            if caught:
                found.append(caught)
            if len(found) == places:
                break
        return found

    def _try(self, fault: Fault, at: Any, chance: random.Random) -> Caught | None:
        world = self._world(at)
        changed = fault.plant(world.frame, at, chance)
        if changed is None:
            return None
        table = _table(changed)
        second = {
            one.check.id for one in stored.check("x", _touched(world.table, table), bounds(), THIS_YEAR) if one.holds
        }
        if second:  # the second gate holds the answer: it never reaches the third
            return Caught(first=True, later=True, held=True, checks=frozenset(second))
        told = _said(self.stage.put(table, world.table, **_snapshots(table)), self.rules) - world.quiet
        checks = frozenset(name for name, _ in told)
        return Caught(bool(checks - LATER), bool(checks), bool(checks & self.fails), checks)

    def _world(self, at: Any) -> World:
        """Give the economy's own figures, those of the other areas in that year, and what belongs beside them."""
        row = self.frame.loc[at]
        same_area, same_year = (
            self.frame["ref_area"] == row["ref_area"],
            self.frame["time_period"] == row["time_period"],
        )
        indicator = row["indicator"]
        beside = self.frame["indicator"].isin(COMPANIONS.get(indicator, ())) & same_area
        frame = self.frame[((self.frame["indicator"] == indicator) & (same_area | same_year)) | beside]
        return World(frame, self.stage, self.rules)


def _touched(before: pa.Table, after: pa.Table) -> pa.Table:
    """Give the rows of the changed table that share a key with a changed one: all that the second gate can object to."""
    names = [*KEY, "value", "unit", "obs_status"]
    old, new = before.to_pandas(), after.to_pandas()
    merged = new.merge(old[names].drop_duplicates(), on=names, how="left", indicator=True)
    changed = merged.loc[(merged["_merge"] == "left_only").to_numpy(), list(KEY)].drop_duplicates()
    rows = new.merge(changed, on=list(KEY))
    return conform(pa.Table.from_pandas(rows[OBSERVATION.names], preserve_index=False), OBSERVATION)


def _share(caught: list[Caught], name: str) -> float:
    return sum(getattr(one, name) for one in caught) / len(caught) if caught else 0.0


def lines(found: Mapping[str, list[Caught]]) -> Iterator[str]:
    """Give the table, kind by kind, and all together."""
    yield "| kind | places | first answer | later answer | held | caught mostly by |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for kind, caught in found.items():
        yield _line(kind, caught)
    yield _line("**all**", [one for caught in found.values() for one in caught])


def _line(kind: str, caught: list[Caught]) -> str:
    counts = pd.Series([name for one in caught for name in one.checks], dtype="object").value_counts()
    named = "" if kind.startswith("*") else ", ".join(f"`{name}`" for name in list(counts.index)[:2])
    shares = " | ".join(f"{_share(caught, name):.0%}" for name in ("first", "later", "held"))
    return f"| {kind} | {len(caught)} | {shares} | {named} |"


def write(path: Path, table: list[str]) -> None:
    """Put the table between the marks of a page."""
    text = path.read_text(encoding="utf-8")
    begin, end = (re.escape(mark) for mark in MARKS)
    body = "\n".join([MARKS[0], *table, MARKS[1]])
    path.write_text(re.sub(f"{begin}.*{end}", lambda _: body, text, flags=re.DOTALL), encoding="utf-8")


def main() -> None:
    """Run the whole campaign and write its table into the page that the command line names."""
    campaign = Campaign()
    places = int(sys.argv[2]) if len(sys.argv) > 2 else PLACES
    found: dict[str, list[Caught]] = {}
    table: list[str] = []
    for kind in FAULTS:
        found[kind] = campaign.run(kind, places)
        print(_line(kind, found[kind]), flush=True)
        done = f"{len(found)} of {len(FAULTS)} kinds"
        table = [f"Seed {SEED}, {places} places of each kind, {done}, bundled figures.", "", *lines(found)]
        write(Path(sys.argv[1]), table)  # after every kind, so that a run that is cut off leaves what it found
    print(table[-1])


if __name__ == "__main__":
    main()
