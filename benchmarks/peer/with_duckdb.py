"""The job in plain DuckDB: one database file, SQL throughout."""

import json
import sys
import time
from pathlib import Path

import duckdb

LOAD = """
CREATE OR REPLACE TEMP TABLE arrived AS
SELECT parse_filename(filename, true).replace('.csv', '') AS source, INDICATOR AS indicator, REF_AREA AS ref_area,
       TIME_PERIOD AS time_period, TIME_PERIOD::INTEGER AS year, SEX AS sex, AGE AS age, URBANISATION AS urbanisation,
       BREAKDOWN AS breakdown, OBS_VALUE::DOUBLE AS value, UNIT_MEASURE AS unit, OBS_STATUS AS obs_status,
       coalesce(COMMENT_OBS, '') AS note, SERIES_CODE AS series_code, EDITION AS edition
FROM read_csv('{bundle}/*.csv.gz', filename = true, all_varchar = true)"""
KEY = ("source", "indicator", "ref_area", "time_period", "sex", "age", "urbanisation", "breakdown")
SAME = " AND ".join(f"a.{name} = h.{name}" for name in KEY)
DIFFERS = "(a.value, a.unit, a.obs_status, a.note) IS DISTINCT FROM (h.value, h.unit, h.obs_status, h.note)"
HISTORY = f"""
CREATE TABLE IF NOT EXISTS history AS SELECT *, now() AS valid_from, NULL::TIMESTAMPTZ AS valid_to FROM arrived LIMIT 0;
BEGIN;
UPDATE history h SET valid_to = now()
WHERE valid_to IS NULL AND NOT EXISTS (FROM arrived a WHERE {SAME} AND NOT {DIFFERS});
INSERT INTO history
SELECT a.*, now(), NULL FROM arrived a WHERE NOT EXISTS (FROM history h WHERE h.valid_to IS NULL AND {SAME});
COMMIT;
CREATE OR REPLACE VIEW observation AS SELECT * EXCLUDE (valid_from, valid_to) FROM history WHERE valid_to IS NULL"""


def main(bundle: Path, reference: Path, out: Path) -> None:
    """Do the whole job once."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(out / "warehouse.duckdb")) as con:
        con.execute(LOAD.format(bundle=bundle))
        con.execute(HISTORY)
        for name in ("indicator", "preference", "area", "area_group"):
            con.execute(
                f"CREATE OR REPLACE TEMP TABLE {name} AS FROM read_csv('{reference / name}.csv', header = true)"
            )
        con.execute(Path(__file__).with_name("derived.sql").read_text(encoding="utf-8"))
        for name in ("observation", "history", "gap", "aggregate"):
            con.execute(f"COPY (FROM {name}) TO '{out / name}.parquet' (FORMAT parquet, COMPRESSION zstd)")


if __name__ == "__main__":
    wall, cpu = time.perf_counter(), time.process_time()
    main(*map(Path, sys.argv[1:]))
    print(json.dumps({"work_wall": time.perf_counter() - wall, "work_cpu": time.process_time() - cpu}))
