"""Tables that are made once before the rules run, so that no rule joins or groups the figures by their texts anew.

Every one grows with the figures and no faster: what is paired is narrowed to its pairs first, and series are told
apart by a number instead of seven texts. The numbers hold within one run of the rules only.
"""

from collections.abc import Mapping

FIGURE = "source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown"
_SERIES = "source, indicator, ref_area, sex, age, urbanisation, breakdown"
_OVER_TIME = "PARTITION BY series, length(time_period) ORDER BY time_period"
_STEADY = "length(time_period) = 4 AND indicator <> 'broadband_tests'"
"""Figures that have neighbours in time: yearly ones. Quarters have seasons, and people test as they please."""
_HEADS = {
    "fixed_broadband_subscriptions": "fixed_broadband_per_100",
    "mobile_cellular_subscriptions": "mobile_cellular_per_100",
    "active_mobile_broadband_subscriptions": "active_mobile_broadband_per_100",
}
"""Counts of subscriptions, and the rate that each makes with the population."""


def _listed(names: Mapping[str, str] | list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


_RATE_OF = " ".join(f"WHEN '{heads}' THEN '{rate}'" for heads, rate in _HEADS.items())

PREPARED: Mapping[str, str] = {
    "checked_series": f"""
SELECT *, min(series) OVER same_place AS place, count(*) OVER same_place AS sources,
  min(series) OVER (PARTITION BY source, indicator, ref_area, age, urbanisation, breakdown) AS all_sexes,
  min(series) OVER (PARTITION BY source, indicator, sex, age, urbanisation, breakdown) AS all_areas
FROM (SELECT *, row_number() OVER () AS series FROM (SELECT DISTINCT {_SERIES} FROM observation))
WINDOW same_place AS (PARTITION BY indicator, ref_area, sex, age, urbanisation, breakdown)""",
    "checked_current": f"""
SELECT {FIGURE}, year, value, unit, obs_status, series, place, sources, all_sexes, all_areas
FROM observation JOIN checked_series USING ({_SERIES})""",
    "checked_preferred": f"""
SELECT {FIGURE}, year, value, unit, obs_status, series, place
FROM observation_preferred JOIN checked_series USING ({_SERIES})""",
    "checked_figure": f"""
SELECT o.*, a.kind AS area_kind,
  o.unit LIKE 'per%' AND o.unit <> 'persons' AS is_rate,
  CASE WHEN {_STEADY} THEN lag(value) OVER way END AS before,
  CASE WHEN {_STEADY} THEN lead(value) OVER way END AS after,
  CASE WHEN {_STEADY} THEN lag(year) OVER way END AS year_before,
  CASE WHEN {_STEADY} THEN lead(year) OVER way END AS year_after,
  CASE WHEN {_STEADY} THEN lag(value, 2) OVER way END AS before_that
FROM checked_current o LEFT JOIN area a USING (ref_area)
WHERE o.source <> 'ictdev'
WINDOW way AS ({_OVER_TIME})""",
    "checked_extent": "SELECT source, indicator, count(*) AS figures FROM checked_figure GROUP BY ALL",
    "checked_sexes": """
SELECT all_sexes, time_period, any_value(source) AS source, any_value(indicator) AS indicator,
  any_value(ref_area) AS ref_area, any_value(age) AS age, any_value(urbanisation) AS urbanisation,
  any_value(breakdown) AS breakdown, max(value) FILTER (WHERE sex = 'F') AS women,
  max(value) FILTER (WHERE sex = 'M') AS men, max(value) FILTER (WHERE sex = '_T') AS total
FROM checked_figure WHERE is_rate GROUP BY all_sexes, time_period HAVING women IS NOT NULL AND men IS NOT NULL""",
    "checked_pair": """
WITH several AS MATERIALIZED (FROM checked_figure WHERE sources > 1)
SELECT a.source, a.indicator, a.ref_area, a.time_period, a.sex, a.age, a.urbanisation, a.breakdown, a.value, a.is_rate,
  b.source AS other, b.value AS other_value
FROM several a JOIN several b USING (place, time_period) WHERE a.source < b.source""",
    "checked_heads": f"""
WITH rate AS MATERIALIZED (FROM checked_figure WHERE indicator IN ({_listed(list(_HEADS.values()))})),
heads AS MATERIALIZED (
  SELECT source, CASE indicator {_RATE_OF} END AS indicator, ref_area, time_period, breakdown, value
  FROM checked_figure WHERE indicator IN ({_listed(_HEADS)})),
people AS MATERIALIZED (
  SELECT ref_area, time_period, value FROM checked_preferred
  WHERE indicator = 'population' AND sex = '_T' AND age = '_T' AND value > 0)
SELECT r.source, r.indicator, r.ref_area, r.time_period, r.sex, r.age, r.urbanisation, r.breakdown, r.value AS rate,
  h.value AS heads, round(h.value / people.value * 100, 4) AS worked_out
FROM rate r JOIN heads h USING (source, indicator, ref_area, time_period, breakdown)
JOIN people USING (ref_area, time_period)""",
    "checked_change": f"""
WITH moment AS (SELECT max(greatest(vintage_from, coalesce(vintage_to, vintage_from))) AS vintage
                FROM observation_history WHERE source <> 'ictdev'),
closed AS MATERIALIZED (
  SELECT {FIGURE}, value, obs_status, cause_to FROM observation_history, moment
  WHERE vintage_to = vintage AND vintage_from < vintage AND source <> 'ictdev'),
opened AS (
  SELECT {FIGURE}, value, obs_status FROM observation_history, moment
  WHERE vintage_from = vintage AND vintage_to IS NULL AND source <> 'ictdev' AND (SELECT count(*) FROM closed) > 0)
SELECT {FIGURE}, c.value AS value_before, o.value, c.obs_status AS status_before, o.obs_status,
  o.value IS NULL AS is_gone
FROM closed c LEFT JOIN opened o USING ({FIGURE})
WHERE coalesce(c.cause_to, '') IN ('source revised', 'source removed')
  AND (o.value IS NULL OR o.obs_status <> c.obs_status OR abs(o.value - c.value) > 5e-11 * abs(c.value))""",
    "checked_member": """
SELECT group_code, ref_area, coalesce(year(valid_from + INTERVAL 184 DAY), 0) AS year_from,
  coalesce(year(valid_to + INTERVAL 184 DAY), 9999) AS year_to
FROM area_group""",
}
"""Tables made once before the rules run: what is current and preferred, publishers' figures with their neighbours in
time, how many there are, women beside men, two publishers side by side, subscriptions beside their rate, what the
newest answer changed, and membership by year. `series`, `place` (a series of any source), `all_sexes` and `all_areas`
number the series that are alike."""
