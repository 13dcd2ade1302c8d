-- Which income group, and whether the least developed countries, each economy belonged to on 1 July of each year.
SELECT DISTINCT CASE g.group_code WHEN 'LDC' THEN 'ldc' ELSE 'income' END AS grouping, g.group_code, g.ref_area,
       y.year::INTEGER AS year
FROM area_group g
JOIN range((SELECT coalesce(min(year), 2000) FROM observation), (SELECT coalesce(max(year), 2000) + 1 FROM observation))
  AS y(year)
  ON make_date(y.year, 7, 1) >= coalesce(g.valid_from, DATE '1800-01-01')
  AND make_date(y.year, 7, 1) < coalesce(g.valid_to, DATE '9999-01-01')
WHERE g.group_code IN ('HIC', 'UMC', 'LMC', 'LIC', 'LDC')
ORDER BY ALL;
