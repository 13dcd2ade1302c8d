-- Rates of parts of economies and groups for the divides: urban and rural, age bands.
SELECT o.source, o.indicator, o.time_period, o.year, o.sex, o.age, o.urbanisation, o.breakdown, o.ref_area, o.value,
       o.unit, o.edition, o.note, NULL::DOUBLE AS coverage, '' AS reason
FROM observation o
JOIN indicator i ON i.indicator = o.indicator AND regexp_matches(i.unit, '^per(cent|_)') AND i.derived_from = ''
WHERE o.source <> 'ictdev' AND (o.urbanisation <> '_T' OR o.age LIKE 'Y%')
ORDER BY ALL;
