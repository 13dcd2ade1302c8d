-- Scores of the ICT Development Index as published, one source per economy and score; the year is the edition. Coverage by 3G and by
-- 4G is mixed before it is put on the scale, so that neither has a score of ours beside it.
SELECT o.year AS edition, o.ref_area, o.breakdown, o.value
FROM observation_preferred o
JOIN area a ON a.ref_area = o.ref_area AND a.kind = 'economy'
WHERE o.indicator = 'idi_score' AND o.source <> 'ictdev' AND o.breakdown NOT IN ('IDI_3G', 'IDI_4G')
ORDER BY ALL;
