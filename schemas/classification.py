"""Classifications: which economy belongs to which group, as a publisher's edition of a list says it."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from schemas.codelist import translate_areas
from schemas.observation import REJECT
from schemas.source import Raw

CLASSIFICATION = pa.schema(
    [
        ("source", pa.string()),
        ("scheme", pa.string()),
        ("group_code", pa.string()),
        ("group_name", pa.string()),
        ("ref_area", pa.string()),
        ("period", pa.string()),
        ("edition", pa.string()),
        ("snapshot", pa.string()),
        ("record", pa.string()),
    ]
)
"""One row per scheme, group, economy and period (`FY26`; blank where the list is of one day)."""

Member = tuple[str, str, str, str, str]
"""Scheme, group's code, group's name, publisher's code of the economy (blank for a group without members), record."""


def classification_table(
    source: str, area_scheme: str, raw: Raw, edition: str, members: Sequence[Member], periods: Sequence[str] = ()
) -> tuple[pa.Table, pa.Table]:
    """Give the rows of table `classification`, and the rejects: economies that our list does not know, former ones."""
    columns = (
        [pa.array(column, pa.string()) for column in zip(*members, strict=True)]
        if members
        else [pa.array([], pa.string())] * 5
    )
    scheme, group, name, area, record = columns
    ours = pc.if_else(pc.equal(area, ""), "", translate_areas(area, area_scheme))
    count = len(members)
    fixed = {key: pa.repeat(pa.scalar(text), count) for key, text in
             (("source", source), ("edition", edition), ("snapshot", raw.sha256))}  # fmt: skip
    whole = pa.table(
        {
            **fixed, "scheme": scheme, "group_code": group, "group_name": name, "ref_area": ours, "record": record,
            "period": pa.array(periods, pa.string()) if periods else pa.repeat(pa.scalar(""), count),
            "raw": area,
        }
    )  # fmt: skip
    unknown = whole.filter(pc.is_null(whole["ref_area"]))
    rejects = pa.table(
        {
            "source": unknown["source"], "snapshot": unknown["snapshot"], "record": unknown["record"],
            "reason": pa.repeat(pa.scalar("unmapped_area"), unknown.num_rows),
            "detail": unknown["raw"],
            "series_code": unknown["scheme"],
        },
        schema=REJECT,
    )  # fmt: skip
    known = whole.filter(pc.is_valid(whole["ref_area"]))
    return known.select(CLASSIFICATION.names).cast(CLASSIFICATION), rejects
