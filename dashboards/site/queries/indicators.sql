-- What is measured, and how much of it is held.
WITH held AS (
  SELECT indicator, count(*) AS figures, count(DISTINCT ref_area) AS areas, min(year) AS first_year, max(year) AS last_year,
    list(DISTINCT breakdown ORDER BY breakdown) AS breakdowns, list(DISTINCT sex ORDER BY sex DESC) AS sexes,
    list(DISTINCT source ORDER BY source) AS sources
  FROM observation_preferred GROUP BY indicator)
SELECT i.indicator, i.definition, i.unit, i.direction, i.sdg, i.core_list, i.paragraphs, i.derived_from, i.none_held,
  i.licence_effect, coalesce(h.figures, 0) AS figures, coalesce(h.areas, 0) AS areas, h.first_year, h.last_year,
  h.breakdowns, h.sexes, h.sources
FROM indicator i LEFT JOIN held h USING (indicator)
ORDER BY i.indicator
