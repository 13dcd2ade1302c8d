-- Scores of the ICT Development Index that we work out, as observations of ours; the period is the edition.
SELECT 'idi_score' AS indicator, p.ref_area, p.edition::VARCHAR AS time_period, p.edition AS year, '_T' AS sex,
       '_T' AS age, '_T' AS urbanisation, p.breakdown, p.score AS value,
       CASE WHEN s.scale = 10 THEN 'score_of_10' ELSE 'score' END AS unit,
       CASE WHEN i.official < i.inputs THEN 'E' ELSE 'A' END AS obs_status,
       format('{} inputs of {}, from {}', i.inputs, i.reference_year, array_to_string(i.sources, ', ')) AS note,
       'ictdev' AS source, 'idi_score' AS series_code, i.method || '-' || i.version AS edition, '' AS snapshot,
       '' AS record
FROM idi_part p
JOIN idi i USING (edition, ref_area)
JOIN index_scale s USING (edition)
WHERE p.score IS NOT NULL
ORDER BY ALL;
