-- Every change of every figure: what it was, what it became, by how much and why. One row per change.
WITH held AS (
  SELECT * FROM observation_history WHERE vintage_to IS NULL OR vintage_to > vintage_from
), chained AS (
  SELECT *,
    lag(value) OVER same AS value_before, lag(unit) OVER same AS unit_before,
    lag(obs_status) OVER same AS status_before, lag(note) OVER same AS note_before,
    lag(edition) OVER same AS edition_before, lag(vintage_to) OVER same AS closed_before,
    lead(vintage_from) OVER same AS opened_after
  FROM held
  WINDOW same AS (
    PARTITION BY source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown ORDER BY vintage_from
  )
), opened AS (
  SELECT vintage_from AS vintage, closed_before IS NOT DISTINCT FROM vintage_from AS replaces, *
  FROM chained
)
SELECT vintage,
  CASE
    WHEN NOT replaces THEN 'added'
    WHEN unit <> unit_before OR abs(value - value_before) > 5e-11 * greatest(abs(value), abs(value_before))
      THEN 'revised'
    WHEN obs_status <> status_before THEN 'flag_only'
    ELSE 'metadata_only'
  END AS kind,
  source, indicator, ref_area, time_period, year, sex, age, urbanisation, breakdown, unit,
  CASE WHEN replaces THEN value_before END AS value_before, value,
  CASE WHEN replaces AND unit = unit_before THEN value - value_before END AS change,
  CASE WHEN replaces AND unit = unit_before AND value_before <> 0
    THEN (value - value_before) / abs(value_before) * 100 END AS change_pct,
  CASE WHEN replaces THEN status_before END AS status_before, obs_status,
  CASE WHEN replaces THEN note_before END AS note_before, note,
  CASE WHEN replaces THEN edition_before END AS edition_before, edition,
  series_code, cause_from AS cause
FROM opened
UNION ALL BY NAME
SELECT vintage_to AS vintage, 'removed' AS kind, source, indicator, ref_area, time_period, year, sex, age,
  urbanisation, breakdown, unit, value AS value_before, NULL AS value, NULL AS change, NULL AS change_pct,
  obs_status AS status_before, NULL AS obs_status, note AS note_before, NULL AS note, edition AS edition_before,
  NULL AS edition, series_code, cause_to AS cause
FROM chained
WHERE vintage_to IS NOT NULL AND opened_after IS DISTINCT FROM vintage_to
