-- One source per series, by the catalogue's order; never spliced within a series. It reads the history and not
-- `observation`, which a session with another clock replaces by a view of its own.
SELECT
  indicator, ref_area, time_period, year, sex, age, urbanisation, breakdown, value, unit, obs_status, note,
  source, series_code, edition_seen AS edition, snapshot, record
FROM observation_history
JOIN preferred_source USING (indicator, ref_area, sex, age, urbanisation, breakdown, source)
WHERE vintage_to IS NULL
