-- One source per series, by the catalogue's order; never spliced within a series. Our own aggregates stand behind
-- those of publishers, so that a publisher's figure for a group is not replaced by ours. Among sources that the
-- catalogue does not name, the first by its id is taken.
WITH ranked AS (
  SELECT o.*, coalesce(p.preference, 1000) AS preference
  FROM observation o
  LEFT JOIN (
    SELECT indicator, source, min(preference) AS preference FROM indicator_series GROUP BY ALL
  ) p USING (indicator, source)
), chosen AS (
  SELECT indicator, ref_area, sex, age, urbanisation, breakdown,
    min((preference, source = 'ictdev', source)) AS choice
  FROM ranked GROUP BY ALL
)
SELECT ranked.* EXCLUDE (preference)
FROM ranked
JOIN chosen USING (indicator, ref_area, sex, age, urbanisation, breakdown)
WHERE choice = (preference, source = 'ictdev', source)
