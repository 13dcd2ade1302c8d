"""The peers' job by our own functions: load, history, gaps, aggregates, Parquet; no checks, index, pages or release.

`python -m benchmarks.same_work OUT` prints seconds of the work without imports in JSON.
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from flows.plan import bundled
from indicators import aggregate, catalogue, gap
from schemas import codelist, sdmx_csv
from warehouse import history, models
from warehouse.home import Home
from warehouse.literals import quoted
from warehouse.store import Store

_MODELS = {
    "observation_history": "VIEW",
    "observation": "VIEW",
    "preferred_source": "TABLE",
    "observation_preferred": "VIEW",
}


def main(out: Path) -> None:
    """Do the whole job once."""
    readings = [sdmx_csv.read(one.raw, one.side) for one in sdmx_csv.bundle(bundled())]
    with Store(Home(out / "home")) as store:
        with store.transaction():
            for reading in readings:
                history.stage(store.con, reading, datetime.now(UTC).replace(tzinfo=None), "source added")
        models.load(store.con, _reference())
        for name, kind in _MODELS.items():
            store.con.execute(f"CREATE TEMP {kind} {name} AS {models.text(name)}")
        models.load(store.con, _derived(store.con))
        for name in ("observation", "observation_history", "gap", "aggregate"):
            path = quoted(out / f"{name}.parquet")
            store.con.execute(f"COPY (FROM temp.{name}) TO {path} (FORMAT parquet, COMPRESSION zstd)")


def _reference() -> dict[str, pa.Table]:
    """Give the tables of the catalogue and the code lists that these models join."""
    every = catalogue.load().values()
    kinds = {
        "gap_indicator": sorted({one.derived.of for one in every if one.derived}),
        "aggregated_indicator": [one.id for one in every if one.aggregate.method != "none"],
    }
    named = {name: pa.table({"indicator": found}) for name, found in kinds.items()}
    return {**catalogue.tables(), **named, "area": codelist.area_table()}


def _derived(con: models.Connection) -> dict[str, pa.Table]:
    """Give gaps and aggregates, as a refresh does."""
    minima = {one.id: one.aggregate.minimum_coverage for one in catalogue.load().values()}
    people, values = models.inputs(con, "population"), models.inputs(con, "economy_values")
    pairs = gap.gender_gaps(models.inputs(con, "gender_pairs"))
    return {
        "gap": pairs.filter(pairs["comparable"]),
        "aggregate": aggregate.weighted(values, codelist.membership(), people, minima),
    }


if __name__ == "__main__":
    wall, cpu = time.perf_counter(), time.process_time()
    main(Path(sys.argv[1]))
    print(json.dumps({"work_wall": time.perf_counter() - wall, "work_cpu": time.process_time() - cpu}))
