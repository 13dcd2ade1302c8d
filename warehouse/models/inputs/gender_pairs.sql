-- Women's and men's figure of one source, series, area, year and age base, side by side.
SELECT
  source, indicator, ref_area, time_period, year, age, urbanisation, breakdown,
  max(value) FILTER (WHERE sex = 'F') AS female,
  max(value) FILTER (WHERE sex = 'M') AS male,
  coalesce(max(note) FILTER (WHERE sex = 'F'), '') AS note_female,
  coalesce(max(note) FILTER (WHERE sex = 'M'), '') AS note_male,
  coalesce(max(obs_status) FILTER (WHERE sex = 'F'), '') AS status_female,
  coalesce(max(obs_status) FILTER (WHERE sex = 'M'), '') AS status_male,
  coalesce(max(edition) FILTER (WHERE sex = 'F'), '') AS edition_female,
  coalesce(max(edition) FILTER (WHERE sex = 'M'), '') AS edition_male
FROM observation
JOIN (SELECT DISTINCT indicator FROM gap_indicator) USING (indicator)
WHERE sex IN ('F', 'M') AND source <> 'ictdev'
GROUP BY ALL
ORDER BY ALL;
