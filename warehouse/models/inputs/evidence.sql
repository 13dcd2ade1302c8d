-- Which rows each standing rests on: the newest figure and the one its change is told from, as observations or as
-- quoted figures. `evidence_key` names one row of the table in `kept_in`.
WITH told AS (
  SELECT mandate, paragraph, target, basis, source, edition, indicator, ref_area, breakdown, 'newest' AS role, year
  FROM assessment WHERE year IS NOT NULL
  UNION ALL
  SELECT mandate, paragraph, target, basis, source, edition, indicator, ref_area, breakdown, 'former', former_year
  FROM assessment WHERE former_year <> year
)
SELECT t.mandate, t.paragraph, t.target, t.basis, t.role, 'observation' AS kept_in, t.source, t.edition, o.indicator,
       o.ref_area, o.time_period, o.year, o.sex, o.age, o.urbanisation, o.breakdown, '' AS measure, o.value,
       concat_ws('/', o.source, o.indicator, o.ref_area, o.time_period, o.sex, o.age, o.urbanisation, o.breakdown)
         AS evidence_key
FROM told t
JOIN observation o ON o.source = t.source AND o.indicator = t.indicator AND o.ref_area = t.ref_area
  AND o.year = t.year AND o.breakdown = t.breakdown AND o.sex = '_T' AND o.age = '_T' AND o.urbanisation = '_T'
UNION ALL
SELECT t.mandate, t.paragraph, t.target, t.basis, t.role, 'published_figure', t.source, t.edition, p.indicator,
       p.ref_area, p.year::VARCHAR, p.year, '_T', '_T', '_T', '_T', p.measure, p.value,
       concat_ws('/', 'published_figure', p.indicator, p.ref_area, p.year, p.measure, p.edition)
FROM told t
JOIN published_figure p ON p.indicator = t.indicator AND p.ref_area = t.ref_area AND p.year = t.year
  AND p.edition = t.edition AND p.confirmed
WHERE t.basis = 'published'
ORDER BY ALL;
