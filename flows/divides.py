"""Divides and changes of groups: hands their figures to the calculations, as the tables `divide` and `group_change`."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from indicators import divide, group_change
from warehouse import models
from warehouse.models import Connection


def divides(con: Connection) -> pa.Table:
    """Give the table `divide` from the current figures and `group_aggregate`."""
    parts = models.inputs(con, "parts")
    groups = models.inputs(con, "group_figures")
    pairs = [divide.residence_pairs(parts), divide.age_pairs(parts), divide.group_pairs(groups)]
    return divide.divides(pd.concat([one for one in pairs if len(one)] or pairs[:1], ignore_index=True))


def changes(values: pa.Table, members: pa.Table, weights: pa.Table, groups: pa.Table) -> pa.Table:
    """Give the table `group_change` from the figures of all people that `group_aggregate` gives by weighted mean."""
    given = groups.filter(pc.and_(of_all_people(groups), pc.is_valid(groups["value"])))
    given = given.filter(pc.equal(given["method"], "population_weighted_mean"))
    weighed = values.filter(of_all_people(values))
    weighed = weighed.filter(pc.is_in(weighed["indicator"], value_set=pc.unique(given["indicator"])))
    return group_change.year_to_year(weighed, members, weights, given)


def of_all_people(table: pa.Table) -> pa.ChunkedArray:
    """Tell which rows speak of all people: women and men of every age in town and country."""
    found = [pc.equal(table[name], "_T") for name in ("sex", "age", "urbanisation")]
    return pc.and_(pc.and_(found[0], found[1]), found[2])
