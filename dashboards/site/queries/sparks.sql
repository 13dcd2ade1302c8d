-- The course of the figures behind the resolution's own targets, for the small lines on the cards.
WITH asked AS (
  SELECT DISTINCT target, indicator, ref_area, breakdown, source FROM assessment
  WHERE mandate = 'E/RES/2017/21' AND value IS NOT NULL),
held AS (
  SELECT a.target, a.source, o.edition, o.year, o.value
  FROM asked a JOIN observation o USING (indicator, ref_area, breakdown, source)
  WHERE o.sex = '_T' AND o.age = '_T' AND o.urbanisation = '_T'),
quoted AS (
  SELECT a.target, a.source, p.edition, p.year,
    CASE p.measure WHEN 'parity' THEN round((1 - p.value) * 100, 2) ELSE p.value END AS value
  FROM (SELECT DISTINCT target, indicator, ref_area, source FROM asked) a
  JOIN published_figure p USING (indicator, ref_area)
  WHERE p.measure IN ('relative_gap', 'parity'))
SELECT target, source, edition, list(year ORDER BY year) AS years, list(value ORDER BY year) AS "values"
FROM (FROM held UNION ALL FROM quoted)
GROUP BY target, source, edition
ORDER BY target, source, edition
