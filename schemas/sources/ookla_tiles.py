"""Ookla's map tiles of measured broadband quality, as they were summed up for each economy (`warehouse/tiles/`).

A tile tells only the average of its tests. So the figures are the mean of tile averages, weighted by tests, and
quantiles of tile averages: half of the tests were taken in tiles that average so much or less.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from schemas.errors import Changed
from schemas.observation import REJECT, TOTAL
from schemas.reading import Origin, assemble
from schemas.source import Licence, Raw, Reading, Request, Series, Source, no_facts, not_asked, one_answer
from schemas.tabular import json_of

SOURCE = Source(
    id="ookla_tiles",
    title="Speedtest by Ookla, Global Fixed and Mobile Network Performance Map Tiles",
    publisher="Ookla",
    address="https://ookla-open-data.s3.amazonaws.com/parquet/performance",
    licence=Licence(
        "CC-BY-NC-SA-4.0", "Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International",
        "https://creativecommons.org/licenses/by-nc-sa/4.0/", open=False,
    ),
    citation=(
        "Speedtest® by Ookla® Global Fixed and Mobile Network Performance Maps, edition {edition}, own aggregation; "
        "Ookla trademarks used under license and reprinted with permission"
    ),
    cadence="quarterly",
    area_scheme="ref_area",
    routes=("download the Parquet file and give it: ictdev refresh --from-file ookla_tiles=FILE.parquet@YYYY-MM-DD",),
    release_key="Last-Modified of the file; else day of arrival",
    paging="one file per quarter and network",
    first_year=2019,
    on_request=True,
    condensed=True,
)  # fmt: skip
KIND = "tiles by economy"
NETWORKS = ("fixed", "mobile")
QUANTILES = ("p10", "p25", "p50", "p75", "p90")
_SCALES = {"download": 1_000, "upload": 1_000, "latency": 1}
"""Tile averages of one unit of ours: kbit/s of a Mbit/s, milliseconds of a millisecond."""
_NUMBERS = ("tiles", "tests", "devices", "tests_below_10000", "average_times_tests", *QUANTILES)
_FAULTS = {"!unplaced": "unplaced_tiles"}
_COLUMNS = ("series_code", "area", "urbanisation", "time_period", "value", "note", "record")

plan = not_asked
next_page = one_answer
page_facts = no_facts


def request(source: Source, network: str, time_period: str) -> Request:
    """Ask for the tiles of a network in a quarter (`2024-Q4`)."""
    year, quarter = time_period.split("-Q")
    name = f"{year}-{3 * int(quarter) - 2:02d}-01_performance_{network}_tiles.parquet"
    return Request(f"{source.address}/type={network}/year={year}/quarter={quarter}/{name}")


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read the account of a file of tiles. Raises Changed for what is none."""
    account = _account(raw)
    records = list(_records(account))
    columns = zip(*records, strict=True) if records else [()] * len(_COLUMNS)
    table = pa.table({name: pa.array(column, pa.string()) for name, column in zip(_COLUMNS, columns, strict=True)})
    edition = raw.edition or account["edition"]
    origin = Origin("ookla_tiles", "ref_area", edition or raw.received, raw, edition_assumed=not edition)
    reading = assemble(table, wanted, origin)
    return replace(reading, rejects=pa.concat_tables([reading.rejects, _lost(account, raw)]))


def _account(raw: Raw) -> dict[str, Any]:
    """Take the account apart as far as is needed to trust its shape."""
    account = json_of(raw.content, raw.name)
    if not isinstance(account, dict) or account.get("kind") != KIND:
        raise Changed(
            f"{raw.name} is no account of tiles by economy",
            why="tiles come as Parquet and are summed up when they are taken in",
            next_step="give the publisher's file: ictdev refresh --from-file ookla_tiles=FILE.parquet",
        )
    texts = [account.get(name) for name in ("network", "time_period", "edition", "method")]
    rows = account.get("rows")
    if not all(isinstance(text, str) for text in texts) or account["network"] not in NETWORKS:
        raise Changed(f"{raw.name} lacks network, quarter, edition or method")
    if not isinstance(rows, list) or not all(_sound(row) for row in rows):
        raise Changed(f"{raw.name} has a row that tells no figures of an economy", why=f"needed: {', '.join(_NUMBERS)}")
    if type(account.get("repeated")) is not int:
        raise Changed(f"{raw.name} does not say how many tiles stood twice")
    return account


def _sound(row: object) -> bool:
    return (
        isinstance(row, dict)
        and all(type(row.get(name)) is int for name in _NUMBERS)
        and all(isinstance(row.get(name), str) for name in ("ref_area", "urbanisation"))
        and row.get("measure") in _SCALES
    )


def _records(account: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Give one record per economy, class of place and figure."""
    for at, row in enumerate(account["rows"]):
        if not row["ref_area"].startswith("!") and row["tests"] > 0:
            note = f"{row['tiles']:,} tiles"
            for name, value in _figures(row):
                code = f"{account['network']}:{name}"
                place = f"json:/rows/{at}"
                yield code, row["ref_area"], row["urbanisation"], account["time_period"], repr(value), note, place


def _figures(row: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    measure, scale = row["measure"], _SCALES[row["measure"]]
    yield f"{measure}:mean", row["average_times_tests"] / row["tests"] / scale
    for name in QUANTILES:
        yield f"{measure}:{name}", row[name] / scale
    if measure == "download":
        yield "tests", float(row["tests"])
        yield "devices", float(row["devices"])
        yield "tests_below_10", row["tests_below_10000"] / row["tests"] * 100


def _lost(account: Mapping[str, Any], raw: Raw) -> pa.Table:
    """Tell what did not become a figure: tiles outside every economy, impossible ones, repeated ones."""
    whole = [row for row in account["rows"] if row["measure"] == "download" and row["urbanisation"] == TOTAL]
    tests = sum(row["tests"] for row in whole) or 1
    found = [
        {
            "record": f"json:/rows/{account['rows'].index(row)}",
            "reason": _FAULTS.get(row["ref_area"], "impossible_tiles"),
            "detail": f"{row['ref_area'][1:]}: {row['tiles']:,} tiles, {row['tests'] / tests:.2%} of the tests",
        }
        for row in whole
        if row["ref_area"].startswith("!")
    ]
    if account["repeated"]:
        detail = f"{account['repeated']:,} tiles stood twice alike"
        found.append({"record": "json:/repeated", "reason": "repeated", "detail": detail})
    fixed = {"source": "ookla_tiles", "snapshot": raw.sha256, "series_code": f"{account['network']}:tests"}
    return pa.Table.from_pylist([{**fixed, **one} for one in found], schema=REJECT)
