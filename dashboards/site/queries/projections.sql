-- Where the economies' and groups' figures would go, one row per series.
SELECT indicator, ref_area, breakdown, source, newest_year, level, method, list(year ORDER BY year) AS years,
  list(round(value, 3) ORDER BY year) AS "values", list(round(lower, 3) ORDER BY year) AS lower,
  list(round(upper, 3) ORDER BY year) AS upper
FROM projection
WHERE year IS NOT NULL AND sex = '_T' AND age = '_T' AND urbanisation = '_T'
GROUP BY indicator, ref_area, breakdown, source, newest_year, level, method
ORDER BY indicator, ref_area, breakdown, source
