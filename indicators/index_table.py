"""The table of the ICT Development Index: scores of every edition beside the published ones, with rank intervals.

Columns in: `inputs` edition, input, known (whether it is one of that edition), ref_area, value, obs_status, source;
`published` edition, ref_area, breakdown, value. Out: `Tables`. The index itself is worked out in `indicators/idi.py`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

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
    """Work out every edition of which an input or a published score is held."""
    frame, theirs = inputs.to_pandas(), published.to_pandas()
    frame["half_unit"] = half_units(frame["value"].to_numpy(), _pairs(frame, "input"))
    theirs["half_unit"] = half_units(theirs["value"].to_numpy(), _pairs(theirs, "breakdown"))
    years = sorted({*frame["edition"].tolist(), *theirs["edition"].tolist()})
    found = [_of(year, frame[frame["edition"] == year], theirs[theirs["edition"] == year]) for year in years]
    return Tables(
        pa.concat_tables([INDEX.empty_table(), *(one.index for one in found)]),
        pa.concat_tables([PARTS.empty_table(), *(one.parts for one in found)]),
    )


def _pairs(frame: pd.DataFrame, name: str) -> list[tuple[int, str]]:
    return list(zip(frame["edition"], frame[name], strict=True))


def _of(year: int, inputs: pd.DataFrame, published: pd.DataFrame) -> Tables:
    """Work out one edition: economies with inputs, then those that have only a published score, each with a reason."""
    known, foreign = inputs[inputs["known"]], _foreign(inputs, year)
    silent = _silent(year, sorted({*inputs["ref_area"], *published["ref_area"]} - {*known["ref_area"]}))
    scored, parts = _scored(year, known, published) if len(known) else (pd.DataFrame(), pd.DataFrame())
    unscored = published[published["ref_area"].isin(silent["ref_area"])].rename(columns={"value": "published"})
    parts = pd.concat([parts, unscored.drop(columns="half_unit")], ignore_index=True)
    frame = pd.concat([scored, silent], ignore_index=True).sort_values("ref_area")
    frame["reason"] += [foreign.get(area, "") for area in frame["ref_area"]]
    totals = parts[parts["breakdown"] == TOTAL].drop(columns=["edition", "breakdown"])
    sources = inputs.groupby("ref_area")["source"].apply(lambda names: sorted(set(names)))
    frame["sources"] = [sources.get(area, []) for area in frame["ref_area"]]
    told = frame.assign(edition=year, method=idi.METHOD, version=idi.VERSION).merge(totals, on="ref_area", how="left")
    return Tables(_rows(told, INDEX), _rows(parts.sort_values(["ref_area", "breakdown"]), PARTS))


def _scored(year: int, known: pd.DataFrame, published: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give what stands in one row per economy, and the scores beside the published ones."""
    edition = index_edition.of(year)
    columns = ["ref_area", "input", "value", "half_unit", "obs_status"]
    table = pa.Table.from_pandas(known[columns], preserve_index=False)
    scores = idi.scores(table, edition)
    ranks = idi_ranks.rank_intervals(table, edition).to_pandas().drop(columns=["edition", "draws", "seed"])
    whole = scores.filter(pc.equal(scores["breakdown"], TOTAL)).to_pandas()
    whole = whole.drop(columns=["edition", "score", "lower", "upper", "breakdown"])
    parts = _beside(scores, published)
    said = parts["lower"].notna() | parts["published"].notna()
    return whole.merge(ranks, on="ref_area", how="left"), parts[said]


def _beside(scores: pa.Table, published: pd.DataFrame) -> pd.DataFrame:
    """Put the published scores beside ours, with what is left between them."""
    both = idi.residuals(scores, pa.Table.from_pandas(published, preserve_index=False)).to_pandas()
    key = ["ref_area", "breakdown"]
    ours = scores.select(["edition", *key, "score", "lower", "upper"]).to_pandas()
    return ours.merge(both[[*key, "published", "residual", "explained"]], on=key, how="left")


def _silent(year: int, areas: Sequence[str]) -> pd.DataFrame:
    """Give the rows of economies of which nothing can be said, with the reason."""
    edition = index_edition.load().get(year)
    if edition is None:
        reason = f"cannot say: no parameters of the index's edition {year} are held"
        return pd.DataFrame({"ref_area": areas}).assign(reason=reason)
    told = {"reference_year": edition.reference_year, "inputs": 0, "official": 0, "needed": len(edition.inputs)}
    return pd.DataFrame({"ref_area": areas}).assign(reason="cannot say: no input is held", **told)


def _foreign(inputs: pd.DataFrame, year: int) -> dict[str, str]:
    """Say by economy which inputs were given that the edition does not have."""
    if year not in index_edition.load():
        return {}
    others = inputs[~inputs["known"]].groupby("ref_area")["input"].apply(sorted)
    return {str(area): f"; not an input of {year}: {', '.join(names)}" for area, names in others.items()}


def _rows(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """Bring rows into columns, order and types; what a frame does not have is null."""
    filled = frame.reindex(columns=schema.names)
    columns = [_column(filled[name], schema.field(name).type) for name in schema.names]
    return pa.table(columns, schema=schema)


def _column(values: pd.Series, kind: pa.DataType) -> pa.Array:
    listed = [None if value is pd.NA or (isinstance(value, float) and math.isnan(value)) else value for value in values]
    if pa.types.is_integer(kind):
        listed = [None if value is None else int(value) for value in listed]
    return pa.array(listed, kind)
