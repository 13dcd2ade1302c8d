-- How far groups stand from those that they are compared with: one row per pair and series.
SELECT indicator, part, compared_with, breakdown, list(year ORDER BY year) AS years, list(round(value, 6) ORDER BY year) AS "values",
  list(round(compared_value, 6) ORDER BY year) AS compared, list(round(coverage, 4) ORDER BY year) AS coverage,
  list(round(compared_coverage, 4) ORDER BY year) AS compared_coverage
FROM divide
WHERE comparable AND kind = 'group' AND sex = '_T' AND age = '_T' AND urbanisation = '_T' AND source = 'ictdev'
GROUP BY indicator, part, compared_with, breakdown, edition
ORDER BY indicator, breakdown, part, compared_with, edition
