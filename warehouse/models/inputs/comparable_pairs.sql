-- One comparable pair per indicator, economy and year for the groups: the preferred source first, then the widest age
-- base (the total, else the first in code order).
SELECT g.indicator, g.time_period, g.year, g.ref_area, g.female, g.male, g.source, g.age, g.headcount_gap
FROM gender_gap_pair g
JOIN area a ON a.ref_area = g.ref_area AND a.kind = 'economy'
LEFT JOIN (SELECT indicator, source, min(preference) AS preference FROM indicator_series GROUP BY ALL) p
  ON p.indicator = g.indicator AND p.source = g.source
WHERE g.comparable AND g.urbanisation = '_T' AND g.breakdown = '_T'
QUALIFY row_number() OVER (
  PARTITION BY g.indicator, g.ref_area, g.time_period ORDER BY p.preference, g.age <> '_T', g.age
) = 1
ORDER BY ALL;
