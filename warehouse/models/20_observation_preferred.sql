-- One source per series, by the catalogue's order; never spliced within a series. Our own aggregates stand behind
-- those of publishers, so that a publisher's figure for a group is not replaced by ours.
WITH ranked AS (
  SELECT o.*, coalesce(p.preference, 1000) AS preference
  FROM observation o
  LEFT JOIN (
    SELECT indicator, source, min(preference) AS preference FROM indicator_series GROUP BY ALL
  ) p USING (indicator, source)
)
SELECT * EXCLUDE (preference)
FROM ranked
QUALIFY preference = min(preference) OVER (
  PARTITION BY indicator, ref_area, sex, age, urbanisation, breakdown
)
ORDER BY indicator, ref_area, time_period, sex, age, urbanisation, breakdown
