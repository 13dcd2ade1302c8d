-- Every preferred figure, one row per series and edition: what the pages draw and the tables behind them list.
SELECT indicator, ref_area, any_value(a.kind) AS kind, sex, age, urbanisation, breakdown, o.source, series_code, edition,
  any_value(unit) AS unit,
  list(year ORDER BY time_period) AS years,
  list(value ORDER BY time_period) AS "values",
  CASE WHEN bool_or(obs_status <> 'A') THEN list(obs_status ORDER BY time_period) END AS statuses,
  CASE WHEN bool_or(o.note <> '') THEN list(o.note ORDER BY time_period) END AS notes,
  CASE WHEN bool_or(time_period <> year::VARCHAR) THEN list(time_period ORDER BY time_period) END AS periods
FROM observation_preferred o LEFT JOIN area a USING (ref_area)
GROUP BY indicator, ref_area, sex, age, urbanisation, breakdown, o.source, series_code, edition
ORDER BY indicator, ref_area, sex DESC, age, urbanisation, breakdown, source, series_code, edition
