"""Taking in tiles: a file of many millions of rows is fetched to disk, summed up by economy, and only that is kept."""

import email.utils
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson

from flows.fetch import Client, Held
from flows.settings import Settings
from schemas.errors import Usage
from schemas.source import Request, Source
from schemas.sources import ookla_tiles
from schemas.tabular import json_of
from warehouse.home import Home
from warehouse.tiles.condense import condense
from warehouse.tiles.engine import Engine
from warehouse.tiles.lookup import Lookup, load
from warehouse.tiles.statement import METHOD

PUBLISHED_AFTER = timedelta(days=30)
"""A quarter is asked for from so many days after its end; the publisher needs about two weeks."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file of tiles that was summed up: the account, the address that answered, headers worth keeping."""

    account: bytes
    url: str
    headers: Mapping[str, str]


def from_file(path: Path, edition: str, settings: Settings, home: Home) -> bytes:
    """Give the account of a file that a person names; one that is an account already goes on as it is."""
    with path.open("rb") as handle:
        start = handle.read(1)
    if start == b"{" or path.suffix == ".json":
        content = path.read_bytes()
        json_of(content, path.name)
        return content
    with tempfile.TemporaryDirectory(dir=_scratch(home)) as spill:
        return condense(path, lookup(settings, home), engine(settings, Path(spill)), edition=edition)


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


def fetch(client: Client, request: Request, held: Held | None, settings: Settings, home: Home) -> Arrived:
    """Fetch a file of tiles to disk and sum it up; the file goes again. Raises as `Client.save` and `condense` do.

    What is held already and has not changed at the publisher is not fetched again, if lookup and method are the same.
    """
    where = lookup(settings, home)
    still = held if held is not None and _same_making(held.content(), where) else None
    with tempfile.TemporaryDirectory(dir=_scratch(home)) as folder:
        path = Path(folder) / request.url.rpartition("/")[2]
        answer = client.save(request, path, still)
        if answer.unchanged and still is not None:
            return Arrived(still.content(), answer.url, still.headers)
        day = _day(answer.headers.get("last-modified", ""))
        account = condense(path, where, engine(settings, Path(folder)), edition=day)
        return Arrived(account, answer.url, answer.headers)


def lookup(settings: Settings, home: Home) -> Lookup:
    """Give the lookup that the settings name, or make it of the boundaries that they name. Raises Usage."""
    if settings.tiles_lookup is not None:
        return load(settings.tiles_lookup)
    if settings.tiles_boundaries is not None:
        from warehouse.tiles.boundaries import lookup_of  # noqa: PLC0415 - its library is an extra

        return lookup_of(settings.tiles_boundaries, settings.tiles_boundary_code, home.root / "tiles")
    raise Usage(
        "nothing says to which economy a tile belongs",
        why="tiles carry no country, and no borders ship with ictdev",
        next_step="set tiles_lookup or tiles_boundaries (ICTDEV_TILES_LOOKUP=FILE): docs/tiles.md",
    )


def engine(settings: Settings, spill: Path) -> Engine:
    """Give the engine that the settings name."""
    if settings.tiles_engine == "spark":
        from warehouse.tiles.on_spark import Spark  # noqa: PLC0415 - its library is an extra

        return Spark(settings.spark_master)
    from warehouse.tiles.on_duckdb import DuckDB  # noqa: PLC0415

    return DuckDB(settings.tiles_memory, spill)


def _scratch(home: Home) -> Path:
    folder = home.root / "tiles"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _same_making(account: bytes, where: Lookup) -> bool:
    told = orjson.loads(account)
    return bool(told["method"] == METHOD and told["lookup"]["sha256"] == where.sha256)


def _day(moment: str) -> str:
    """Give the day of an HTTP date; empty where it is none."""
    try:
        return email.utils.parsedate_to_datetime(moment).astimezone(UTC).date().isoformat()
    except (TypeError, ValueError):
        return ""


def today() -> date:
    """Give the day, UTC."""
    return datetime.now(UTC).date()
