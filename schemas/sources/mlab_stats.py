"""M-Lab: daily statistics of NDT speed tests by country and year (JSON), brought to one figure a year.

Files stand at statistics.measurementlab.net by continent, country and year; whether it still answers is not known.

A file has one object per day and bucket of the histogram; the day's own statistics stand in each of them.
"""

import re
from collections.abc import Sequence
from statistics import fmean, median
from typing import Any

import pyarrow as pa

from schemas.errors import Changed, Empty, Usage
from schemas.observation import REJECT
from schemas.reading import Origin, assemble
from schemas.source import Licence, Raw, Reading, Series, Source, no_facts, not_asked, one_answer
from schemas.tabular import json_of

CC0_1_0 = Licence(
    "CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", open=True
)
SOURCE = Source(
    id="mlab_stats",
    title="Measurement Lab, statistics of NDT tests",
    publisher="Measurement Lab",
    address="",
    licence=CC0_1_0,
    citation="Measurement Lab, NDT statistics, edition {edition}, own analysis of the days' statistics",
    cadence="yearly",
    area_scheme="iso2",
    first_year=2009,
    routes=("save v0/AF/SN/2023/histogram_daily_stats.json: ictdev refresh --from-file mlab_stats=SN_2023.json",),
)
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

plan = not_asked
next_page = one_answer
page_facts = no_facts


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read one country's year: speeds in Mbit/s, round trip in ms, tests.

    The mean is that of all tests of the year. Medians of days cannot be made the year's median: the middle day's is
    given, and called so.
    """
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
    aside = pa.Table.from_pylist([_reject(raw, at, why) for at, why in doubtful.items()], schema=REJECT)
    return Reading(
        reading.observations,
        pa.concat_tables([reading.rejects, aside]),
        edition,
        edition_assumed=reading.edition_assumed,
        skipped=reading.skipped,
    )


def _place(raw: Raw) -> tuple[str, str]:
    """Country (two letters) and year, which the content does not say: the name does."""
    match = _NAME.match(raw.name)
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
