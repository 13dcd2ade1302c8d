-- Rates of groups for the divides: ours with what was withheld, and those that publishers give, side by side.
SELECT 'ictdev' AS source, a.indicator, a.time_period, a.year, a.sex, a.age, a.urbanisation, a.breakdown,
       a.group_code AS ref_area, a.value, i.unit, a.method || '-1' AS edition, '' AS note, a.coverage, a.reason
FROM group_aggregate a JOIN indicator i USING (indicator)
WHERE a.sex = '_T' AND a.age = '_T' AND a.urbanisation = '_T'
UNION ALL
SELECT o.source, o.indicator, o.time_period, o.year, o.sex, o.age, o.urbanisation, o.breakdown, o.ref_area, o.value,
       o.unit, o.edition, '' AS note, NULL::DOUBLE AS coverage, '' AS reason
FROM observation o
JOIN area a ON a.ref_area = o.ref_area AND a.kind = 'group'
JOIN indicator i ON i.indicator = o.indicator AND regexp_matches(i.unit, '^per(cent|_)') AND i.derived_from = ''
WHERE o.source <> 'ictdev' AND o.sex = '_T' AND o.age = '_T' AND o.urbanisation = '_T'
ORDER BY ALL;
