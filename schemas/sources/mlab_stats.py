"""M-Lab: daily statistics of NDT speed tests by country and year (JSON), brought to one figure a year.

Files stand at statistics.measurementlab.net by continent, country and year; whether it still answers is not known. So
it is asked only by name, and then for each economy.

A file has one object per day and bucket of the histogram; the day's own statistics stand in each of them.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from statistics import fmean, median
from typing import Any

import pyarrow as pa

from schemas.codelist import membership, rows
from schemas.containers import unpacked
from schemas.errors import Changed, Empty, Usage
from schemas.reading import Origin, assemble, with_rejects
from schemas.source import Licence, Raw, Reading, Request, Series, Source, no_facts, one_answer
from schemas.tabular import json_of

CC0_1_0 = Licence(
    "CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", open=True
)
SOURCE = Source(
    id="mlab_stats",
    title="Measurement Lab, statistics of NDT tests",
    publisher="Measurement Lab",
    address="https://statistics.measurementlab.net/v0",
    licence=CC0_1_0,
    citation="Measurement Lab, NDT statistics, edition {edition}, own analysis of the days' statistics",
    cadence="yearly",
    area_scheme="iso2",
    first_year=2009,
    pause=0.2,
    on_request=True,
    routes=("save v0/AF/SN/2023/histogram_daily_stats.json: ictdev refresh --from-file mlab_stats=SN_2023.json",),
)
_FILE = "histogram_daily_stats.json"
_URL = re.compile(rf"/([A-Z]{{2}})/(\d{{4}})/{_FILE}$")
_CONTINENTS = {"M49_002": "AF", "M49_019": "NA", "M49_005": "SA", "M49_142": "AS", "M49_150": "EU", "M49_009": "OC"}
"""Regions of M49, and under which continent the addresses have their economies; the later one counts."""
_ELSEWHERE = {"CY": "EU", "TL": "OC", "IO": "AS", "CC": "AS", "CX": "AS"}
"""Economies that the publisher's geography (GeoNames') puts on another continent than M49 does."""
_NAME = re.compile(r"^([A-Z]{2})_(\d{4})(?:_histogram_daily_stats)?\.json$")
_DIRECTIONS = (("download", "dl_samples_day"), ("upload", "ul_samples_day"))
_DAILY = (
    "download_MED",
    "download_AVG",
    "dl_samples_day",
    "upload_MED",
    "upload_AVG",
    "ul_samples_day",
    "download_minRTT_MED",
)

next_page = one_answer
page_facts = no_facts


def plan(source: Source, series: Sequence[Series]) -> Iterator[Request]:
    """One request per economy, for the last year that is over."""
    year = datetime.now(UTC).year - 1
    if series:
        for code, continent in sorted(continents().items()):
            yield Request(f"{source.address}/{continent}/{code}/{year}/{_FILE}", name=f"{code}_{year}")


def continents() -> dict[str, str]:
    """Give the continent under which the addresses have each economy, by ISO 3166-1 alpha-2."""
    codes = {row["ref_area"]: row["iso2"] for row in rows("area") if row["kind"] == "economy" and row["iso2"]}
    members = membership().select(["group_code", "ref_area"]).to_pylist()
    found: dict[str, str] = {}
    for group, continent in _CONTINENTS.items():
        inside = {one["ref_area"] for one in members if one["group_code"] == group}
        found |= {codes[area]: continent for area in inside & set(codes)}
    return found | {code: continent for code, continent in _ELSEWHERE.items() if code in found}


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read one country's year: speeds in Mbit/s, round trip in ms, tests.

    The mean is that of all tests of the year. Medians of days cannot be made the year's median: the middle day's is
    given, and called so.
    """
    raw = unpacked(raw)
    days, doubtful = _days(raw)
    if not days:
        raise Empty(f"{raw.name} holds no day with tests", next_step="look whether the publisher has the year")
    area, year = _place(raw)
    records = [
        {
            "series_code": code,
            "area": area,
            "time_period": year,
            "breakdown": breakdown,
            "value": repr(value),
            "note": f"{len(days)} days",
            "record": "json:/",
        }
        for code, breakdown, value in _figures(list(days.values()))
    ]
    table = pa.Table.from_pylist(records)
    edition = raw.edition or raw.received
    reading = assemble(table, wanted, Origin(SOURCE.id, SOURCE.area_scheme, edition, raw, not raw.edition))
    return with_rejects(reading, [_reject(raw, at, why) for at, why in doubtful.items()])


def _place(raw: Raw) -> tuple[str, str]:
    """Country (two letters) and year, which the content does not say: the address does, or the file's name."""
    match = _URL.search(raw.url) or _NAME.match(raw.name)
    if not match:
        raise Usage(
            f"{raw.name} does not tell its country and year",
            why="the publisher's files are all called histogram_daily_stats.json",
            next_step="call the file by country and year, for example SN_2023.json",
        )
    years = {str(row.get("date"))[:4] for row in _rows(raw)}
    if years != {match[2]}:
        raise Changed(f"{raw.name} speaks of {', '.join(sorted(years))}", next_step="look whether it is the right file")
    return match[1], match[2]


def _rows(raw: Raw) -> list[dict[str, Any]]:
    rows = json_of(raw.content, raw.name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "date" in row for row in rows):
        raise Changed(f"{raw.name} is not a list of days and buckets", why="each has a date")
    if not rows:
        raise Empty(f"{raw.name} holds an empty list", next_step="look whether the publisher has country and year")
    return rows


def _days(raw: Raw) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    """Give each day's statistics once, and the days whose buckets contradict each other or lack a number."""
    days: dict[str, dict[str, float]] = {}
    doubtful: dict[str, str] = {}
    for row in _rows(raw):
        day = str(row["date"])
        told = {name: row.get(name) for name in _DAILY}
        wrong = [name for name, value in told.items() if not _number(value)]
        if wrong:
            doubtful.setdefault(day, f"{wrong[0]} is {told[wrong[0]]!r}"[:100])
        elif days.setdefault(day, told) != told:  # type: ignore[arg-type]
            doubtful.setdefault(day, "its buckets tell different statistics of the day")
    return {day: told for day, told in days.items() if day not in doubtful}, doubtful


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9


def _figures(days: Sequence[dict[str, float]]) -> list[tuple[str, str, float]]:
    found: list[tuple[str, str, float]] = []
    for way, samples in _DIRECTIONS:
        tested = [day for day in days if day[samples] > 0]
        if tested:
            weights = [day[samples] for day in tested]
            found.append((way, "NDT_MEAN", fmean([day[f"{way}_AVG"] for day in tested], weights)))
            found.append((way, "NDT_MIDDLE_DAY", median(day[f"{way}_MED"] for day in tested)))
            found.append(("samples", f"NDT_{way.upper()}_TESTS", float(sum(weights))))
    tested = [day for day in days if day["dl_samples_day"] > 0]
    if tested:
        found.append(("round_trip", "NDT_MIDDLE_DAY", median(day["download_minRTT_MED"] for day in tested)))
    return found


def _reject(raw: Raw, day: str, why: str) -> dict[str, str]:
    return {
        "source": SOURCE.id,
        "snapshot": raw.sha256,
        "record": f"day {day}",
        "reason": "doubtful_day",
        "detail": why,
        "series_code": "",
    }
