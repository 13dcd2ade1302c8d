"""Linking paragraphs, indicators, targets and standings to the rows they rest on, the way down and the way back."""

import pyarrow as pa

from warehouse import models
from warehouse.models import Connection

LINKED = ("evidence", "assessment", "paragraph_state")
"""In this order: each stands on those before it."""


def tables(con: Connection) -> dict[str, pa.Table]:
    """Give the tables `evidence`, `assessment` (with the keys of its evidence) and `paragraph_state`, and load them."""
    found = {}
    for name in LINKED:
        found[name] = models.inputs(con, name)
        models.load(con, {name: found[name]})
    return found
