"""Writing down what became of each declared correction, and telling figures that changed because of it so."""

from collections.abc import Iterable
from datetime import datetime

import pyarrow as pa

from flows.examine import Outcome
from schemas import correcting
from schemas.correcting import CORRECTION, Row
from schemas.observation import KEY
from warehouse import causes
from warehouse.query import fetch_rows
from warehouse.store import Store

_KEYS = pa.schema([(name, pa.string()) for name in KEY])


def note(store: Store, outcome: Outcome, vintage: datetime) -> None:
    """Renew the source's rows of `correction`, and explain the changes that corrections made at this vintage."""
    if not (outcome.readings or outcome.settled):
        return
    held = fetch_rows(store.con, "SELECT * FROM store.correction WHERE source = ?", [outcome.source])
    declared = {_key(row) for row in outcome.corrections}
    now = correcting.newest([row for row in held if _key(row) in declared], outcome.corrections)
    before, after = _applied(held), _applied(now)
    for keys, cause in ((after - before, causes.APPLIED), (before - after, causes.EXPIRED)):
        if keys:
            rows = [dict(zip(KEY, key, strict=True)) for key in sorted(keys)]
            causes.explain_corrected(store.con, vintage, pa.Table.from_pylist(rows, schema=_KEYS), cause)
    _write(store, outcome.source, now, vintage)


def _write(store: Store, source: str, rows: list[Row], vintage: datetime) -> None:
    store.con.execute("DELETE FROM store.correction WHERE source = ?", [source])
    if rows:
        schema = CORRECTION.append(pa.field("vintage", pa.timestamp("us")))
        store.append("correction", pa.Table.from_pylist([{"vintage": vintage, **row} for row in rows], schema=schema))


def _key(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in KEY)


def _applied(rows: Iterable[Row]) -> set[tuple[str, ...]]:
    return {_key(row) for row in rows if row["state"] == "applied"}
