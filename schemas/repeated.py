"""Figures that come twice: the same said again is one, and what contradicts itself is told."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.observation import KEY, REJECT, conform


def drop_repeated(observations: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Keep one of records that say the same thing twice, and give the others as rejects.

    The one with the longest note stays, so that the order of records does not matter. Contradicting records all stay,
    and fail the gate.
    """
    doubtful = _shared_places(observations)
    if not len(doubtful):
        return observations, REJECT.empty_table()
    said = observations.take(pa.array(doubtful))
    notes = said["note"].to_pylist()
    order = sorted(range(len(notes)), key=lambda at: (-len(notes[at]), notes[at], at))
    ranked = said.take(pa.array(order)).append_column("_rank", pa.array(range(len(order))))
    kept = ranked.group_by([*KEY, "value", "obs_status"]).aggregate([("_rank", "min")])["_rank_min"].to_pylist()
    again = np.setdiff1d(doubtful, doubtful[[order[rank] for rank in kept]])
    stays = np.ones(observations.num_rows, dtype=bool)
    stays[again] = False
    return observations.filter(pa.array(stays)), as_rejects(observations.take(pa.array(again)), "repeated")


def set_contradicting_aside(observations: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Part records that contradict each other, as rejects, from the others."""
    stays = np.ones(observations.num_rows, dtype=bool)
    stays[_shared_places(observations)] = False
    return observations.filter(pa.array(stays)), as_rejects(observations.filter(pa.array(~stays)), "contradicting")


def as_rejects(rows: pa.Table, reason: str) -> pa.Table:
    """Give observations as rejects that tell figure and value."""
    told = ("ref_area", "time_period", "sex", "breakdown")
    texts = pc.binary_join_element_wise(*(rows[name] for name in told), rows["value"].cast(pa.string()), " ")
    rows = rows.append_column("reason", pa.repeat(pa.scalar(reason), rows.num_rows)).append_column("detail", texts)
    return conform(rows, REJECT)


def _shared_places(observations: pa.Table) -> np.ndarray:
    """Give the rows whose key another row has too."""
    places = _places(observations)
    ordered = np.sort(places)
    shared = ordered[1:][ordered[1:] == ordered[:-1]]
    return np.flatnonzero(np.isin(places, shared)) if len(shared) else np.zeros(0, dtype=np.int64)


def _places(observations: pa.Table) -> np.ndarray:
    """Number the keys: equal keys have equal numbers."""
    numbers = np.zeros(observations.num_rows, dtype=np.int64)
    for name in KEY:
        codes = observations[name].dictionary_encode().unify_dictionaries()
        different = len(codes.chunk(0).dictionary) if codes.num_chunks else 0
        if different > 1:
            numbers *= different
            numbers += np.concatenate([chunk.indices.to_numpy() for chunk in codes.chunks])
    return numbers
