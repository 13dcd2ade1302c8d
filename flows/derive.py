"""Deriving: hands the rows that SQL joined to the calculations of `indicators`, and their results to the warehouse.

Every derived figure becomes an observation of source `ictdev`, with its method as edition, and a row in `derivation`
that names its inputs, so that explaining it later is only reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from flows import derive_index, derive_inequality, divides, outlook
from flows.ours import OURS
from indicators import (
    affordability,
    aggregate,
    catalogue,
    core_list,
    gap,
    mandate,
    published,
    register,
    status,
    targets,
    unweighted,
)
from schemas import codelist
from schemas.observation import OBSERVATION, REJECT, conform
from schemas.source import Reading, Scope
from warehouse import models
from warehouse.models import Connection

MINIMUM_COVERAGE = 0.5
"""Share of a group's population that must be covered for its gender gap."""


@dataclass(frozen=True)
class Derived:
    """What was worked out: observations to stage, what went into each, and tables of the release."""

    reading: Reading
    derivation: pa.Table
    tables: Mapping[str, pa.Table]


def reference() -> dict[str, pa.Table]:
    """Give the tables of the catalogue and the code lists that models join."""
    indicators = catalogue.load().values()
    gapped = sorted({one.derived.of for one in indicators if one.derived})
    pooled = [one.id for one in indicators if one.aggregate.method != "none"]
    return {
        **catalogue.tables(),
        **mandate.tables(),
        "area": codelist.area_table(),
        "area_group": codelist.membership(),
        "target": targets.table(),
        "published_figure": published.table(),
        "register": register.table(),
        "core_list_item": core_list.item_table(),
        "wsis_sdg": core_list.matrix_table(),
        "status_rule": status.table(),
        "gap_indicator": pa.table({"indicator": pa.array(gapped, pa.string())}),
        "aggregated_indicator": pa.table({"indicator": pa.array(pooled, pa.string())}),
    }


def derive(con: Connection) -> Derived:
    """Work out all figures of our own from the current ones in `observation`."""
    people = models.inputs(con, "population")
    members = codelist.membership()
    pairs = gap.gender_gaps(models.inputs(con, "gender_pairs"))
    models.load(con, {"gender_gap_pair": pairs.append_column("headcount_gap", gap.headcounts(pairs, people))})
    chosen = models.inputs(con, "comparable_pairs")
    models.load(con, {"comparable_pair": chosen})
    group_gaps = aggregate.group_gaps(chosen, members, people, MINIMUM_COVERAGE)
    minima = {one.id: one.aggregate.minimum_coverage for one in catalogue.load().values()}
    values = models.inputs(con, "economy_values")
    groups = aggregate.weighted(values, members, people, minima, _rules())
    prices = affordability.affordability(models.inputs(con, "prices"))
    found = {"group_gap": group_gaps, "group_aggregate": groups, "affordability": prices, "method": _methods()}
    models.load(con, found)
    index = derive_index.work_out(con)
    tables = {
        "gender_gap": models.inputs(con, "gender_gap"),
        "group_aggregate": groups,
        "affordability": prices,
        "divide": divides.divides(con),
        "group_change": divides.changes(values, members, people, groups),
        **index.tables,
        **derive_inequality.work_out(con, values, people, groups),
        "projection": outlook.projections(con),
    }
    observations = [conform(models.inputs(con, "derived_observations"), OBSERVATION)]
    observations.append(conform(index.observations, OBSERVATION))
    derivation = pa.concat_tables([models.inputs(con, "derivation"), index.derivation])
    return Derived(_reading(pa.concat_tables(observations)), derivation, tables)


def _rules() -> dict[str, str]:
    """Name the rule of each indicator whose groups are no weighted mean."""
    every = catalogue.load().values()
    return {one.id: one.aggregate.method for one in every if one.aggregate.method in unweighted.FORMULAS}


def _methods() -> pa.Table:
    """Name the method and version behind each kind of derived figure, and the indicator that carries it."""
    rows: list[tuple[str, ...]] = [derive_index.method()]
    for one in catalogue.load().values():
        if one.derived:
            rows.append((one.derived.of, one.derived.method, one.id, one.unit, *_gap(one.derived.method)))
        if one.aggregate.method != "none":
            rows.append((one.id, "aggregate", one.id, one.unit, *_pooled(one.aggregate.method)))
    share = (affordability.METHOD, affordability.VERSION, affordability.FORMULA)
    rows.append(("price_basket_usd", "price_share", "price_basket_pct_gni", "percent_of_gni", *share))
    names = ("base", "kind", "indicator", "unit", "method", "version", "formula")
    return pa.table(
        {name: pa.array(column, pa.string()) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    )


def _pooled(method: str) -> tuple[str, str, str]:
    if method in unweighted.FORMULAS:
        return method, unweighted.VERSION, unweighted.FORMULAS[method]
    return aggregate.METHOD, aggregate.VERSION, aggregate.FORMULA


def _gap(kind: str) -> tuple[str, str, str]:
    return gap.METHOD, gap.VERSION, gap.FORMULAS[kind]


def _reading(observations: pa.Table) -> Reading:
    """Make a reading that speaks of all derived figures: what is no longer derived is removed."""
    scopes = tuple(Scope(OURS, code) for code in sorted(set(_methods()["indicator"].to_pylist())))
    edition = f"{aggregate.METHOD}-{aggregate.VERSION}"
    return Reading(observations, REJECT.empty_table(), edition, scopes)
