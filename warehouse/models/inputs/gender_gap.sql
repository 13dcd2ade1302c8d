-- The table gender_gap: economies pair by pair, groups from their women's and men's rates.
SELECT indicator, ref_area, time_period, year, age, urbanisation, breakdown, female, male, relative_gap_pct, parity,
       gap_points, headcount_gap, at_parity, comparable, reason, source, edition_female AS edition, NULL::DOUBLE AS coverage,
       NULL::BIGINT AS reporting, NULL::BIGINT AS members, '' AS weight_basis
FROM gender_gap_pair
UNION ALL BY NAME
SELECT g.indicator, g.group_code AS ref_area, g.time_period, g.year, '_T' AS age, '_T' AS urbanisation, '_T' AS breakdown,
       female, male, relative_gap_pct, parity, gap_points,
       CASE WHEN h.counted = g.reporting AND g.reason = '' THEN h.headcount_gap END AS headcount_gap, coalesce(parity BETWEEN 0.98 AND 1.02, false) AS at_parity,
       reason = '' AS comparable, reason, 'ictdev' AS source, 'gender_gap-1' AS edition, coverage, reporting, members,
       weight_basis
FROM group_gap g
LEFT JOIN (
  SELECT u.indicator, u.group_code, u.time_period, sum(c.headcount_gap) AS headcount_gap,
         count(c.headcount_gap) AS counted
  FROM (SELECT indicator, group_code, time_period, unnest(areas) AS ref_area FROM group_gap) u
  JOIN comparable_pair c USING (indicator, time_period, ref_area)
  GROUP BY ALL
) h ON h.indicator = g.indicator AND h.group_code = g.group_code AND h.time_period = g.time_period
ORDER BY indicator, ref_area, time_period, source, age, urbanisation, breakdown;
