"""Ookla: performance map tiles, a Parquet file per quarter and network, condensed to figures of economies.

A file has millions of tiles; `warehouse/tiles` condenses it where it arrives, and what is read here is the outcome.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from schemas.containers import unpacked
from schemas.errors import Changed, Empty, Usage
from schemas.observation import TOTAL
from schemas.reading import Origin, assemble, with_rejects
from schemas.source import Licence, Raw, Reading, Request, Series, Source, no_facts, not_asked, one_answer
from schemas.tabular import json_of

CC_BY_NC_SA_4_0 = Licence(
    "CC-BY-NC-SA-4.0",
    "Creative Commons Attribution-NonCommercial-ShareAlike 4.0",
    "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    open=False,
)
SOURCE = Source(
    id="ookla_tiles",
    title="Speedtest by Ookla, global fixed and mobile network performance map tiles",
    publisher="Ookla",
    address="https://ookla-open-data.s3.amazonaws.com/parquet/performance",
    licence=CC_BY_NC_SA_4_0,
    citation="Speedtest® by Ookla® Global Fixed and Mobile Network Performance Maps, edition {edition}, own analysis; "
    "Ookla trademarks used under license and reprinted with permission",
    cadence="quarterly",
    area_scheme="ref_area",
    first_year=2019,
    routes=(
        "download a quarter's file from s3://ookla-open-data: ictdev refresh --from-file ookla_tiles=FILE.parquet",
    ),
    release_key="day of Last-Modified; else day of arrival",
    paging="one file per quarter and network",
    on_request=True,
)
COLUMNS = ("quadkey", "avg_d_kbps", "avg_u_kbps", "avg_lat_ms", "tests", "devices")
"""Columns of the publisher that are used; there are others."""
ANSWER = "ookla_tiles figures of economies"
"""Mark by which a condensed answer is known."""
_NAME = re.compile(r"^(\d{4})-(01|04|07|10)-01_performance_(fixed|mobile)_tiles\.parquet$")
_PLACE = re.compile(r"type=(fixed|mobile)/year=(\d{4})/quarter=([1-4])/[^/]+\.parquet$")
_SPEEDS = (("download", "avg_d_kbps"), ("upload", "avg_u_kbps"))
_STATISTICS = ("p10", "p50", "p90")

NETWORKS = ("fixed", "mobile")

plan = not_asked  # which quarters to ask for is a setting: flows/tiles.py
next_page = one_answer
page_facts = no_facts


def request(source: Source, network: str, period: str) -> Request:
    """Ask for the tiles of a network in a quarter (`2024-Q4`)."""
    year, quarter = period.split("-Q")
    name = f"{year}-{3 * int(quarter) - 2:02d}-01_performance_{network}_tiles.parquet"
    return Request(f"{source.address}/type={network}/year={year}/quarter={quarter}/{name}", name=name)


def named(path: Path) -> dict[str, str]:
    """Tell quarter and network by the publisher's file name, or by its folders: `period` (2024-Q4), `network`.

    Raises Usage where neither says it, or where they contradict each other.
    """
    by_name, by_place = _NAME.match(path.name), _PLACE.search(path.as_posix())
    found = set()
    if by_name:
        found.add((f"{by_name[1]}-Q{(int(by_name[2]) + 2) // 3}", by_name[3]))
    if by_place:
        found.add((f"{by_place[2]}-Q{by_place[3]}", by_place[1]))
    if len(found) != 1:
        raise Usage(
            f"{path.name} does not tell its quarter and network" if not found else f"{path} tells two quarters",
            why="" if not found else " and ".join(sorted(f"{period} {network}" for period, network in found)),
            next_step="give the file the publisher's name, for example 2024-10-01_performance_fixed_tiles.parquet",
        )
    ((period, network),) = found
    return {"period": period, "network": network}


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read a condensed answer: speeds in Mbit/s, latency in ms, and what they rest on.

    It names no scopes: a file speaks of one quarter and one network only, and scopes tell neither apart.
    """
    raw = unpacked(raw)
    answer = _answer(raw)
    if not answer["figures"]:
        raise Empty(f"{raw.name} holds no figure", next_step="condense the file of tiles again")
    try:
        records = [record for at, row in enumerate(answer["figures"]) for record in _records(row, answer, at)]
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise Changed(f"a figure of {raw.name} cannot be understood: {error!r}") from error
    table = pa.table({name: pa.array([one[name] for one in records], pa.string()) for name in records[0]})
    edition = raw.edition or raw.received
    reading = assemble(table, wanted, Origin(SOURCE.id, SOURCE.area_scheme, edition, raw, not raw.edition))
    return with_rejects(reading, _aside(answer, raw))


def _answer(raw: Raw) -> dict[str, Any]:
    answer = json_of(raw.content, raw.name)
    if not isinstance(answer, dict) or answer.get("answer") != ANSWER:
        raise Changed(f"{raw.name} is not a condensed file of tiles", next_step="give the publisher's Parquet file")
    shapes = {"period": str, "figures": list, "aside": dict}
    wrong = [name for name, shape in shapes.items() if not isinstance(answer.get(name), shape)]
    if wrong or answer.get("network") not in ("fixed", "mobile"):
        raise Changed(f"{raw.name} lacks {', '.join(wrong) or 'the network'}")
    return answer


def _records(row: Mapping[str, Any], answer: Mapping[str, Any], at: int) -> list[dict[str, str]]:
    """Give the records of one measure of one economy; counts stand with the download speed, once."""
    network = f"TILES_{answer['network'].upper()}"
    scale = 1 if row["measure"] == "latency" else 1000
    code = {"latency": "avg_lat_ms", **dict(_SPEEDS)}[row["measure"]]
    told = [(code, f"{network}_MEAN", row["weighted"] / row["tests"] / scale)]
    told += [(code, f"{network}_{name.upper()}", row[name] / scale) for name in _STATISTICS]
    if row["measure"] == "download":
        told += [("counts", f"{network}_{name.upper()}", row[name]) for name in ("tests", "devices", "tiles")]
        told.append(("tests_below_10_mbps", network, 100 * row["tests_below"] / row["tests"]))
    fixed = {
        "area": str(row["ref_area"]),
        "time_period": answer["period"],
        "urbanisation": str(row["urbanisation"] or TOTAL),
        "record": f"json:/figures/{at}",
    }
    return [
        {**fixed, "series_code": code, "breakdown": breakdown, "value": repr(value)} for code, breakdown, value in told
    ]


def _aside(answer: Mapping[str, Any], raw: Raw) -> list[dict[str, str]]:
    """Tell per reason how many tiles did not count; single tiles are the publisher's file's, which is named."""
    return [
        {
            "source": SOURCE.id,
            "snapshot": raw.sha256,
            "record": f"json:/aside/{reason}",
            "reason": f"tile_{reason}",
            "detail": f"{_at(counts, 0):,} tiles with {_at(counts, 1):,} tests of {answer.get('tiles', '?')} tiles",
            "series_code": "",
        }
        for reason, counts in answer["aside"].items()
    ]


def _at(counts: object, place: int) -> int:
    if not isinstance(counts, list) or len(counts) != 2 or not isinstance(counts[place], int):
        raise Changed("a count of tiles set aside cannot be understood", why=repr(counts)[:100])
    return counts[place]
