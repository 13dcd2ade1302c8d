"""Measurement Lab: statistics of NDT speed tests by economy and day (JSON), summed up to years.

An answer has eight rows for each day, one per class of speed; what it says of the whole day stands in all eight alike.
Answers do not name their economy: the address does, or the name of a file (`SN-2020.json`).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.codelist import membership, rows
from schemas.errors import Changed, Empty, Invalid, Usage
from schemas.reading import Origin, assemble
from schemas.source import Licence, Raw, Reading, Request, Scope, Series, Source, no_facts, one_answer
from schemas.tabular import json_of

SOURCE = Source(
    id="mlab_stats",
    title="Measurement Lab, NDT statistics",
    publisher="Measurement Lab",
    address="https://statistics.measurementlab.net/v0",
    licence=Licence(
        "CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", open=True
    ),
    citation="The M-Lab NDT Data Set, statistics by economy, edition {edition}",
    cadence="yearly",
    area_scheme="iso2",
    routes=("save the answer as ISO2-YEAR.json and give it: ictdev refresh --from-file mlab_stats=SN-2020.json",),
    first_year=2009,
    pause=0.2,
    on_request=True,
)

_FILE = "histogram_daily_stats.json"
_PLACES = (
    re.compile(rf"/([A-Z]{{2}})/(\d{{4}})/{_FILE}$"),
    re.compile(r"^([A-Z]{2})-(\d{4})\.json$"),
)
_REGIONS = {"M49_002": "AF", "M49_019": "NA", "M49_005": "SA", "M49_142": "AS", "M49_150": "EU", "M49_009": "OC"}
_ELSEWHERE = {"CY": "EU", "TL": "OC", "IO": "AS", "CC": "AS", "CX": "AS"}
"""Economies that its geography puts on another continent than M49's."""
_MEASURES = (
    ("download", "download_MED", "dl_samples_day"),
    ("upload", "upload_MED", "ul_samples_day"),
    ("latency", "download_minRTT_MED", "dl_samples_day"),
)
_FIELDS = ("download_MED", "upload_MED", "download_minRTT_MED", "dl_samples_day", "ul_samples_day")

next_page = one_answer
page_facts = no_facts


def plan(source: Source, series: Sequence[Series]) -> Iterator[Request]:
    """One request per economy, for the last year that is over."""
    year = datetime.now(UTC).year - 1
    if series:
        for code, continent in sorted(continents().items()):
            address = f"{source.address}/{continent}/{code}/{year}/{_FILE}"
            yield Request(address, name=f"{code}-{year}")


def continents() -> dict[str, str]:
    """Give the continent under which each economy stands in the addresses, by ISO 3166-1 alpha-2."""
    codes = {row["ref_area"]: row["iso2"] for row in rows("area") if row["kind"] == "economy" and row["iso2"]}
    members = membership().select(["group_code", "ref_area"]).to_pylist()
    found: dict[str, str] = {}
    for group, continent in _REGIONS.items():
        found |= {
            codes[one["ref_area"]]: continent
            for one in members
            if one["group_code"] == group and one["ref_area"] in codes
        }
    return found | {code: continent for code, continent in _ELSEWHERE.items() if code in found}


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read the statistics of one economy and year. Raises Usage, Changed, Empty, Invalid."""
    area, year = _place(raw)
    days = _days(raw, year)
    records = [record for measure in _MEASURES for record in _yearly(days, *measure)]
    columns = zip(*[(code, area, year, value, note, "json:/") for code, value, note in records], strict=True)
    names = ("series_code", "area", "time_period", "value", "note", "record")
    table = pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})
    origin = Origin("mlab_stats", "iso2", raw.edition or raw.received, raw, edition_assumed=not raw.edition)
    return assemble(table, wanted, origin, scopes=_scopes(area, int(year), wanted))


def _place(raw: Raw) -> tuple[str, str]:
    """Read economy and year off the address, or off the name of a file."""
    for pattern, text in zip(_PLACES, (raw.url, raw.name), strict=True):
        match = pattern.search(text)
        if match:
            return match[1], match[2]
    raise Usage(
        f"{raw.name} does not say its economy and year",
        why="statistics name neither",
        next_step="save it as ISO2-YEAR.json, as SN-2020.json",
    )


def _scopes(area: str, year: int, wanted: Sequence[Series]) -> list[Scope]:
    ours = next((row["ref_area"] for row in rows("area") if row["iso2"] == area), "")
    return [Scope("mlab_stats", one.code, (ours,), (year, year)) for one in wanted] if ours else []


def _days(raw: Raw, year: str) -> pa.Table:
    """Give one row per day. Raises Changed, Empty, and Invalid where the rows of a day contradict each other."""
    told = json_of(raw.content, raw.name)
    if not isinstance(told, list) or not all(isinstance(row, dict) and {"date", *_FIELDS} <= set(row) for row in told):
        raise Changed(f"{raw.name} is no list of daily statistics", why=f"each needs date, {', '.join(_FIELDS)}")
    if not told:
        raise Empty(f"{raw.name} is an empty list", why="nobody tested there in that year, or it is not worked out yet")
    columns: dict[str, pa.Array] = {
        name: pa.array([_number(row[name]) for row in told], pa.float64()) for name in _FIELDS
    }
    table = pa.table({"date": pa.array([_day(row["date"], year, raw.name) for row in told], pa.string()), **columns})
    days = table.group_by(["date", *_FIELDS]).aggregate([]).sort_by("date")
    if len(pc.unique(days["date"])) != days.num_rows:
        raise Invalid(f"the rows of a day contradict each other in {raw.name}", why="a day has one median")
    return days


def _number(value: Any) -> float | None:
    """Give a number that is a measure or a count; null for what is none."""
    return (
        float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e12 else None
    )


def _day(value: Any, year: str, name: str) -> str:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Changed(f"{name} has a day that is none: {str(value)[:40]}") from error
    if str(day.year) != year:
        raise Changed(f"{name} tells of {day.isoformat()}, asked was {year}")
    return day.isoformat()


def _yearly(days: pa.Table, code: str, median: str, samples: str) -> Iterator[tuple[str, str, str]]:
    """Average the medians of the days, weighted by their tests; and count tests once, with the downloads."""
    known = days.filter(pc.and_(pc.is_valid(days[median]), pc.greater(pc.fill_null(days[samples], 0.0), 0.0)))
    tests = pc.sum(known[samples]).as_py() or 0.0
    note = f"{known.num_rows} days"
    value = pc.sum(pc.multiply(known[median], known[samples])).as_py() / tests if tests else None
    yield code, "" if value is None else repr(value), note
    if code == "download":
        yield "tests", repr(tests) if tests else "", note
