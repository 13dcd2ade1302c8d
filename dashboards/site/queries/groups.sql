-- Figures of groups as we work them out, one row per series, with coverage; empty values keep their reason.
SELECT indicator, group_code AS ref_area, breakdown, method, composition,
  list(year ORDER BY time_period) AS years, list(round(value, 6) ORDER BY time_period) AS "values",
  list(round(coverage, 4) ORDER BY time_period) AS coverage, list(reporting ORDER BY time_period) AS reporting,
  list(members ORDER BY time_period) AS members
FROM group_aggregate
WHERE sex = '_T' AND age = '_T' AND urbanisation = '_T'
GROUP BY indicator, group_code, breakdown, method, composition
HAVING count(value) > 0
ORDER BY indicator, breakdown, ref_area, method, composition
