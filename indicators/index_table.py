"""The table of the ICT Development Index: scores of every edition beside the published ones, with rank intervals.

Columns in: `inputs` edition, input, known (whether it is one of that edition), ref_area, value, obs_status, source;
`published` edition, ref_area, breakdown, value. Out: `Tables`. The index itself is worked out in `indicators/idi.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from indicators import idi, idi_ranks, index_edition
from indicators.digits import half_units
from indicators.index_edition import TOTAL

_TEXT, _NUMBER, _WHOLE = pa.string(), pa.float64(), pa.int32()
PARTS = pa.schema(
    [
        ("edition", _WHOLE),
        ("ref_area", _TEXT),
        ("breakdown", _TEXT),
        ("score", _NUMBER),
        ("lower", _NUMBER),
        ("upper", _NUMBER),
        ("published", _NUMBER),
        ("residual", _NUMBER),
        ("explained", pa.bool_()),
    ]
)
"""One row per edition, economy and score: the index, its pillars, its components."""
INDEX = pa.schema(
    [
        ("edition", _WHOLE),
        ("reference_year", _WHOLE),
        ("ref_area", _TEXT),
        *(PARTS.field(name) for name in PARTS.names[3:]),
        ("rank", _WHOLE),
        ("rank_lower", _WHOLE),
        ("rank_upper", _WHOLE),
        ("ranked", _WHOLE),
        ("inputs", _WHOLE),
        ("official", _WHOLE),
        ("needed", _WHOLE),
        ("sources", pa.list_(_TEXT)),
        ("reason", _TEXT),
        ("method", _TEXT),
        ("version", _TEXT),
    ]
)
"""One row per edition and economy."""


@dataclass(frozen=True)
class Tables:
    """The index by economy, and all its scores."""

    index: pa.Table
    parts: pa.Table


def tables(inputs: pa.Table, published: pa.Table) -> Tables:
    """Work out every edition of which an input is held."""
    frame, theirs = inputs.to_pandas(), published.to_pandas()
    frame["half_unit"] = half_units(frame["value"].to_numpy(), _pairs(frame, "input"))
    theirs["half_unit"] = half_units(theirs["value"].to_numpy(), _pairs(theirs, "breakdown"))
    found = [_of(int(year), part, theirs[theirs["edition"] == year]) for year, part in frame.groupby("edition")]
    return Tables(
        pa.concat_tables([INDEX.empty_table(), *(one.index for one in found)]),
        pa.concat_tables([PARTS.empty_table(), *(one.parts for one in found)]),
    )


def _pairs(frame: pd.DataFrame, name: str) -> list[tuple[int, str]]:
    return list(zip(frame["edition"], frame[name], strict=True))


def _of(year: int, inputs: pd.DataFrame, published: pd.DataFrame) -> Tables:
    """Work out one edition; of one that is not held each economy has a row that says so."""
    known = inputs[inputs["known"]]
    if known.empty:
        return Tables(_unknown(year, inputs), PARTS.empty_table())
    edition = index_edition.of(year)
    table = pa.Table.from_pandas(known[["ref_area", "input", "value", "half_unit", "obs_status"]], preserve_index=False)
    scores = idi.scores(table, edition)
    ranks = idi_ranks.rank_intervals(table, edition).to_pandas().drop(columns=["edition", "draws", "seed"])
    parts = _beside(scores, published)
    total = parts[parts["breakdown"] == TOTAL].drop(columns=["edition", "breakdown"])
    whole = scores.filter(pa.compute.equal(scores["breakdown"], TOTAL)).to_pandas()
    whole = whole.drop(columns=["score", "lower", "upper", "breakdown"])
    told = whole.merge(total, on="ref_area", how="left").merge(ranks, on="ref_area", how="left")
    told["reason"] = told["reason"] + told["ref_area"].map(_foreign(inputs, year)).fillna("")
    said = parts[parts["lower"].notna() | parts["published"].notna()]
    return Tables(_rows(_finished(told, inputs), INDEX), _rows(said, PARTS))


def _beside(scores: pa.Table, published: pd.DataFrame) -> pd.DataFrame:
    """Put the published scores beside ours, with what is left between them."""
    both = idi.residuals(scores, pa.Table.from_pandas(published, preserve_index=False)).to_pandas()
    key = ["ref_area", "breakdown"]
    ours = scores.select(["edition", *key, "score", "lower", "upper"]).to_pandas()
    return ours.merge(both[[*key, "published", "residual", "explained"]], on=key, how="left").sort_values(key)


def _foreign(inputs: pd.DataFrame, year: int) -> dict[str, str]:
    """Say by economy which inputs were given that the edition does not have."""
    others = inputs[~inputs["known"]].groupby("ref_area")["input"].apply(sorted)
    return {str(area): f"; not an input of {year}: {', '.join(names)}" for area, names in others.items()}


def _unknown(year: int, inputs: pd.DataFrame) -> pa.Table:
    areas = pd.DataFrame({"ref_area": sorted(set(inputs["ref_area"])), "edition": year})
    reason = f"cannot say: no parameters of the index's edition {year} are held"
    if year in index_edition.load():
        reason = f"cannot say: none of the inputs is one of the edition {year}"
    return _rows(_finished(areas.assign(reason=reason), inputs), INDEX)


def _finished(frame: pd.DataFrame, inputs: pd.DataFrame) -> pd.DataFrame:
    sources = inputs.groupby("ref_area")["source"].apply(lambda names: sorted(set(names)))
    return frame.assign(sources=frame["ref_area"].map(sources), method=idi.METHOD, version=idi.VERSION)


def _rows(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """Bring rows into columns, order and types; what a frame does not have is null."""
    filled = frame.reindex(columns=schema.names)
    columns = [_column(filled[name], schema.field(name).type) for name in schema.names]
    return pa.table(columns, schema=schema)


def _column(values: Sequence[object] | pd.Series, kind: pa.DataType) -> pa.Array:
    listed = [None if value is pd.NA or (isinstance(value, float) and np.isnan(value)) else value for value in values]
    if pa.types.is_integer(kind):
        listed = [None if value is None else int(value) for value in listed]  # type: ignore[call-overload]
    return pa.array(listed, kind)
