"""Deriving inequality between economies, and by how many years each runs behind the world and the leader."""

import pyarrow as pa
import pyarrow.compute as pc

from flows.divides import of_all_people
from indicators import catalogue, inequality, time_distance
from warehouse import models
from warehouse.models import Connection

WORLD = "WLD"


def work_out(con: Connection, values: pa.Table, people: pa.Table, groups: pa.Table) -> dict[str, pa.Table]:
    """Give the tables `inequality` and `time_distance`, from figures of economies and of groups as a whole.

    `values`, `people` and `groups` are what `aggregate.weighted` takes and gives.
    """
    whole = values.filter(_of_everyone(values))
    members = models.inputs(con, "inequality_members")
    shares = [one.id for one in catalogue.load().values() if one.bounds == (0, 100)]
    measured = inequality.inequality(whole, people, members, shares)
    return {
        "inequality": _with_method(measured, inequality.METHOD, inequality.VERSION),
        "time_distance": _years(whole, groups),
    }


def _of_everyone(table: pa.Table) -> pa.ChunkedArray:
    """Tell which rows speak of all people, and of a whole year."""
    return pc.and_(pc.equal(pc.utf8_length(table["time_period"]), 4), of_all_people(table))


def _years(economies: pa.Table, groups: pa.Table) -> pa.Table:
    """Measure economies and groups against the world's figure, which is ours, and against the frontier of economies."""
    columns = [*time_distance.SERIES, "ref_area", "year", "value"]
    told = groups.filter(pc.and_(_of_everyone(groups), pc.is_valid(groups["value"])))
    told = told.rename_columns(["ref_area" if name == "group_code" else name for name in told.column_names])
    world = told.filter(pc.equal(told["ref_area"], WORLD)).select(columns)
    leader = time_distance.frontier(economies).select(columns)
    figures = pa.concat_tables([economies.select(columns), told.select(columns)])
    found = time_distance.time_distances(figures, pa.concat_tables([world, leader.cast(world.schema)]))
    return _with_method(found, time_distance.METHOD, time_distance.VERSION)


def _with_method(table: pa.Table, name: str, version: str) -> pa.Table:
    for column, text in (("method", name), ("version", version)):
        table = table.append_column(column, pa.repeat(pa.scalar(text), table.num_rows))
    return table
