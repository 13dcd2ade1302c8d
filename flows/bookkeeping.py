"""Writing down a run: what each source gave, what was checked and rejected, and how each source stands now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from flows import freshness
from flows.arrive import describe
from flows.examine import Outcome
from flows.ours import CONTRACT
from schemas.check import Result, result_table
from schemas.source import Source
from warehouse.history import Changes
from warehouse.query import fetch_rows
from warehouse.store import Store

_MOMENT = pa.timestamp("us")


def write(
    store: Store, outcomes: Sequence[Outcome], changes: Mapping[str, Changes], moment: datetime, *, published: bool
) -> None:
    """Write runs, checks, rejects, arrivals and the state of each source, inside the caller's transaction."""
    store.append("run", _runs(outcomes, changes, moment, published=published))
    for outcome in outcomes:
        if outcome.results:
            _renew(store, "quality_check", result_table(outcome.results), moment)
        for reading in outcome.readings:
            if reading.rejects.num_rows:
                store.replace("reject", "snapshot", _stamped(reading.rejects, moment))
        for rejects in outcome.aside:
            if rejects.num_rows:
                store.replace("reject", "snapshot", _stamped(rejects, moment))
        if outcome.settled:
            _seen_again(store, outcome, moment)
        if outcome.receipts:
            arrivals = pa.Table.from_pylist([describe(receipt) for receipt in outcome.receipts])
            store.replace("snapshot", "snapshot", arrivals)
    contracts = [*(outcome.contract for outcome in outcomes), CONTRACT]
    store.replace("source", "id", pa.Table.from_pylist([_contract_row(contract) for contract in contracts]))
    store.replace("source_state", "source", _states(store, outcomes, moment))
    _note_timeliness(store, moment)


def _seen_again(store: Store, outcome: Outcome, moment: datetime) -> None:
    """Date the rejects of an answer that came again, as if they had been read again."""
    named = [receipt.snapshot for receipt in outcome.receipts]
    store.con.execute("UPDATE store.reject SET vintage = ? WHERE list_contains(?, snapshot)", [moment, named])


def write_results(store: Store, results: Sequence[Result], moment: datetime) -> None:
    """Write what the gate before a release found, inside the caller's transaction."""
    _renew(store, "quality_check", result_table(list(results)), moment)


def _stamped(rows: pa.Table, moment: datetime) -> pa.Table:
    return rows.append_column("vintage", pa.repeat(pa.scalar(moment, _MOMENT), rows.num_rows))


def _renew(store: Store, table: str, rows: pa.Table, moment: datetime) -> None:
    """Put a source's newest check results in the place of its former ones."""
    store.replace(table, "source", _stamped(rows, moment))


def _runs(
    outcomes: Sequence[Outcome], changes: Mapping[str, Changes], moment: datetime, *, published: bool
) -> pa.Table:
    rows = []
    for outcome in outcomes:
        change = changes[outcome.source]
        rows.append(
            {
                "started": moment,
                "vintage": moment if published else None,
                "source": outcome.source,
                "outcome": outcome.state,
                "added": change.added,
                "revised": change.revised,
                "removed": change.removed,
                "unchanged": change.unchanged,
                "older": change.older,
                "rejected": outcome.rejected,
                "note": "; ".join(str(error) for _, error in outcome.troubles),
            }
        )
    kinds = [("started", _MOMENT), ("vintage", _MOMENT), ("source", pa.string()), ("outcome", pa.string())]
    counts = [(name, pa.int64()) for name in ("added", "revised", "removed", "unchanged", "older", "rejected")]
    return pa.Table.from_pylist(rows, schema=pa.schema([*kinds, *counts, ("note", pa.string())]))


def _contract_row(contract: Source) -> dict[str, Any]:
    return {
        "id": contract.id,
        "title": contract.title,
        "publisher": contract.publisher,
        "address": contract.address,
        "licence": contract.licence.id,
        "licence_title": contract.licence.title,
        "licence_url": contract.licence.url,
        "licence_open": contract.licence.open,
        "citation": contract.citation,
        "cadence": contract.cadence,
    }


def _states(store: Store, outcomes: Sequence[Outcome], moment: datetime) -> pa.Table:
    before = {row["source"]: row for row in fetch_rows(store.con, "SELECT * FROM store.source_state")}
    rows = []
    for outcome in outcomes:
        former = before.get(outcome.source, {})
        good = outcome.state in {"good", "partial"}
        first = outcome.troubles[0][1] if outcome.troubles else None
        rows.append(
            {
                "source": outcome.source,
                "state": outcome.state,
                "last_good": moment if good else former.get("last_good"),
                "failing_since": None if outcome.state == "good" else former.get("failing_since") or moment,
                "checked": moment,
                "edition": edition_of(store, outcome),
                "reason": "" if first is None else " — ".join(part for part in (first.what, first.why) if part),
                "next_step": "" if first is None else first.next_step,
            }
        )
    moments = [(name, _MOMENT) for name in ("last_good", "failing_since", "checked")]
    texts = [(name, pa.string()) for name in ("edition", "reason", "next_step")]
    return pa.Table.from_pylist(
        rows, schema=pa.schema([("source", pa.string()), ("state", pa.string()), *moments, *texts])
    )


_NOTE_TIMELINESS = """
UPDATE store.source_state AS s SET newest_year = n.newest_year, edition_changed = n.edition_changed,
  timeliness = n.timeliness, timeliness_reason = n.timeliness_reason FROM timeliness_in n WHERE n.source = s.source"""
_TIMELINESS = pa.schema(
    {
        "source": pa.string(),
        "newest_year": pa.int32(),
        "edition_changed": pa.date32(),
        "timeliness": pa.string(),
        "timeliness_reason": pa.string(),
    }
)


def _note_timeliness(store: Store, moment: datetime) -> None:
    """Write how timely every source is on the day of the run, also those that the run did not concern."""
    found = fetch_rows(
        store.con,
        """SELECT s.source, s.edition, c.cadence, max(h.year) FILTER (WHERE h.vintage_to IS NULL) AS newest_year,
                  max(h.edition_date) AS edition_changed
        FROM store.source_state s LEFT JOIN store.source c ON c.id = s.source
          LEFT JOIN store.history h ON h.source = s.source GROUP BY ALL""",
    )
    rows = [{**row, **freshness.timeliness_of(row, moment.date())} for row in found]
    store.con.register("timeliness_in", pa.Table.from_pylist(rows, schema=_TIMELINESS))
    store.con.execute(_NOTE_TIMELINESS)
    store.con.unregister("timeliness_in")


def edition_of(store: Store, outcome: Outcome) -> str:
    """Give the newest edition that stands for a source; of one without figures, that of what came in."""
    found = fetch_rows(
        store.con,
        "SELECT max_by(edition_seen, edition_seen_date) AS edition FROM store.history "
        "WHERE source = ? AND vintage_to IS NULL",
        [outcome.source],
    )
    return str(found[0]["edition"] or outcome.edition)


def sources_of(store: Store) -> list[dict[str, Any]]:
    """Give the sources of a release for its manifest: id, title, editions, licence, citation."""
    return fetch_rows(
        store.con,
        "SELECT s.id, s.title, s.publisher, s.licence, s.licence_url, s.licence_open, s.citation, "
        "list(DISTINCT h.edition_seen ORDER BY h.edition_seen) AS editions "
        "FROM store.source s JOIN store.history h ON h.source = s.id AND h.vintage_to IS NULL "
        "GROUP BY ALL ORDER BY s.id",
    )


def state(store: Store) -> dict[str, Any]:
    """Give the state of every source as readers outside the lock may see it."""
    return {"sources": fetch_rows(store.con, "SELECT * FROM store.source_state ORDER BY source")}
