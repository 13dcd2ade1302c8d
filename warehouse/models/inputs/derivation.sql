-- Which figures went into each derived figure: one row per role, the areas as a list.
WITH gap AS (
  SELECT p.*, row_number() OVER (
           PARTITION BY p.indicator, p.ref_area, p.time_period, p.age, p.urbanisation, p.breakdown
           ORDER BY q.preference
         ) AS choice
  FROM gender_gap_pair p
  LEFT JOIN (SELECT indicator, source, min(preference) AS preference FROM indicator_series GROUP BY ALL) q
    ON q.indicator = p.indicator AND q.source = p.source
  WHERE p.comparable
), counted AS (
  SELECT coalesce(string_agg(DISTINCT source, ', ' ORDER BY source), '') AS sources
  FROM observation_preferred WHERE indicator = 'population' AND source <> 'ictdev'
)
SELECT 'ictdev' AS source, m.indicator, g.ref_area, g.time_period, '_T' AS sex, g.age, g.urbanisation, g.breakdown,
       m.method, m.version, r.role, g.source AS input_source, g.indicator AS input_indicator,
       [g.ref_area] AS input_areas, g.time_period AS input_time_period, r.sex AS input_sex, g.age AS input_age,
       g.breakdown AS input_breakdown
FROM gap g
JOIN method m ON m.base = g.indicator AND m.kind <> 'aggregate'
CROSS JOIN (VALUES ('women', 'F'), ('men', 'M')) r(role, sex)
WHERE g.choice = 1
UNION ALL
SELECT 'ictdev', m.indicator, g.group_code, g.time_period, '_T', '_T', '_T', '_T', m.method, m.version, r.role,
       r.sources, r.input, g.areas, g.time_period, r.sex, r.age, '_T'
FROM group_gap g
JOIN method m ON m.base = g.indicator AND m.kind <> 'aggregate'
CROSS JOIN counted c
CROSS JOIN LATERAL (
  VALUES ('women', g.indicator, 'F', '', array_to_string(g.sources, ', '), true),
         ('men', g.indicator, 'M', '', array_to_string(g.sources, ', '), true),
         ('weight', 'population', '_T', '_T', c.sources, g.weight_basis <> 'population of that sex'),
         ('weight_women', 'population', 'F', '_T', c.sources, g.weight_basis = 'population of that sex'),
         ('weight_men', 'population', 'M', '_T', c.sources, g.weight_basis = 'population of that sex')
) r(role, input, sex, age, sources, used)
WHERE g.reason = '' AND r.used
UNION ALL
SELECT 'ictdev', m.indicator, a.group_code, a.time_period, a.sex, a.age, a.urbanisation, a.breakdown, m.method,
       m.version, r.role, CASE r.role WHEN 'figures' THEN array_to_string(a.sources, ', ') ELSE c.sources END,
       r.input, a.areas, a.time_period,
       r.sex, r.age, r.breakdown
FROM group_aggregate a
JOIN method m ON m.base = a.indicator AND m.kind = 'aggregate'
CROSS JOIN counted c
CROSS JOIN LATERAL (
  VALUES ('figures', a.indicator, a.sex, a.age, a.breakdown),
         ('weight', 'population', CASE a.weight_basis WHEN 'population of that sex' THEN a.sex ELSE '_T' END, '_T', '_T')
) r(role, input, sex, age, breakdown)
WHERE a.value IS NOT NULL AND (role <> 'weight' OR m.method = 'population_weighted_mean')
UNION ALL
SELECT 'ictdev', m.indicator, a.ref_area, a.time_period, '_T', '_T', '_T', a.breakdown, m.method, m.version, r.role,
       r.source, r.input, [a.ref_area], r.period, '_T', '_T', r.breakdown
FROM affordability a
JOIN method m ON m.kind = 'price_share'
CROSS JOIN LATERAL (
  VALUES ('price', a.source, m.base, a.time_period, a.breakdown),
         ('income', a.income_source, 'gni_per_capita', a.income_year::VARCHAR, '_T')
) r(role, source, input, period, breakdown)
WHERE a.price_pct_gni IS NOT NULL
ORDER BY ALL;
