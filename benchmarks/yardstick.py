"""The yardstick: a plain DuckDB script that loads the bundled files and works out the same summary, nothing else.

No checks, no history, no snapshots, no rejects, no release: what a person would write in an afternoon. It loads every
bundled file into a database file, weighs every rate of every group by population, and pairs women and men.
"""

import sys
import time
from pathlib import Path

import duckdb

ROOT = Path(__file__).parents[1]
COLUMNS = [
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    "INDICATOR",
    "REF_AREA",
    "SEX",
    "AGE",
    "URBANISATION",
    "BREAKDOWN",
    "TIME_PERIOD",
    "OBS_VALUE",
    "UNIT_MEASURE",
    "OBS_STATUS",
    "COMMENT_OBS",
    "SERIES_CODE",
    "EDITION",
]

LOAD = """
CREATE TABLE obs AS
SELECT * REPLACE (OBS_VALUE::DOUBLE AS OBS_VALUE), TIME_PERIOD::INT AS year
FROM read_csv('{bundle}/*.csv.gz', filename = true, header = true, auto_detect = false, delim = ',', quote = '"',
              columns = {columns})"""
GROUPS = "CREATE TABLE grp AS FROM read_csv('{codelists}/area_group.csv', header = true, all_varchar = true)"
AGGREGATE = """
CREATE TABLE agg AS
WITH pop AS (SELECT REF_AREA, year, OBS_VALUE AS w FROM obs WHERE INDICATOR = 'population'),
m AS (
  SELECT g.group_code, g.ref_area, y.year, p.w
  FROM grp g CROSS JOIN (SELECT DISTINCT year FROM obs) y
  LEFT JOIN pop p ON p.REF_AREA = g.ref_area AND p.year = y.year
  WHERE coalesce(g.valid_from, '0001-01-01') <= y.year || '-07-01'
    AND coalesce(g.valid_to, '9999-01-01') > y.year || '-07-01'
),
whole AS (SELECT group_code, year, sum(w) AS w, count(*) AS members FROM m GROUP BY ALL)
SELECT o.INDICATOR, o.filename, o.BREAKDOWN, o.SEX, o.AGE, m.group_code, m.year,
       sum(o.OBS_VALUE * m.w) / sum(m.w) AS value, sum(m.w) / any_value(whole.w) AS coverage,
       count(*) AS reporting, any_value(whole.members) AS members, list(m.ref_area) AS areas
FROM obs o JOIN m ON m.ref_area = o.REF_AREA AND m.year = o.year
JOIN whole ON whole.group_code = m.group_code AND whole.year = m.year
WHERE o.UNIT_MEASURE LIKE 'per%' AND m.w IS NOT NULL
GROUP BY ALL"""
GAPS = """
CREATE TABLE gap AS
SELECT *, (male - female) / male * 100 AS gap FROM (
  SELECT INDICATOR, REF_AREA, year, AGE, filename,
         max(OBS_VALUE) FILTER (SEX = 'F') AS female, max(OBS_VALUE) FILTER (SEX = 'M') AS male
  FROM obs WHERE SEX IN ('F', 'M') GROUP BY ALL)"""
SUMMARY = """
SELECT INDICATOR, BREAKDOWN, group_code, max_by(value, year), max(year)
FROM agg WHERE SEX = '_T' AND AGE = '_T' AND group_code IN ('LDC', 'WLD') AND coverage >= 0.5
GROUP BY ALL"""


def run(path: Path) -> int:
    """Load and summarise into a new database; give the number of rows of the summary."""
    columns = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS) + "}"
    with duckdb.connect(str(path)) as con:
        con.execute(LOAD.format(bundle=ROOT / "warehouse" / "bundled", columns=columns))
        con.execute(GROUPS.format(codelists=ROOT / "schemas" / "codelists"))
        con.execute(AGGREGATE)
        con.execute(GAPS)
        return len(con.execute(SUMMARY).fetchall())


def timed(path: Path) -> dict[str, float]:
    """Give wall and CPU seconds of one run."""
    wall, cpu = time.perf_counter(), time.process_time()
    rows = run(path)
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "rows": float(rows)}


if __name__ == "__main__":
    import json

    sys.stdout.write(json.dumps(timed(Path(sys.argv[1]))))
