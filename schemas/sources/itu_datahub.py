"""ITU DataHub: the World Telecommunication/ICT Indicators, by the portal's CSV downloads (two ages) or its API.

Units as the files print them are not used: they are wrong for some series; the series' code decides.
"""

import re
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from schemas import itu_api, itu_disaggregation
from schemas.columns import UNKNOWN, Layout, joined, unknown_cells
from schemas.containers import unpacked
from schemas.errors import Changed, Empty, Invalid, Unavailable
from schemas.observation import year_of
from schemas.reading import Origin, assemble
from schemas.source import CC_BY_NC_SA_3_0_IGO, Raw, Reading, Request, Scope, Series, Source, no_facts, one_answer
from schemas.tables import TableLayout, read_table
from schemas.tabular import require_columns
from schemas.translate import Column, translated

SOURCE = Source(
    id="itu_datahub",
    title="ITU DataHub, World Telecommunication/ICT Indicators",
    publisher="International Telecommunication Union",
    address="https://api.datahub.itu.int/v2",
    licence=CC_BY_NC_SA_3_0_IGO,
    citation="ITU, World Telecommunication/ICT Indicators Database, DataHub, edition {edition}",
    cadence="twice a year",
    area_scheme="itu",
    release_key="month in the name of a download, `LastModifiedOn` in the newer layout; else day of arrival",
    economies=150,
    first_year=1960,
    routes=(
        "download the CSV from datahub.itu.int and give it: ictdev refresh --from-file itu_datahub=FILE.csv@YYYY-MM",
    ),
)

DOWNLOAD_IDS = {
    "i99H": 11624, "i992b": 19303, "i4213tfbb": 19257, "i271mw": 11632, "i911mw": 12066, "i271": 178,
    "i271pop": 194, "i271G": 430, "i271GA": 19306, "xHH6_IDI": 12047, "HHU4212-%_POP-FEMALE-": 9230,
    "i91": 391, "i911": 392, "i135tfb_subs": 34055,
}  # fmt: skip
"""The portal's number of a series, by which its download is asked for."""
_COLUMNS = (
    "seriesCode", "seriesName", "seriesParent", "entityIso", "dataValue", "dataYear", "dataNote", "dataSource",
)  # fmt: skip
_NEWER = {
    "SeriesID": "seriesID", "SeriesCode": "seriesCode", "Series": "seriesName", "Unit": "seriesUnits",
    "AreaCode": "entityIso", "AreaName": "entityName", "Value": "dataValue", "Year": "dataYear", "Notes": "dataNote",
    "Source": "dataSource",
}  # fmt: skip
"""Columns of the newer layout (15 columns) → those of the older (13)."""
_CHILDREN = {
    "male": ("M", "_T"), "female": ("F", "_T"), "urban": ("_T", "U"), "rural": ("_T", "R"),
}  # fmt: skip
"""Names of series inside a collection that are breakdowns of their parent → sex, residence."""

_LAYOUT = Layout(
    dimensions=("seriesCode", "seriesName", "seriesParent", "entityIso", "dataYear", *itu_disaggregation.COLUMNS),
    attributes=("dataValue", "dataNote", "dataSource", "LastModifiedOn"),
    ignored=("seriesID", "seriesUnits", "seriesDescription", "entityID", "entityName", "Database",
             "DisaggregationGroup", "record"),
)  # fmt: skip
_TABLE = TableLayout(
    ("seriesCode", "entityIso", "dataValue", "dataYear"),
    values=("dataValue",),
    ours=lambda heading: _NEWER.get(heading, heading),
)

next_page = one_answer
page_facts = no_facts


def plan(source: Source, series: Sequence[Series]) -> Iterator[Request]:
    """One download per series."""
    for one in series:
        if one.code in DOWNLOAD_IDS:
            url = f"{source.address}/data/download/byid/{DOWNLOAD_IDS[one.code]}/iscollection/false"
            yield Request(url=url, series=(one.code,))


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read a download (a zip with one CSV, or that CSV, in either layout) or an answer of the API."""
    raw = unpacked(raw)
    if raw.content.lstrip()[:1] in (b"[", b"{"):
        return itu_api.read(raw, wanted)
    _refuse_messages(raw.content, raw.name)
    table, raw = read_table(raw, _TABLE)
    newer = "seriesParent" not in table.column_names
    table = _as_older(table, raw.name) if newer else table
    require_columns(table, _COLUMNS, raw.name)
    _refuse_qualitative(table, raw.name)
    edition = raw.edition or _edition_in_name(raw.name) or _last_modified(table)
    origin = Origin("itu_datahub", "itu", edition or raw.received, raw, edition_assumed=not edition)
    scopes = () if newer else _scopes(table)  # the newer download is cut to countries and years of choice
    return assemble(_records(table, wanted), wanted, origin, scopes=scopes)


def _as_older(table: pa.Table, name: str) -> pa.Table:
    """Give the newer layout, whose columns were renamed already, the one that it lacks."""
    require_columns(table, tuple(_NEWER.values()), name)
    return table.append_column("seriesParent", pa.repeat(pa.scalar(""), table.num_rows))


def _last_modified(table: pa.Table) -> str:
    """Give the newest day on which a row of the newer layout was changed; the older one does not say."""
    if "LastModifiedOn" not in table.column_names:
        return ""
    return str(pc.max(table["LastModifiedOn"]).as_py() or "")


def _refuse_messages(content: bytes, name: str) -> None:
    """Recognise the plain sentences that the download answers in place of a file."""
    start = content[:200].decode("utf-8", errors="replace")
    if start.startswith("Throughput exceeds"):
        raise Unavailable(f"{name}: the publisher asks for fewer requests", next_step="try again in some minutes")
    if start.startswith("No data available"):
        raise Empty(f"{name}: the publisher says that it holds no data for this series")


def _refuse_qualitative(table: pa.Table, name: str) -> None:
    """Refuse a file of answers in words: regulation, policies, services."""
    if table.num_rows == 0:
        raise Empty(f"{name} has a header and no rows")
    numeric = pc.match_substring_regex(pc.utf8_trim_whitespace(table["dataValue"]), r"^[-+]?[\d.][\d.,eE+ %-]*$|^$")
    share = (pc.sum(numeric).as_py() or 0) / table.num_rows
    if share < 0.5:
        example = table["dataValue"][0].as_py()
        raise Invalid(
            f"{name} is qualitative: {1 - share:.0%} of its values are words, for example “{example}”",
            why="observations are numbers; answers in words cannot be aggregated or compared",
            next_step="leave this file out; the quantitative series have their own downloads",
        )


def _records(table: pa.Table, wanted: Sequence[Series]) -> pa.Table:
    apart = itu_disaggregation.read(table, wanted)
    said = table["dataSource"]
    estimate = pc.match_substring_regex(said, r"(?i)\bestimate")
    child = pc.and_(pc.not_equal(table["seriesParent"], ""), pc.is_in(_lower_name(table), value_set=_CHILD_NAMES))
    sex, place = (
        translated(table["seriesName"], {name: told[at] for name, told in _CHILDREN.items()}) for at in (0, 1)
    )
    return pa.table(
        {
            "series_code": pc.if_else(child, table["seriesParent"], table["seriesCode"]),
            "sex": pc.if_else(child, sex, apart.sex),
            "urbanisation": pc.if_else(child, place, apart.urbanisation),
            "raw_codes": apart.said,
            UNKNOWN: joined(unknown_cells(table, _LAYOUT), apart.unknown, _strange_child(table, child)),
            "area": table["entityIso"],
            "time_period": table["dataYear"],
            "value": table["dataValue"],
            "obs_status": pc.if_else(estimate, "E", "A"),
            "note": _join(table["dataNote"], said),
            "record": table["record"],
        }
    )


def _strange_child(table: pa.Table, child: Column) -> Column:
    """Name a part of a parent that has the parent's own code and a name that is not known: never the parent's total."""
    own = pc.and_(pc.not_equal(table["seriesParent"], ""), pc.equal(table["seriesParent"], table["seriesCode"]))
    strange = pc.and_(own, pc.invert(child))
    return pc.if_else(strange, pc.binary_join_element_wise("seriesName", table["seriesName"], "="), "")


_CHILD_NAMES = pa.array(list(_CHILDREN))


def _lower_name(table: pa.Table) -> pa.ChunkedArray:
    return pc.utf8_lower(pc.utf8_trim_whitespace(table["seriesName"]))


def _join(note: pa.ChunkedArray, said: pa.ChunkedArray) -> pa.ChunkedArray:
    """Keep note and survey together, each told apart: they say age base, breaks and who estimated."""
    note = pc.utf8_trim_whitespace(note)
    said = pc.utf8_trim_whitespace(said)
    named = pc.if_else(pc.equal(said, ""), "", pc.binary_join_element_wise("Source: ", said, ""))
    joined = pc.binary_join_element_wise(note, named, " | ")
    return pc.utf8_trim(joined, " |")


def _scopes(table: pa.Table) -> tuple[Scope, ...]:
    """A download speaks of all economies and of the years from its first to its last."""
    four = pc.match_substring_regex(table["dataYear"], r"^\d{4}$")
    years = year_of(table.filter(four)["dataYear"])
    bounds = pc.min_max(years).as_py()
    if bounds["min"] is None:
        raise Changed("no row of the file names a year", why="column dataYear")
    codes = sorted(set(table["seriesCode"].to_pylist()))
    return tuple(Scope("itu_datahub", code, None, (bounds["min"], bounds["max"])) for code in codes)


def _edition_in_name(name: str) -> str:
    """Take the edition from a file name such as `individuals-using-the-internet_2025-08.csv`."""
    match = re.search(r"_(\d{4}-\d{2}(?:-\d{2})?)\.\w+$", name)
    return match.group(1) if match else ""
