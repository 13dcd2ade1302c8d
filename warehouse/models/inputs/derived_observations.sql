-- Derived figures as observations of ours. What was withheld is no observation; its reason stands in its own table.
WITH gap AS (
  SELECT p.indicator AS base, p.ref_area, p.time_period, p.year, p.age, p.urbanisation, p.breakdown,
         p.relative_gap_pct, p.parity, p.status_female, p.status_male, p.source AS origin,
         row_number() OVER (
           PARTITION BY p.indicator, p.ref_area, p.time_period, p.age, p.urbanisation, p.breakdown
           ORDER BY q.preference
         ) AS choice
  FROM gender_gap_pair p
  LEFT JOIN (SELECT indicator, source, min(preference) AS preference FROM indicator_series GROUP BY ALL) q
    ON q.indicator = p.indicator AND q.source = p.source
  WHERE p.comparable
), figures AS (
  SELECT m.indicator, g.ref_area, g.time_period, g.year, '_T' AS sex, g.age, g.urbanisation, g.breakdown,
         CASE m.kind WHEN 'parity' THEN g.parity ELSE g.relative_gap_pct END AS value, m.unit,
         CASE WHEN 'E' IN (g.status_female, g.status_male) THEN 'E' ELSE 'A' END AS obs_status,
         'women and men from ' || g.origin AS note, m.indicator AS series_code, m.method, m.version
  FROM gap g JOIN method m ON m.base = g.base AND m.kind <> 'aggregate'
  WHERE g.choice = 1
  UNION ALL
  SELECT m.indicator, g.group_code, g.time_period, g.year, '_T', '_T', '_T', '_T',
         CASE m.kind WHEN 'parity' THEN g.parity ELSE g.relative_gap_pct END, m.unit, 'E',
         format('{:.0f} % of the population, {} of {} economies, weighted by {}', g.coverage * 100, g.reporting,
                g.members, g.weight_basis),
         m.indicator, m.method, m.version
  FROM group_gap g JOIN method m ON m.base = g.indicator AND m.kind <> 'aggregate'
  WHERE g.reason = ''
  UNION ALL
  SELECT m.indicator, a.group_code, a.time_period, a.year, a.sex, a.age, a.urbanisation, a.breakdown, a.value, m.unit,
         'E',
         format('{:.0f} % of the population, {} of {} economies, {}', a.coverage * 100, a.reporting, a.members,
                CASE a.method WHEN 'population_weighted_mean' THEN 'weighted by ' ELSE '' END || a.weight_basis),
         m.indicator, m.method, m.version
  FROM group_aggregate a JOIN method m ON m.base = a.indicator AND m.kind = 'aggregate'
  WHERE a.value IS NOT NULL
  UNION ALL
  SELECT m.indicator, a.ref_area, a.time_period, a.year, '_T', '_T', '_T', a.breakdown, a.price_pct_gni, m.unit,
         a.obs_status, format('price of {}, GNI per capita of {}', a.year, a.income_year), m.indicator, m.method, m.version
  FROM affordability a JOIN method m ON m.kind = 'price_share'
  WHERE a.price_pct_gni IS NOT NULL
)
SELECT indicator, ref_area, time_period, year, sex, age, urbanisation, breakdown, value, unit, obs_status, note,
       'ictdev' AS source, series_code, method || '-' || version AS edition, '' AS snapshot, '' AS record
FROM figures
WHERE value IS NOT NULL
ORDER BY ALL;
