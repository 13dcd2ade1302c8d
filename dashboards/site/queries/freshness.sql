-- How old the figures of each indicator are, economy by economy.
SELECT indicator, count(*) AS economies, max(year) AS newest_year, median(year) AS median_year, min(year) AS oldest_year
FROM (
  SELECT indicator, ref_area, max(year) AS year FROM latest JOIN area a USING (ref_area) WHERE a.kind = 'economy'
  GROUP BY indicator, ref_area)
GROUP BY indicator ORDER BY indicator
