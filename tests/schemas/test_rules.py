"""Rules that read tables made once find the rows that their plain formulation finds, which joins figures by texts."""

import random
from collections.abc import Iterator

import pyarrow as pa

from benchmarks.stage import Stage
from schemas.observation import OBSERVATION
from schemas.rules import FIGURE, PREPARED, published

_SAME = "source, indicator, ref_area, sex, age, urbanisation, breakdown"
_SEXES = """SELECT source, indicator, ref_area, time_period, '_T' AS sex, age, urbanisation, breakdown,
  max(value) FILTER (WHERE sex = 'F') AS women, max(value) FILTER (WHERE sex = 'M') AS men,
  max(value) FILTER (WHERE sex = '_T') AS total
FROM checked_figure WHERE is_rate GROUP BY ALL HAVING women IS NOT NULL AND men IS NOT NULL"""
_OUTSIDE = "FROM ({}) WHERE total < least(women, men) - {} OR total > greatest(women, men) + {}"
_PAIRS = """SELECT a.source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown, a.value,
  b.source AS other, b.value AS other_value
FROM checked_figure a JOIN checked_figure b USING (indicator, ref_area, time_period, sex, age, urbanisation, breakdown)
WHERE a.source < b.source AND {}"""
_HEADS = """SELECT r.source, r.indicator, r.ref_area, r.time_period, r.sex, r.age, r.urbanisation, r.breakdown,
  r.value AS rate, h.value AS heads, round(h.value / people.value * 100, 4) AS worked_out
FROM (VALUES ('fixed_broadband_subscriptions', 'fixed_broadband_per_100'),
      ('mobile_cellular_subscriptions', 'mobile_cellular_per_100')) pair(heads, rate)
JOIN checked_figure r ON r.indicator = pair.rate
JOIN checked_figure h ON h.indicator = pair.heads AND h.source = r.source AND h.ref_area = r.ref_area
  AND h.time_period = r.time_period AND h.breakdown = r.breakdown
JOIN checked_preferred people ON people.indicator = 'population' AND people.ref_area = r.ref_area
  AND people.time_period = r.time_period AND people.sex = '_T' AND people.age = '_T' AND people.value > 0
WHERE {}"""
PLAIN = {
    "total_between_sexes": _OUTSIDE.format(_SEXES, 0.5, 0.5),
    "total_far_from_sexes": _OUTSIDE.format(_SEXES, 30, 30),
    "sources_agree": _PAIRS.format("abs(a.value - b.value) > 0.1 * greatest(a.value, b.value) + 0.5"),
    "sources_of_one_size": _PAIRS.format(
        "greatest(a.value, b.value) > CASE WHEN a.is_rate THEN 8 ELSE 25 END * least(a.value, b.value) + 10"
    ),
    "heads_match_rate": _HEADS.format("abs(worked_out - r.value) > 0.15 * greatest(worked_out, r.value) + 0.05"),
    "heads_far_from_rate": _HEADS.format("greatest(worked_out, r.value) > 3 * least(worked_out, r.value) + 0.5"),
    "key_unique": f"SELECT {FIGURE}, count(*) AS figures FROM checked_current GROUP BY ALL HAVING figures > 1",
    "preferred_unique": """SELECT any_value(source) AS source, indicator, ref_area, time_period, sex, age, urbanisation,
      breakdown, count(*) AS figures FROM checked_preferred GROUP BY ALL HAVING figures > 1""",
    "copied_figure": f"""SELECT {FIGURE}, value FROM (
      SELECT *, count(*) OVER (PARTITION BY source, indicator, time_period, sex, age, urbanisation, breakdown, value)
        AS same
      FROM checked_figure WHERE value > 1 AND abs(value - round(value, 4 - ceil(log10(value))::INTEGER)) > 2e-6 * value)
    WHERE same > 1 AND area_kind = 'economy'""",
    "flat_run": f"""SELECT {FIGURE}, value FROM (
      SELECT *, count(*) OVER (PARTITION BY {_SAME}, value) AS years FROM checked_figure
      WHERE value NOT IN (0, 100) AND value = round(value, 6) AND indicator IN ('internet_users',
        'mobile_cellular_per_100', 'mobile_phone_owners', 'ict_skills', 'fixed_broadband_per_100',
        'mobile_cellular_subscriptions'))
    WHERE years >= 4 AND value = before""",
    "latest_is_newest": """SELECT l.source, indicator, ref_area, l.time_period, sex, age, urbanisation, breakdown,
      p.newest
    FROM latest l JOIN (
      SELECT indicator, ref_area, sex, age, urbanisation, breakdown, max(time_period) AS newest
      FROM checked_preferred GROUP BY ALL) p USING (indicator, ref_area, sex, age, urbanisation, breakdown)
    WHERE l.time_period <> p.newest""",
}
"""By rule: its rows as one would write them down without numbers of series and without tables made once."""
_INDICATORS = {
    "internet_users": ("percent_of_population", (44.0, 44.0, 44.0, 51.234567, 90.0, 3.0)),
    "population": ("persons", (1e6, 1.02e6, 3e6)),
    "fixed_broadband_subscriptions": ("subscriptions", (20_000.0, 200_000.0, 900_000.0)),
    "fixed_broadband_per_100": ("per_100_inhabitants", (2.0, 20.0, 90.0)),
}


def _figures(chance: random.Random) -> pa.Table:
    """Give figures with few different keys, so that pairs, repeats and places of several sources are common."""
    rows = []
    for _ in range(250):
        indicator = chance.choice(list(_INDICATORS))
        unit, values = _INDICATORS[indicator]
        year = chance.randrange(2018, 2024)
        row = {
            "indicator": indicator,
            "ref_area": chance.choice(("SEN", "GHA", "WLD")),
            "time_period": str(year),
            "year": year,
            "sex": chance.choice(("_T", "F", "M")),
            "value": chance.choice(values),
            "unit": unit,
            "obs_status": "A",
            "source": chance.choice(("one", "two")),
            "edition": "2025-01-01",
            "snapshot": "0" * 64,
        }
        rows.append({**dict.fromkeys(("age", "urbanisation", "breakdown"), "_T"), **row})
    texts = dict.fromkeys(OBSERVATION.names, "")
    return pa.Table.from_pylist([{**texts, **row} for row in rows], schema=OBSERVATION)


def test_a_rule_finds_what_its_plain_formulation_finds() -> None:
    """The same rows, as often, on random figures that break each of these rules at least once."""
    broken = set()
    for seed in range(6):
        broken |= {name for name, rows in _compared(seed) if rows}
    assert broken == PLAIN.keys()


def _compared(seed: int) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """Hold every rule against its plain formulation; give what it found."""
    con = Stage().put(_figures(random.Random(seed))).con
    con.execute("CREATE OR REPLACE TEMP VIEW latest AS FROM observation_preferred")  # as if the model were wrong
    for name, query in PREPARED.items():
        con.execute(f"CREATE TEMP TABLE {name} AS {query}")
    for table, made in (("observation", "checked_current"), ("observation_preferred", "checked_preferred")):
        rows = f"SELECT {FIGURE}, value, unit FROM {{}} ORDER BY ALL"
        assert con.execute(rows.format(table)).fetchall() == con.execute(rows.format(made)).fetchall()
    for name, plain in PLAIN.items():
        expected = con.execute(f"SELECT * FROM ({plain}) ORDER BY ALL").fetchall()
        rule = published()[f"published_{name}"]
        columns = [column[0] for column in con.execute(f"FROM ({plain}) LIMIT 0").description or []]
        found = con.execute(f"SELECT {', '.join(columns)} FROM ({rule.query}) ORDER BY ALL").fetchall()
        assert found == expected, name
        yield name, found
