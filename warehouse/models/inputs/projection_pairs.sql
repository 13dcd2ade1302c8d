-- Comparable women's and men's rates of economies, year by year, under the indicator of their gap.
SELECT m.indicator, g.ref_area, '_T' AS sex, g.age, g.urbanisation, g.breakdown, g.source, g.edition_female AS edition,
       g.year, g.female, g.male, CASE WHEN 'E' IN (g.status_female, g.status_male) THEN 1.0 ELSE 0.0 END AS estimated_share
FROM gender_gap_pair g
JOIN area a ON a.ref_area = g.ref_area AND a.kind = 'economy'
JOIN method m ON m.base = g.indicator AND m.kind = 'relative_gap'
WHERE g.comparable AND length(g.time_period) = 4
ORDER BY ALL;
