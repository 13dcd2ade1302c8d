"""Answers of the DataHub's API: series by economy or region, scores of the ICT Development Index, lists.

The API is undocumented and has no pages: every answer is one JSON list. A list that holds no figures (categories,
dashboards, versions …) is refused by its name; the lists of countries and regions tell who belongs to which region.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from schemas.classification import classification_table
from schemas.columns import UNKNOWN, Layout, unknown_keys
from schemas.errors import Changed, Empty
from schemas.observation import empty
from schemas.reading import Origin, assemble
from schemas.source import Raw, Reading, Series
from schemas.tabular import cell, json_of

REGIONS = {
    1: "ITU_AFR", 2: "ITU_AMS", 3: "ITU_ARB", 4: "ITU_ASP", 5: "ITU_EUR", 716: "ITU_CIS",
    645: "ITU_AFR", 646: "ITU_AMS", 647: "ITU_ARB", 648: "ITU_ASP", 649: "ITU_EUR", 700: "ITU_CIS", 701: "WLD",
    1892: "LLDC", 1893: "SIDS", 1894: "LDC", 2087: "HIC", 2088: "LIC", 2089: "LMC", 2090: "UMC", 2115: "HIC",
    2116: "LIC", 2118: "UMC",
}  # fmt: skip
"""The portal's number of a region → our group."""
IDI_CODES = {
    1: "IDI", 2: "U", 3: "i99H", 4: "xHH6_IDI", 5: "i911mw_IDI", 6: "M", 7: "Coverage", 8: "i271G_IDI",
    9: "i271GA_IDI", 10: "i136mwi_subs_IDI", 11: "i135tfb_subs_IDI", 12: "i271mb_high_ts_GNI_IDI",
    13: "i154_FBB_ts_GNI_IDI", 14: "xHH18_IDI",
}  # fmt: skip
"""The index's number of a component → its code; figures of the index are scores, so their series is `IDI:<code>`."""

_LAYOUT = Layout(
    dimensions=("code", "codeID", "dataYear", "isoCode", "regionID"),
    attributes=("answer", "score", "dataNote", "dataSource", "internalNote"),
    ignored=("shortName", "dataID", "countryID", "numberOfAnswer", "answersPercentage", "databaseID", "regionName",
             "createDate", "updateDate", "classID", "id"),
)  # fmt: skip
Row = Mapping[str, Any]


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read an answer by its shape. Raises Empty for a list without figures, Changed for an unknown shape."""
    rows = json_of(raw.content, raw.name)
    if isinstance(rows, dict) and "message" in rows:
        raise Changed(f"{raw.name} is a refusal: {rows['message']}", next_step="the route may have moved")
    if not isinstance(rows, list):
        raise Changed(f"{raw.name} is not a list", why="every answer of the API is one")
    if not rows:
        raise Empty(f"{raw.name} holds nothing", why="the API answers an empty list for codes that it does not know")
    keys = set(rows[0]) if isinstance(rows[0], dict) else set()
    if not all(isinstance(row, dict) for row in rows) or not keys:
        raise Empty(f"{raw.name} is a list of plain values, not of figures", why=str(rows)[:80])
    for needed, take in _SHAPES:
        if needed <= keys:
            return take(raw, rows, wanted)
    raise Empty(
        f"{raw.name} holds no figures: it lists {', '.join(sorted(keys)[:6])}",
        why="it describes the portal (categories, dashboards, targets …)",
        next_step="figures come from /data/bycode, /aggregation and /idi/data",
    )


def _series(raw: Raw, rows: Sequence[Row], wanted: Sequence[Series]) -> Reading:
    """Figures of one series by economy, or by region."""
    records = [
        {
            "series_code": cell(row["code"]),
            "area": _area(row),
            "time_period": cell(row["dataYear"]),
            "value": _answer(row),
            "obs_status": "E" if "estimate" in cell(row.get("dataSource")).lower() else "A",
            "note": _note(row),
            "record": f"json:/{at}",
        }
        for at, row in enumerate(_checked(raw, rows, ("code", "dataYear", "answer")))
    ]
    stamps = [cell(row.get("updateDate"))[:10] for row in rows]
    edition = raw.edition or max(stamps)
    scheme = "itu" if "isoCode" in rows[0] else "ref_area"
    return _assembled(raw, records, rows, wanted, scheme, edition)


def _area(row: Row) -> str:
    """Give the code of an economy as ITU writes it, or our code of a region."""
    if "isoCode" in row:
        return cell(row["isoCode"])
    number = row.get("regionID")
    return REGIONS.get(number, f"region {number}") if isinstance(number, int) else cell(number)


def _answer(row: Row) -> str:
    told = row["answer"]
    first = told[0] if isinstance(told, list) and told else None
    return cell(first.get("value")) if isinstance(first, dict) else ""


def _note(row: Row) -> str:
    source = cell(row.get("dataSource")).strip()
    return " | ".join(part for part in (cell(row.get("dataNote")).strip(), source and f"Source: {source}") if part)


def _index(raw: Raw, rows: Sequence[Row], wanted: Sequence[Series]) -> Reading:
    """Scores of the ICT Development Index; the year is the edition of the index."""
    records = [
        {
            "series_code": f"IDI:{IDI_CODES.get(number, '')}" if isinstance(number := row["codeID"], int) else "",
            "area": _area(row),
            "time_period": cell(row["dataYear"]),
            "value": cell(row["score"]),
            "record": f"json:/{at}",
        }
        for at, row in enumerate(_checked(raw, rows, ("codeID", "dataYear", "score")))
    ]
    scheme = "itu" if "isoCode" in rows[0] else "ref_area"
    return _assembled(raw, records, rows, wanted, scheme, raw.edition or max(cell(row["dataYear"]) for row in rows))


def _checked(raw: Raw, rows: Sequence[Row], needed: Sequence[str]) -> Sequence[Row]:
    for at, row in enumerate(rows):
        if not set(needed) <= set(row):
            raise Changed(f"record {at} of {raw.name} lacks one of {', '.join(needed)}")
    return rows


def _assembled(
    raw: Raw, records: list[dict[str, str]], rows: Sequence[Row], wanted: Sequence[Series], scheme: str, edition: str
) -> Reading:
    table = pa.table({name: pa.array([one[name] for one in records], pa.string()) for name in records[0]})
    table = table.append_column(UNKNOWN, unknown_keys(rows, _LAYOUT))
    origin = Origin("itu_datahub", scheme, edition or raw.received, raw, edition_assumed=not edition)
    return assemble(table, wanted, origin)


def _countries(raw: Raw, rows: Sequence[Row], wanted: Sequence[Series]) -> Reading:  # noqa: ARG001 - one shape for all
    """Who belongs to which region, as the portal groups economies."""
    try:
        found = [
            (
                cell(of["class"]),
                cell(of["regionCode"]),
                cell(of["region"]).strip(),
                cell(row["IsoCode"]),
                at,
            )
            for number, row in enumerate(rows)
            for at in (f"json:/{number}",)
            for of in row["Regions"] or []
        ]
    except (KeyError, TypeError) as error:
        raise Changed(f"a country of {raw.name} lacks the field {error}") from error
    return classified(raw, found, "itu")


def _regions(raw: Raw, rows: Sequence[Row], wanted: Sequence[Series]) -> Reading:  # noqa: ARG001
    """The portal's regions by name; none of them has members in this list."""
    found = [
        (cell(row.get("className")) or "World", cell(row["regionCode"]), cell(row["regionName"]), "", f"json:/{at}")
        for at, row in enumerate(_checked(raw, rows, ("regionCode", "regionName")))
    ]
    return classified(raw, found, "itu")


def classified(raw: Raw, found: Sequence[tuple[str, str, str, str, str]], scheme: str) -> Reading:
    """Make a reading of (scheme, group, name, area, record) tuples; areas that are unknown become rejects."""
    table, rejects = classification_table("itu_datahub", scheme, raw, raw.edition or raw.received, found)
    return Reading(empty(), rejects, raw.edition or raw.received, tables={"classification": table},
                   edition_assumed=not raw.edition)  # fmt: skip


_SHAPES: Sequence[tuple[set[str], Callable[[Raw, Sequence[Row], Sequence[Series]], Reading]]] = (
    ({"code", "dataYear", "answer", "isoCode"}, _series),
    ({"code", "dataYear", "answer", "regionID"}, _series),
    ({"codeID", "dataYear", "score"}, _index),
    ({"CountryID", "IsoCode", "Regions"}, _countries),
    ({"regionCode", "regionName", "regionID"}, _regions),
)
