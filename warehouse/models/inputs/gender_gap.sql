-- The table gender_gap: economies pair by pair, groups from their women's and men's rates.
SELECT indicator, ref_area, time_period, year, age, urbanisation, breakdown, female, male, relative_gap_pct, parity,
       gap_points, at_parity, comparable, reason, source, edition_female AS edition, NULL::DOUBLE AS coverage,
       NULL::BIGINT AS reporting, NULL::BIGINT AS members, '' AS weight_basis
FROM gender_gap_pair
UNION ALL BY NAME
SELECT indicator, group_code AS ref_area, time_period, year, '_T' AS age, '_T' AS urbanisation, '_T' AS breakdown,
       female, male, relative_gap_pct, parity, gap_points, coalesce(parity BETWEEN 0.98 AND 1.02, false) AS at_parity,
       reason = '' AS comparable, reason, 'ictdev' AS source, 'gender_gap-1' AS edition, coverage, reporting, members,
       weight_basis
FROM group_gap
ORDER BY indicator, ref_area, time_period, source, age, urbanisation, breakdown;
