-- Which inputs went into each score of the ICT Development Index: one row per score and input, its name as role.
SELECT 'ictdev' AS source, 'idi_score' AS indicator, p.ref_area, p.edition::VARCHAR AS time_period, '_T' AS sex,
       '_T' AS age, '_T' AS urbanisation, p.breakdown, i.method, i.version, u.input AS role,
       u.source AS input_source, u.indicator AS input_indicator, [p.ref_area] AS input_areas,
       u.time_period AS input_time_period, '_T' AS input_sex, u.age AS input_age, u.breakdown AS input_breakdown
FROM idi_part p
JOIN idi i USING (edition, ref_area)
JOIN index_part m USING (edition, breakdown)
JOIN index_used u ON u.edition = p.edition AND u.ref_area = p.ref_area AND u.input = m.input AND u.known
WHERE p.score IS NOT NULL
ORDER BY ALL;
