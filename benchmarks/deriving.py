"""Deriving: everything from the bundled figures against a plain DuckDB script, and the time per row as figures grow.

The plain script works the gender gaps and the population-weighted aggregates out of the same tables, and nothing else: no
reasons, no divides, no split of changes, no derivations. Generated are figures of 217 economies and 60 years.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks import cost

LIMIT, FLAT = 8, 0.30
SIZES = (100_000, 300_000, 1_000_000)
YEARS = range(1965, 2025)
MEASURED = """
CREATE OR REPLACE TEMP TABLE plain_agg AS
WITH pop AS (SELECT ref_area, year, value AS w FROM obs WHERE indicator = 'population' AND sex = '_T'),
m AS (
  SELECT g.group_code, g.ref_area, y.year, p.w
  FROM area_group g CROSS JOIN (SELECT DISTINCT year FROM obs) y
  LEFT JOIN pop p ON p.ref_area = g.ref_area AND p.year = y.year
  WHERE coalesce(g.valid_from, DATE '0001-01-01') <= make_date(y.year, 7, 1)
    AND coalesce(g.valid_to, DATE '9999-01-01') > make_date(y.year, 7, 1)
), whole AS (SELECT group_code, year, sum(w) AS w, count(*) AS members FROM m GROUP BY ALL)
SELECT o.indicator, o.source, o.breakdown, o.sex, o.age, m.group_code, m.year, sum(o.value * m.w) / sum(m.w) AS value,
       sum(m.w) / any_value(whole.w) AS coverage, count(*) AS reporting, any_value(whole.members) AS members,
       list(m.ref_area) AS areas
FROM obs o JOIN m ON m.ref_area = o.ref_area AND m.year = o.year
JOIN whole ON whole.group_code = m.group_code AND whole.year = m.year
JOIN (SELECT DISTINCT indicator FROM aggregated_indicator) USING (indicator)
WHERE m.w IS NOT NULL GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE plain_gap AS
SELECT *, (male - female) / male * 100 AS gap FROM (
  SELECT indicator, source, ref_area, year, age, max(value) FILTER (sex = 'F') AS female,
         max(value) FILTER (sex = 'M') AS male
  FROM obs WHERE sex IN ('F', 'M') GROUP BY ALL)"""


def bundled_line(home: Path) -> str:
    """Give the line of deriving everything from the bundled figures, in a home that is refreshed for it."""
    from flows import derive
    from warehouse import models
    from warehouse.home import Home
    from warehouse.store import Store

    cost.of_script("plain_run", home, "-", "--without-site")
    with Store(Home(home)) as store:
        models.define(store.con, derive.reference())
        store.con.execute("CREATE TEMP TABLE obs AS FROM observation WHERE source <> 'ictdev'")
        plain = cost.best(lambda: store.con.execute(MEASURED), rounds=3)
        own = cost.best(lambda: derive.derive(store.con), rounds=3)
    return f"deriving the bundled figures {own:6.2f} s   {own / plain:.1f} × the plain script ({plain:.2f} s), limit {LIMIT} ×"


def generated(count: int) -> tuple[pa.Table, pa.Table]:
    """Make up so many figures and the population they are weighted by."""
    from schemas import codelist

    areas = sorted({row["ref_area"] for row in codelist.membership().to_pylist() if row["group_code"] == "WLD"})[:217]
    each = len(areas) * len(YEARS)
    rng = np.random.default_rng(1)
    number = np.arange(count)
    year = np.array(YEARS)[(number // len(areas)) % len(YEARS)]
    text = dict.fromkeys(("sex", "age", "urbanisation", "breakdown"), "_T")
    values = {
        "indicator": pa.array([f"made_{at}" for at in range(count // each + 1)]).take(pa.array(number // each)),
        "time_period": pa.array(year).cast(pa.string()),
        "year": pa.array(year, pa.int32()),
        "ref_area": pa.array(areas).take(pa.array(number % len(areas))),
        "value": pa.array(rng.uniform(0, 100, count)),
        **{
            name: pa.repeat(pa.scalar(code), count) for name, code in {**text, "source": "s", "obs_status": "A"}.items()
        },
    }
    at = np.arange(each)
    people = {
        "ref_area": pa.array(areas).take(pa.array(at % len(areas))),
        "year": pa.array(np.array(YEARS)[at // len(areas)], pa.int32()),
        "sex": pa.repeat(pa.scalar("_T"), each),
        "weight": pa.array(rng.uniform(1e5, 1e9, each)),
    }
    return pa.table(values), pa.table(people)


def growth_lines() -> Iterator[str]:
    """Give CPU time per row of aggregates, changes and gaps for each size, and how far it is from flat."""
    per_row = []
    _derive(*generated(20_000))  # what is imported and cached once is not counted
    for count in SIZES:
        values, people = generated(count)
        seconds = cost.best(partial(_derive, values, people), rounds=2, clock=time.process_time)
        per_row.append(seconds / count * 1e6)
        yield f"deriving {count:>9,} figures  {seconds:6.2f} s   {per_row[-1]:.2f} µs a row"
    spread = max(per_row) / min(per_row) - 1
    yield f"time per row differs by at most {spread:.0%}, limit {FLAT:.0%}"


def _derive(values: pa.Table, people: pa.Table) -> None:
    """Work out the aggregates, their changes and the gaps between two halves of the figures, as women and men."""
    from indicators import aggregate, gap, group_change
    from schemas import codelist

    members = codelist.membership()
    groups = aggregate.weighted(values, members, people, {})
    given = groups.filter(pa.compute.is_valid(groups["value"]))
    group_change.year_to_year(values, members, people, given)
    blank = pa.repeat(pa.scalar(""), values.num_rows)
    sides = {f"{name}_{sex}": blank for name in ("note", "status", "edition") for sex in ("female", "male")}
    gap.gender_gaps(pa.table({**sides, "female": values["value"], "male": values["value"]}))


def lines() -> Iterator[str]:
    """Give every line."""
    with tempfile.TemporaryDirectory() as folder:
        yield bundled_line(Path(folder) / "home")
    yield from growth_lines()


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
