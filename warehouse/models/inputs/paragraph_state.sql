-- Each paragraph with all that tells of it: its targets by every basis, the newest figures of its indicators where no
-- target is set, its registers, or the reason why nothing does.
WITH linked AS (
  SELECT p.mandate, p.paragraph, p.position, p.kind, l.indicator, i.unit, i.none_held
  FROM paragraph p JOIN paragraph_indicator l USING (mandate, paragraph) JOIN indicator i USING (indicator)
), newest AS (
  SELECT indicator, ref_area, breakdown, year, value, source, edition,
         [concat_ws('/', source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown)] AS evidence
  FROM latest
  WHERE sex = '_T' AND age = '_T' AND urbanisation = '_T' AND ref_area IN ('WLD', 'LDC')
), economies AS (
  SELECT indicator, count(DISTINCT ref_area) AS reporting, min(year) AS oldest, max(year) AS year
  FROM latest JOIN area USING (ref_area) WHERE area.kind = 'economy' GROUP BY indicator
), figures AS (
  SELECT l.*, n.ref_area, n.breakdown, n.year, n.value, n.source, n.edition, n.evidence, e.reporting, e.oldest,
         e.year AS newest_year
  FROM linked l LEFT JOIN newest n USING (indicator) LEFT JOIN economies e USING (indicator)
), entries AS (
  SELECT register, count(*) AS entries, max(date_from) AS newest FROM register GROUP BY register
)
SELECT p.mandate, p.paragraph, p.position, p.kind, 'target' AS told_by, a.value IS NOT NULL OR a.upper IS NOT NULL AS measured,
       a.mandate AS framework, i.unit, a.* EXCLUDE (mandate, paragraph, position)
FROM paragraph p
JOIN paragraph_target t USING (mandate, paragraph)
JOIN assessment a ON a.target = t.target
LEFT JOIN indicator i ON i.indicator = a.indicator
UNION ALL BY NAME
SELECT mandate, paragraph, position, kind,
       CASE WHEN value IS NOT NULL THEN 'figure' WHEN reporting > 0 THEN 'economies' ELSE 'none' END AS told_by,
       coalesce(reporting, 0) > 0 OR value IS NOT NULL AS measured, indicator, unit, ref_area, breakdown, year, value,
       source, edition, coalesce(evidence, []) AS evidence, reporting,
       CASE WHEN value IS NOT NULL THEN ''
         WHEN reporting > 0 THEN format('figures of {} economies, the newest of {}; none of the world or of LDCs',
                                        reporting, newest_year)
         WHEN none_held <> '' THEN none_held
         ELSE 'no figure is held' END AS reason
FROM figures
UNION ALL BY NAME
SELECT p.mandate, p.paragraph, p.position, p.kind, 'register' AS told_by, false AS measured, [] AS evidence,
       format('register {}: {} {}, the newest of {}', e.register, e.entries,
              CASE e.entries WHEN 1 THEN 'entry' ELSE 'entries' END, e.newest) AS reason
FROM paragraph p, unnest(p.registers) AS r(register) JOIN entries e ON e.register = r.register
UNION ALL BY NAME
SELECT mandate, paragraph, position, kind, 'nothing' AS told_by, false AS measured, [] AS evidence, why_not AS reason
FROM paragraph WHERE why_not <> ''
ORDER BY mandate, position, told_by DESC, framework, target, basis, source, edition, indicator, ref_area DESC, breakdown;
