-- Every change of every figure: what it was, what it became, by how much and why. One row per change.
-- A figure replaces the one that was closed as it was opened. Closed figures are few, so they are the side that is hashed.
WITH held AS NOT MATERIALIZED (
  SELECT * FROM observation_history WHERE vintage_to IS NULL OR vintage_to > vintage_from
), closed AS NOT MATERIALIZED (
  SELECT * FROM held WHERE vintage_to IS NOT NULL
)
SELECT h.vintage_from AS vintage,
  CASE
    WHEN b.source IS NULL THEN 'added'
    WHEN h.unit <> b.unit OR abs(h.value - b.value) > 5e-11 * greatest(abs(h.value), abs(b.value)) THEN 'revised'
    WHEN h.obs_status <> b.obs_status THEN 'flag_only'
    ELSE 'metadata_only'
  END AS kind,
  h.source, h.indicator, h.ref_area, h.time_period, h.year, h.sex, h.age, h.urbanisation, h.breakdown, h.unit,
  b.value AS value_before, h.value,
  CASE WHEN h.unit = b.unit THEN h.value - b.value END AS change,
  CASE WHEN h.unit = b.unit AND b.value <> 0 THEN (h.value - b.value) / abs(b.value) * 100 END AS change_pct,
  b.obs_status AS status_before, h.obs_status, b.note AS note_before, h.note, b.edition AS edition_before, h.edition,
  h.series_code, h.cause_from AS cause
FROM held h LEFT JOIN closed b ON b.source = h.source AND b.indicator = h.indicator AND b.ref_area = h.ref_area
  AND b.time_period = h.time_period AND b.sex = h.sex AND b.age = h.age AND b.urbanisation = h.urbanisation
  AND b.breakdown = h.breakdown AND b.vintage_to = h.vintage_from
UNION ALL BY NAME
SELECT vintage_to AS vintage, 'removed' AS kind, source, indicator, ref_area, time_period, year, sex, age,
  urbanisation, breakdown, unit, value AS value_before, NULL AS value, NULL AS change, NULL AS change_pct,
  obs_status AS status_before, NULL AS obs_status, note AS note_before, NULL AS note, edition AS edition_before,
  NULL AS edition, series_code, cause_to AS cause
FROM closed c ANTI JOIN (
  SELECT source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown, vintage_from AS vintage_to
  FROM held WHERE vintage_from IN (SELECT vintage_to FROM closed)
) o USING (source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown, vintage_to)
