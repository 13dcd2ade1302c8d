-- Price of each basket in US dollars, the share that is published for it, and the income it is held against: of the same
-- year, else of the year before.
WITH price AS (
  SELECT * FROM observation_preferred WHERE indicator = 'price_basket_usd' AND source <> 'ictdev'
), published AS (
  SELECT * FROM observation_preferred WHERE indicator = 'price_basket_pct_gni' AND source <> 'ictdev'
), basket AS (
  SELECT coalesce(p.ref_area, s.ref_area) AS ref_area, coalesce(p.breakdown, s.breakdown) AS breakdown,
         coalesce(p.time_period, s.time_period) AS time_period, coalesce(p.year, s.year) AS year,
         p.value AS price_usd, s.value AS published_pct_gni, coalesce(p.obs_status, s.obs_status) AS obs_status,
         coalesce(p.source, s.source) AS source, coalesce(p.edition, s.edition) AS edition
  FROM price p
  FULL JOIN published s ON s.ref_area = p.ref_area AND s.breakdown = p.breakdown AND s.time_period = p.time_period
    AND s.source = p.source
), income AS (
  SELECT ref_area, year, value, source FROM observation_preferred
  WHERE indicator = 'gni_per_capita' AND source <> 'ictdev'
)
SELECT b.*, coalesce(now.value, past.value) AS gni_per_capita,
       CASE WHEN now.value IS NOT NULL THEN now.year ELSE past.year END AS income_year,
       coalesce(now.source, past.source) AS income_source
FROM basket b
JOIN area a ON a.ref_area = b.ref_area AND a.kind = 'economy'
LEFT JOIN income now ON now.ref_area = b.ref_area AND now.year = b.year
LEFT JOIN income past ON past.ref_area = b.ref_area AND past.year = b.year - 1
ORDER BY ALL;
