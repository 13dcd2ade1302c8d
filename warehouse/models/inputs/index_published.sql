-- Scores of the ICT Development Index as published, one source per economy and score; the year is the edition.
SELECT o.year AS edition, o.ref_area, o.breakdown, o.value
FROM observation_preferred o
WHERE o.indicator = 'idi_score' AND o.source <> 'ictdev'
ORDER BY ALL;
