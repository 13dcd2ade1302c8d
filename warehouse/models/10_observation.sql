-- What is current: one row per figure, every source, as the publisher last said it.
SELECT
  indicator, ref_area, time_period, year, sex, age, urbanisation, breakdown, value, unit, obs_status, note,
  source, series_code, edition_seen AS edition, snapshot, record
FROM observation_history
WHERE vintage_to IS NULL
