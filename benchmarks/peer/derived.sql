-- Gaps and aggregates from `observation` (current figures, lower-case columns) and the reference tables.
CREATE OR REPLACE TABLE gap AS
SELECT *, (male - female) / male * 100 AS relative_gap_pct, female / male AS parity
FROM (
  SELECT source, indicator, ref_area, time_period, age, urbanisation, breakdown,
         max(value) FILTER (sex = 'F') AS female, max(value) FILTER (sex = 'M') AS male,
         max(note) FILTER (sex = 'F') AS note_female, max(note) FILTER (sex = 'M') AS note_male,
         max(edition) FILTER (sex = 'F') AS edition_female, max(edition) FILTER (sex = 'M') AS edition_male
  FROM observation SEMI JOIN (FROM indicator WHERE gapped) USING (indicator)
  WHERE sex IN ('F', 'M') GROUP BY ALL)
WHERE female IS NOT NULL AND male > 0 AND note_female = note_male AND edition_female = edition_male;

CREATE OR REPLACE TABLE aggregate AS
WITH ranked AS (
  SELECT o.*, coalesce(p.preference, 1000) AS preference
  FROM observation o SEMI JOIN (FROM area WHERE kind = 'economy') USING (ref_area)
  LEFT JOIN preference p USING (indicator, source)
), preferred AS (
  FROM ranked
  QUALIFY rank() OVER (PARTITION BY indicator, ref_area, sex, age, urbanisation, breakdown ORDER BY preference, source) = 1
), people AS (
  SELECT ref_area, year, value AS weight FROM preferred WHERE indicator = 'population' AND sex = '_T' AND age = '_T'
), member AS (
  SELECT g.group_code, g.ref_area, y.year, p.weight
  FROM area_group g CROSS JOIN (SELECT DISTINCT year FROM observation) y
  LEFT JOIN people p ON p.ref_area = g.ref_area AND p.year = y.year
  WHERE coalesce(g.valid_from, DATE '0001-01-01') <= make_date(y.year, 7, 1)
    AND coalesce(g.valid_to, DATE '9999-01-01') > make_date(y.year, 7, 1)
), whole AS (
  SELECT group_code, year, sum(weight) AS weight, count(*) AS members FROM member GROUP BY ALL
), summed AS (
  SELECT m.group_code, o.indicator, o.time_period, o.year, o.sex, o.age, o.urbanisation, o.breakdown,
         sum(o.value * m.weight) / sum(m.weight) AS mean, sum(m.weight) / any_value(w.weight) AS coverage,
         count(*) AS reporting, any_value(w.members) AS members
  FROM preferred o JOIN (FROM indicator WHERE aggregated) USING (indicator)
  JOIN member m ON m.ref_area = o.ref_area AND m.year = o.year
  JOIN whole w ON w.group_code = m.group_code AND w.year = m.year
  WHERE m.weight > 0 GROUP BY ALL
)
SELECT s.* EXCLUDE (mean), CASE WHEN coverage >= minimum_coverage THEN mean END AS value
FROM summed s JOIN indicator USING (indicator);
