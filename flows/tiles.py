"""Tiles at the door: a file of millions is condensed by the engine that the settings name, before anything is kept."""

import email.utils
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from pathlib import Path

import orjson
import pyarrow as pa

from flows.fetch import Client, Held
from flows.plan import NamedFile
from flows.settings import Settings
from schemas.source import Request, Source
from schemas.sources import ookla_tiles
from warehouse.home import Home
from warehouse.tiles.aggregate import Aggregate
from warehouse.tiles.condense import condense, no_lookup, sha256

PUBLISHED_AFTER = timedelta(days=30)
"""Days after its end from which a quarter is asked for unasked; the publisher needs about two weeks."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a file of tiles came to, the address that answered, the edition, and the headers worth keeping."""

    content: bytes
    url: str
    edition: str
    headers: Mapping[str, str]


def are_meant(named: NamedFile) -> bool:
    """Tell whether a file holds tiles; an answer that was condensed elsewhere is JSON, and taken as it is."""
    return named.source == ookla_tiles.SOURCE.id and not named.path.endswith(".json")


def condensed(path: Path, settings: Settings) -> bytes:
    """Give the figures of economies that a file of tiles comes to. Raises an IctdevError that says what to do."""

    def run(tiles: Path, lookup: pa.Table) -> Aggregate:
        if settings.tiles_engine == "spark":
            from warehouse.tiles import on_spark  # noqa: PLC0415 - an optional extra

            return on_spark.run(tiles, lookup, settings.tiles_spark)
        from warehouse.tiles import on_duckdb  # noqa: PLC0415 - only this source needs it

        return on_duckdb.run(tiles, lookup, settings.tiles_memory)

    return condense(path, _lookup(settings), run)


def _lookup(settings: Settings) -> Path | None:
    """Give the lookup that the settings name, or the one that is made of the boundaries that they name."""
    if settings.tiles_lookup is not None or settings.tiles_boundaries is None:
        return settings.tiles_lookup
    from warehouse.tiles.boundaries import lookup_of  # noqa: PLC0415 - its library is an extra

    return lookup_of(settings.tiles_boundaries, settings.tiles_boundary_code, Home(settings.home).tiles)


def requests(source: Source, settings: Settings, today: date) -> Iterator[Request]:
    """Ask for both networks in the quarters that are set, or in the last one that is surely published."""
    for quarter in settings.tiles_quarters or [newest_quarter(today)]:
        for network in ookla_tiles.NETWORKS:
            yield ookla_tiles.request(source, network, quarter)


def newest_quarter(today: date) -> str:
    """Give the last quarter that was over `PUBLISHED_AFTER` before today."""
    moment = today - PUBLISHED_AFTER
    year, quarter = (moment.year, (moment.month - 1) // 3) if moment.month > 3 else (moment.year - 1, 4)
    return f"{year}-Q{quarter}"


def bounds(settings: Settings, files: int) -> Settings:
    """Give the settings with the bounds of size and time that files of tiles need."""
    wider = {
        "max_bytes": settings.tiles_bytes,
        "request_deadline": settings.tiles_deadline,
        "source_deadline": settings.tiles_deadline * max(files, 1),
    }
    return settings.model_copy(update=wider)


def fetched(client: Client, request: Request, held: Held | None, settings: Settings) -> Fetched:
    """Fetch a file of tiles to disk and condense it; the file goes again. Raises an IctdevError.

    What is held already and did not change at the publisher is not fetched again, if the lookup is the same.
    """
    lookup = _lookup(settings)
    if lookup is None:
        raise no_lookup()
    still = held if held is not None and _same_lookup(held.content(), lookup) else None
    scratch = Home(settings.home).tiles
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetched-", dir=scratch) as folder:
        path = Path(folder) / request.url.rpartition("/")[2]
        answer = client.save(request, path, still)
        content = still.content() if answer.unchanged and still is not None else condensed(path, settings)
    return Fetched(content, answer.url, _day(answer.headers.get("last-modified", "")), answer.headers)


def _same_lookup(content: bytes, lookup: Path) -> bool:
    return lookup.is_file() and orjson.loads(content).get("lookup_sha256") == sha256(lookup)


def _day(moment: str) -> str:
    """Give the day of an HTTP date; empty where it is none."""
    try:
        return email.utils.parsedate_to_datetime(moment).astimezone(UTC).date().isoformat()
    except (TypeError, ValueError):
        return ""
