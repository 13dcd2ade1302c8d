"""World Bank: World Development Indicators, by API page or by download."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa

from schemas import wide
from schemas.columns import Layout, unknown_keys
from schemas.containers import unpacked
from schemas.errors import Changed, Empty, Unavailable
from schemas.reading import Origin, assemble
from schemas.source import CC_BY_4_0, PageFacts, Raw, Reading, Request, Scope, Series, Source
from schemas.status import Field, read_marks
from schemas.tabular import cell, count_of, json_of

SOURCE = Source(
    id="world_bank",
    title="World Bank, World Development Indicators",
    publisher="World Bank",
    address="https://api.worldbank.org/v2",
    licence=CC_BY_4_0,
    citation="World Bank, World Development Indicators, edition {edition}",
    cadence="monthly",
    edition_days=120,  # editions of 2025 and 2026 lay 43 to 170 days apart
    area_scheme="world_bank",
    release_key="`lastupdated` in the answer, `Last Updated Date` in a download",
    paging="pages of 20,000 rows, counted in `pages` and `total`",
    economies=150,
    first_year=1960,
    routes=("download the series from data.worldbank.org and give it: ictdev refresh --from-file world_bank=FILE.zip",),
)

_LAYOUT = Layout(
    dimensions=("indicator", "country", "countryiso3code", "date"),
    attributes=("value", "unit", "obs_status", "footnote"),
    ignored=("decimal", "scale", "lastupdated"),
)  # `decimal` is how many digits the bank's pages show, not how many the figure has
_STATUS = Field("world_bank", "obs_status", "words")
PAGE_SIZE = 20_000
"""Rows asked for at once: enough for every economy and year of one series in one page."""


def plan(source: Source, series: Sequence[Series]) -> Iterator[Request]:
    """One request per series, for all economies and years."""
    for one in series:
        yield Request(
            url=f"{source.address}/country/all/indicator/{one.code}",
            params={"format": "json", "per_page": str(PAGE_SIZE), "page": "1"},
            series=(one.code,),
        )


def next_page(request: Request, content: bytes) -> Request | None:
    """Ask for the page after this one, or None; the envelope says how many there are."""
    envelope, _ = _parts(content, request.url)
    if envelope is None or count_of(envelope, "pages", request.url) <= request.page:
        return None
    page = request.page + 1
    return Request(request.url, {**request.params, "page": str(page)}, request.series, page)


def page_facts(content: bytes, name: str) -> PageFacts:
    """Count the records that are announced, and those on this page; `lastupdated` is the release key."""
    envelope, rows = _parts(content, name)
    if envelope is None:
        return PageFacts()
    return PageFacts(count_of(envelope, "total", name), len(rows), str(envelope.get("lastupdated") or ""))


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read an API page, a series' download (CSV, Excel, zip), an extract of DataBank, or the bulk zip of all series."""
    if wide.is_bulk(raw):
        return _assembled(wide.read_bulk(raw, wanted), raw, wanted)
    inner = unpacked(raw)
    if inner.content.lstrip()[:1] in (b"[", b"{"):
        return _read_page(inner, wanted)
    return _assembled(*wide.read(inner), wanted)


def _assembled(download: wide.Wide, raw: Raw, wanted: Sequence[Series]) -> Reading:
    scopes = [Scope("world_bank", code, None, download.years) for code in download.codes]
    return assemble(download.records, wanted, _origin(raw, download.edition or raw.edition), scopes=scopes)


def _parts(content: bytes, name: str) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Part an API body into envelope and rows; some copies come without the envelope.

    Raises Unavailable for the errors that the API sends with status 200, Changed for another shape.
    """
    answer = json_of(content, name)
    if not isinstance(answer, list) or not answer or not all(isinstance(part, dict | list | None) for part in answer):
        raise Changed(f"{name} is not the two-part list of the World Bank API")
    if isinstance(answer[0], dict) and "message" in answer[0]:
        raise Unavailable(
            f"the World Bank API refused {name}: {_message(answer[0])}",
            why="it sends errors with status 200; a series that was archived or renamed is answered like this",
            next_step="look the series up on data.worldbank.org; the code stands in indicators/catalogue/",
        )
    if isinstance(answer[0], dict) and "indicator" in answer[0]:
        return None, answer
    if len(answer) != 2 or not isinstance(answer[0], dict) or "page" not in answer[0]:
        raise Changed(f"{name} is not the two-part list of the World Bank API")
    return answer[0], answer[1] or []


def _message(part: dict[str, Any]) -> str:
    messages = part["message"] if isinstance(part["message"], list) else [part["message"]]
    texts = [f"{one.get('key', '')}: {one.get('value', '')}" if isinstance(one, dict) else str(one) for one in messages]
    return "; ".join(texts)


def _read_page(raw: Raw, wanted: Sequence[Series]) -> Reading:
    envelope, rows = _parts(raw.content, raw.name)
    if not rows:
        raise Empty(
            f"{raw.name} holds no rows",
            why="the API answers an empty list for codes and areas that it does not carry",
            next_step="look the series up on data.worldbank.org",
        )
    try:
        records = _marked(_records_of_rows(rows, "/1" if envelope is not None else ""), rows)
    except (KeyError, TypeError, AttributeError) as error:
        raise Changed(f"a row of {raw.name} lacks the field {error}") from error
    edition = str((envelope or {}).get("lastupdated") or raw.edition)
    complete = envelope is not None and count_of(envelope, "pages", raw.name) == 1
    scopes = _scopes(raw.url, {str(code) for code in records["series_code"].unique().to_pylist()}) if complete else ()
    return assemble(records, wanted, _origin(raw, edition), scopes=scopes)


def _records_of_rows(rows: list[dict[str, Any]], pointer: str) -> pa.Table:
    """Records of API rows; aggregates without an alpha-3 code are told by their two-letter code."""
    columns = {
        "series_code": [cell(row["indicator"]["id"]) for row in rows],
        "area": [cell(row["countryiso3code"] or row["country"]["id"]) for row in rows],
        "time_period": [cell(row["date"]) for row in rows],
        "value": [cell(row["value"]) for row in rows],
        "note": [cell(row.get("footnote")) for row in rows],
        "raw_status": [cell(row.get("obs_status")) for row in rows],
        "unit_measure": [cell(row.get("unit")) for row in rows],
        "record": [f"json:{pointer}/{at}" for at in range(len(rows))],
    }
    return pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})


def _marked(records: pa.Table, rows: list[dict[str, Any]]) -> pa.Table:
    """Add what the status word says, and which keys of a row are not known."""
    marks = read_marks((records["raw_status"], _STATUS))
    more = {"obs_status": marks.obs_status, "no_figure": marks.no_figure, "unknown": unknown_keys(rows, _LAYOUT)}
    return pa.table({**{name: records[name] for name in records.column_names}, **more})


def _scopes(url: str, codes: set[str]) -> tuple[Scope, ...]:
    """What a whole answer speaks of: all economies and years, unless the address says less."""
    parts = urlsplit(url)
    dates = [int(year) for year in re.findall(r"\d{4}", "".join(parse_qs(parts.query).get("date", [])))]
    years = (min(dates), max(dates)) if dates else None
    if "/country/all/" not in parts.path or "mrv" in parts.query:
        return ()
    return tuple(Scope("world_bank", code, None, years) for code in sorted(codes))


def _origin(raw: Raw, edition: str) -> Origin:
    return Origin("world_bank", "world_bank", edition or raw.received, raw, edition_assumed=not edition)
