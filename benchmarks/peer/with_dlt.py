"""The job with dlt: load into DuckDB by merge strategy scd2, Arrow tables in; gaps and aggregates as SQL on what it loaded."""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"

import dlt
import pyarrow as pa
import pyarrow.csv
from dlt.sources.helpers.transform import add_row_hash_to_table

OBSERVATION = """
CREATE OR REPLACE VIEW observation AS
SELECT source, indicator, ref_area, time_period, time_period::INTEGER AS year, sex, age, urbanisation, breakdown,
       obs_value AS value, unit_measure AS unit, obs_status, coalesce(comment_obs, '') AS note, series_code, edition
FROM figures WHERE _dlt_valid_to IS NULL"""


@dlt.resource(  # type: ignore[untyped-decorator,unused-ignore]
    name="figures",
    write_disposition={"disposition": "merge", "strategy": "scd2", "row_version_column_name": "row_hash"},
)
def figures(bundle: Path) -> Iterator[pa.Table]:
    """Give each file of the bundle as an Arrow table."""
    paths = sorted(bundle.glob("*.csv.gz"))
    with pa.OSFile(str(paths[0])) as handle, pa.CompressedInputStream(handle, "gzip") as unpacked:
        names = unpacked.read(10_000).decode().splitlines()[0].replace('"', "").split(",")
    kinds = {name: pa.float64() if name == "OBS_VALUE" else pa.string() for name in names}
    for path in paths:
        table = pa.csv.read_csv(path, convert_options=pa.csv.ConvertOptions(column_types=kinds))
        source = pa.repeat(pa.scalar(path.name.removesuffix(".csv.gz")), table.num_rows)
        yield table.drop_columns(["STRUCTURE", "STRUCTURE_ID", "ACTION"]).append_column("source", source)


def versioned(table: pa.Table) -> pa.Table:
    """Add the hash by which versions are told apart: a newer edition that says the same is no new version."""
    hashed = add_row_hash_to_table("row_hash")(table.drop_columns(["EDITION", "SERIES_CODE"]))
    return table.append_column("row_hash", hashed["row_hash"])


def main(bundle: Path, reference: Path, out: Path) -> None:
    """Do the whole job once."""
    out.mkdir(parents=True, exist_ok=True)
    database = dlt.destinations.duckdb(str(out / "warehouse.duckdb"))
    pipeline = dlt.pipeline("ict", pipelines_dir=str(out / "pipelines"), destination=database, dataset_name="ict")
    pipeline.run(figures(bundle).add_map(versioned))
    with pipeline.sql_client() as client:
        con = client.native_connection
        for name in ("indicator", "preference", "area", "area_group"):
            con.execute(f"CREATE OR REPLACE TABLE {name} AS FROM read_csv('{reference / name}.csv', header = true)")
        con.execute(OBSERVATION)
        con.execute(Path(__file__).with_name("derived.sql").read_text(encoding="utf-8"))
        for name, table in (("history", "figures"), *((one, one) for one in ("observation", "gap", "aggregate"))):
            con.execute(f"COPY (FROM {table}) TO '{out / name}.parquet' (FORMAT parquet, COMPRESSION zstd)")


if __name__ == "__main__":
    wall, cpu = time.perf_counter(), time.process_time()
    main(*map(Path, sys.argv[1:]))
    print(json.dumps({"work_wall": time.perf_counter() - wall, "work_cpu": time.process_time() - cpu}))
