-- Items of the core list with the indicators that serve them: for which economies figures are held, and how fresh.
WITH held AS (
  SELECT
    indicator,
    count(DISTINCT ref_area) AS economies,
    list(DISTINCT ref_area ORDER BY ref_area) AS areas,
    max(year) AS newest_year,
    median(year) AS median_year
  FROM latest
  JOIN area USING (ref_area)
  WHERE area.kind = 'economy'
  GROUP BY indicator
)
SELECT item.*, coalesce(economies, 0) AS economies, areas, newest_year, median_year
FROM core_list_item AS item
LEFT JOIN held USING (indicator)
