"""Tiles at the door: a file of millions is condensed by the engine that the settings name, before anything is kept."""

from pathlib import Path

import pyarrow as pa

from flows.plan import NamedFile
from flows.settings import Settings
from schemas.sources import ookla_tiles
from warehouse.tiles.aggregate import Aggregate
from warehouse.tiles.condense import condense


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

    return condense(path, settings.tiles_lookup, run)
