"""ITU DataHub: the World Telecommunication/ICT Indicators, by the portal's CSV download."""

import re
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import Changed, Empty, Invalid, Unavailable
from schemas.observation import year_of
from schemas.reading import Origin, assemble, row_locators
from schemas.source import CC_BY_NC_SA_3_0_IGO, Raw, Reading, Request, Scope, Series, Source
from schemas.tabular import member, read_csv, require_columns

SOURCE = Source(
    id="itu_datahub",
    title="ITU DataHub, World Telecommunication/ICT Indicators",
    publisher="International Telecommunication Union",
    address="https://api.datahub.itu.int/v2",
    licence=CC_BY_NC_SA_3_0_IGO,
    citation="ITU, World Telecommunication/ICT Indicators Database, DataHub, edition {edition}",
    cadence="twice a year",
    area_scheme="itu",
    routes=(
        "download the CSV from datahub.itu.int and give it: ictdev refresh --from-file itu_datahub=FILE.csv@YYYY-MM",
    ),
)

DOWNLOAD_IDS = {"i99H": 11624, "i992b": 19303, "i4213tfbb": 19257, "i271mw": 11632, "i911mw": 12066}
"""The portal's number of a series, by which its download is asked for."""
_COLUMNS = (
    "seriesID", "seriesCode", "seriesName", "seriesParent", "seriesUnits", "entityID", "entityIso", "entityName",
    "dataValue", "dataYear", "dataNote", "dataSource", "seriesDescription",
)  # fmt: skip


def plan(source: Source, series: Sequence[Series]) -> Iterator[Request]:
    """One download per series."""
    for one in series:
        if one.code in DOWNLOAD_IDS:
            url = f"{source.address}/data/download/byid/{DOWNLOAD_IDS[one.code]}/iscollection/false"
            yield Request(url=url, series=(one.code,))


def next_page(request: Request, content: bytes) -> Request | None:  # noqa: ARG001
    """Give None: a download is whole."""
    return None


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read the download: a zip with one CSV, or that CSV.

    The column of units is not used: it names the wrong unit for some series; the code decides.
    """
    content, prefix = raw.content, ""
    if content[:2] == b"PK":
        name, content = member(content, raw.name, lambda path: path.lower().endswith(".csv"))
        prefix = f"{name}!"
    _refuse_messages(content, raw.name)
    table = read_csv(content, raw.name)
    require_columns(table, _COLUMNS, raw.name)
    _refuse_qualitative(table, raw.name)
    edition = raw.edition or _edition_in_name(raw.name)
    origin = Origin("itu_datahub", "itu", edition or raw.received, raw, edition_assumed=not edition)
    return assemble(_records(table, prefix), wanted, origin, scopes=_scopes(table))


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
    numeric = pc.match_substring_regex(pc.utf8_trim_whitespace(table["dataValue"]), r"^[-+]?[\d.][\d.eE+-]*$|^$")
    share = (pc.sum(numeric).as_py() or 0) / table.num_rows
    if share < 0.5:
        example = table["dataValue"][0].as_py()
        raise Invalid(
            f"{name} is qualitative: {1 - share:.0%} of its values are words, for example “{example}”",
            why="observations are numbers; answers in words cannot be aggregated or compared",
            next_step="leave this file out; the quantitative series have their own downloads",
        )


def _records(table: pa.Table, prefix: str) -> pa.Table:
    said = table["dataSource"]
    estimate = pc.match_substring_regex(said, r"(?i)\bestimate")
    return pa.table(
        {
            "series_code": table["seriesCode"],
            "area": table["entityIso"],
            "time_period": table["dataYear"],
            "value": table["dataValue"],
            "obs_status": pc.if_else(estimate, "E", "A"),
            "note": _join(table["dataNote"], said),
            "record": row_locators(table.num_rows, prefix),
        }
    )


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
