-- name: release
SELECT (SELECT max(vintage) FROM run) AS vintage,
       (SELECT count(*) FROM observation WHERE source <> 'ictdev') AS figures,
       (SELECT count(*) FROM observation WHERE source = 'ictdev') AS derived,
       (SELECT count(DISTINCT source) FROM observation WHERE source <> 'ictdev') AS sources,
       (SELECT count(DISTINCT indicator) FROM observation WHERE source <> 'ictdev') AS indicators,
       (SELECT count(DISTINCT o.ref_area) FROM observation o JOIN area a USING (ref_area)
        WHERE a.kind <> 'group') AS economies,
       (SELECT min(year) FROM observation) AS first_year, (SELECT max(year) FROM observation) AS last_year,
       (SELECT count(*) FROM paragraph WHERE mandate = $mandate) AS paragraphs

-- name: looked_back
SELECT 2005 AS base_year, 2017 AS adopted_year

-- name: groups
WITH wanted AS (SELECT unnest(['WLD', 'LDC', 'LLDC', 'SIDS', 'HIC', 'UMC', 'LMC', 'LIC']) AS group_code,
                       unnest(range(8)) AS place),
known AS (
  SELECT * FROM group_aggregate
  WHERE indicator = 'internet_users' AND sex = '_T' AND age = '_T' AND urbanisation = '_T' AND breakdown = '_T'
    AND composition = 'year' AND value IS NOT NULL
), newest AS (SELECT * FROM known QUALIFY row_number() OVER (PARTITION BY group_code ORDER BY year DESC) = 1)
SELECT n.group_code, n.group_code AS ref_area, a.name_en, a.name_zh, 'internet_users' AS indicator, 'percent_of_population' AS unit, n.year,
       n.value, n.coverage, n.reporting, n.members, n.estimated_share, b.value AS base_value, b.year AS base_year,
       m.value AS middle_value, m.year AS adopted_year, t.years_behind, t.kind AS distance_kind,
       CASE WHEN n.year > m.year THEN n.value - m.value END AS points, 'ictdev' AS source, n.method || '-' || (SELECT max(v.version) FROM method v WHERE v.method = n.method) AS edition
FROM wanted w JOIN newest n USING (group_code) JOIN area a ON a.ref_area = n.group_code
LEFT JOIN known b ON b.group_code = n.group_code AND b.year = 2005
LEFT JOIN known m ON m.group_code = n.group_code AND m.year = 2017
LEFT JOIN time_distance t ON t.indicator = 'internet_users' AND t.ref_area = n.group_code AND t.reference = 'WLD'
  AND t.sex = '_T' AND t.age = '_T' AND t.breakdown = '_T' AND t.year = n.year
ORDER BY w.place

-- name: users_published
SELECT o.indicator, o.ref_area, a.name_en, a.name_zh, o.year, o.value, o.unit, o.source, o.edition,
       b.value AS former_value, b.year AS former_year, o.value - b.value AS points
FROM observation o JOIN area a USING (ref_area)
LEFT JOIN observation b ON b.indicator = o.indicator AND b.ref_area = o.ref_area AND b.source = o.source
  AND b.edition = o.edition AND b.sex = '_T' AND b.age = '_T' AND b.urbanisation = '_T' AND b.year = 2017
WHERE o.indicator = 'internet_users' AND o.ref_area IN ('WLD', 'LDC', 'LLDC', 'SIDS') AND o.source <> 'ictdev'
  AND o.sex = '_T' AND o.age = '_T' AND o.urbanisation = '_T'
QUALIFY row_number() OVER (PARTITION BY o.source, o.ref_area ORDER BY o.year DESC) = 1
ORDER BY o.source DESC, list_position(['WLD', 'LDC', 'LLDC', 'SIDS'], o.ref_area)

-- name: users_series
SELECT g.group_code, g.group_code AS ref_area, a.name_en, a.name_zh, 'internet_users' AS indicator, g.year, g.value,
       'percent_of_population' AS unit, 'ictdev' AS source, g.method || '-' || (SELECT max(v.version) FROM method v WHERE v.method = g.method) AS edition
FROM group_aggregate g JOIN area a ON a.ref_area = g.group_code
WHERE g.indicator = 'internet_users' AND g.sex = '_T' AND g.age = '_T' AND g.urbanisation = '_T'
  AND g.breakdown = '_T' AND g.composition = 'year' AND g.value IS NOT NULL AND g.year >= 2000
  AND g.group_code IN ('WLD', 'LDC', 'LLDC', 'SIDS', 'HIC')
ORDER BY list_position(['HIC', 'WLD', 'SIDS', 'LLDC', 'LDC'], g.group_code), g.year

-- name: change_split
SELECT c.indicator, c.group_code, c.group_code AS ref_area, a.name_en, a.name_zh, c.year, c.year_before, c."before",
       c."after", c."after" - c."before" AS change, c.by_data, c.by_composition, c.entered, c.departed,
       'percent' AS unit
FROM group_change c JOIN area a ON a.ref_area = c.group_code
WHERE c.indicator = 'internet_users' AND c.group_code IN ('WLD', 'LDC') AND c.breakdown = '_T'
QUALIFY row_number() OVER (PARTITION BY c.group_code ORDER BY c.year DESC) = 1
ORDER BY c.group_code DESC

-- name: coverage
WITH newest AS (
  SELECT * FROM group_aggregate
  WHERE indicator = 'mobile_coverage' AND composition = 'year' AND value IS NOT NULL
    AND group_code IN ('WLD', 'LDC', 'LLDC', 'SIDS')
  QUALIFY row_number() OVER (PARTITION BY group_code, breakdown ORDER BY year DESC) = 1
)
SELECT n.group_code, n.group_code AS ref_area, a.name_en, a.name_zh, 'mobile_coverage' AS indicator,
       'percent_of_population' AS unit, max(n.year) AS year,
       max(n.value) FILTER (breakdown = '2G') AS value_2g, max(n.value) FILTER (breakdown = '3G') AS value_3g,
       max(n.value) FILTER (breakdown = '4G') AS value_4g, max(n.value) FILTER (breakdown = '5G') AS value_5g,
       max(n.value) FILTER (breakdown = '2G') - max(n.value) FILTER (breakdown = '4G') AS points,
       min(n.coverage) AS coverage, 'ictdev' AS source, any_value(n.method) || '-' || (SELECT max(v.version) FROM method v WHERE v.indicator = 'mobile_coverage') AS edition
FROM newest n JOIN area a ON a.ref_area = n.group_code
GROUP BY ALL ORDER BY min(list_position(['WLD', 'LDC', 'LLDC', 'SIDS'], n.group_code))

-- name: subscriptions
WITH known AS (
  SELECT * FROM group_aggregate
  WHERE indicator IN ('fixed_broadband_per_100', 'mobile_cellular_per_100', 'active_mobile_broadband_per_100')
    AND breakdown = '_T' AND composition = 'year' AND value IS NOT NULL
    AND group_code IN ('WLD', 'LDC', 'LLDC', 'SIDS', 'HIC', 'UMC', 'LMC', 'LIC')
), newest AS (SELECT * FROM known QUALIFY row_number() OVER (PARTITION BY indicator, group_code ORDER BY year DESC) = 1)
SELECT n.indicator, i.name_en AS indicator_name_en, i.name_zh AS indicator_name_zh, n.group_code,
       n.group_code AS ref_area, a.name_en, a.name_zh, i.unit, n.year, n.value, n.coverage, b.value AS base_value,
       b.year AS base_year, m.value AS middle_value, m.year AS adopted_year, 'ictdev' AS source,
       n.method || '-' || (SELECT max(v.version) FROM method v WHERE v.method = n.method) AS edition
FROM newest n JOIN area a ON a.ref_area = n.group_code JOIN indicator i ON i.indicator = n.indicator
LEFT JOIN known b ON b.indicator = n.indicator AND b.group_code = n.group_code AND b.year = 2005
LEFT JOIN known m ON m.indicator = n.indicator AND m.group_code = n.group_code AND m.year = 2017
ORDER BY n.indicator, list_position(['WLD', 'LDC', 'LLDC', 'SIDS', 'HIC', 'UMC', 'LMC', 'LIC'], n.group_code)

-- name: gender_published
SELECT p.indicator, p.ref_area, a.name_en, a.name_zh, p.year, p.measure, p.value, p.lower, p.upper,
       CASE p.measure WHEN 'parity' THEN 'ratio' ELSE 'percent' END AS unit,
       p.edition, p.publisher, p.citation, p.confirmed,
       CASE p.measure WHEN 'parity' THEN (1 - p.value) * 100 WHEN 'relative_gap' THEN p.value END AS gap_pct
FROM published_figure p LEFT JOIN area a USING (ref_area)
WHERE p.indicator IN ('internet_gender_gap', 'mobile_ownership_gender_gap') AND p.ref_area IN ('WLD', 'LDC')
  AND p.measure IN ('parity', 'relative_gap')
ORDER BY p.indicator, p.ref_area DESC, p.edition_date, p.year, p.measure

-- name: sex_rates
SELECT f.indicator, f.ref_area, f.year, f.value AS female, m.value AS male, f.edition, f.citation, f.publisher,
       'percent' AS unit
FROM published_figure f JOIN published_figure m USING (indicator, ref_area, year, edition)
WHERE f.measure = 'female' AND m.measure = 'male' AND f.ref_area = 'WLD'
ORDER BY f.indicator, f.edition_date, f.year

-- name: parity_counts
WITH newest AS (
  SELECT g.* FROM gender_gap g JOIN area a USING (ref_area)
  WHERE g.comparable AND a.kind <> 'group' AND g.urbanisation = '_T' AND g.breakdown = '_T' AND g.parity IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY g.indicator, g.ref_area ORDER BY g.year DESC, g.age) = 1
)
SELECT n.indicator, i.name_en AS indicator_name_en, i.name_zh AS indicator_name_zh, count(*) AS economies,
       count(*) FILTER (n.at_parity) AS at_parity,
       count(*) FILTER (n.parity < 0.98) AS women_behind, count(*) FILTER (n.parity > 1.02) AS women_ahead,
       median(n.relative_gap_pct) AS median, 'percent' AS unit, min(n.year) AS first_year, max(n.year) AS last_year
FROM newest n JOIN indicator i ON i.indicator = n.indicator
GROUP BY ALL ORDER BY n.indicator

-- name: widest_gaps
WITH newest AS (
  SELECT g.*, a.name_en, a.name_zh, a.iso2 FROM gender_gap g JOIN area a USING (ref_area)
  WHERE g.comparable AND a.kind <> 'group' AND g.urbanisation = '_T' AND g.breakdown = '_T'
    AND g.relative_gap_pct IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY g.indicator, g.ref_area ORDER BY g.year DESC, g.age) = 1
), placed AS (
  SELECT *, row_number() OVER (PARTITION BY indicator ORDER BY relative_gap_pct DESC, ref_area) AS place FROM newest
)
SELECT p.indicator, i.name_en AS indicator_name_en, i.name_zh AS indicator_name_zh, p.ref_area, p.name_en, p.name_zh,
       p.iso2, p.year, p.age, p.female, p.male, p.relative_gap_pct AS gap_pct, 'percent' AS unit, p.source, p.edition
FROM placed p JOIN indicator i ON i.indicator = p.indicator WHERE p.place <= 6 ORDER BY p.indicator, p.place

-- name: prices
SELECT p.indicator, p.ref_area, p.year, p.measure, p.value, 'percent' AS unit, p.edition, p.publisher, p.citation
FROM published_figure p WHERE p.indicator = 'price_basket_pct_gni' ORDER BY p.measure DESC, p.year

-- name: affordable
SELECT breakdown, max(year) AS year, count(*) AS economies, count(*) FILTER (within_5_pct) AS within_5,
       count(*) FILTER (within_2_pct) AS within_2,
       2.0 AS threshold, 'percent' AS unit
FROM (SELECT * FROM affordability WHERE within_2_pct IS NOT NULL
      QUALIFY row_number() OVER (PARTITION BY ref_area, breakdown ORDER BY year DESC) = 1)
GROUP BY breakdown ORDER BY breakdown

-- name: skills
WITH newest AS (
  SELECT * FROM observation_preferred WHERE indicator = 'ict_skills' AND sex = '_T' AND urbanisation = '_T'
    AND ref_area IN (SELECT ref_area FROM area WHERE kind <> 'group')
  QUALIFY row_number() OVER (PARTITION BY ref_area, breakdown ORDER BY year DESC, age) = 1
)
SELECT 'ict_skills' AS indicator, breakdown, count(*) AS economies, min(year) AS first_year, max(year) AS last_year,
       min(value) AS lowest, median(value) AS median, max(value) AS highest, any_value(unit) AS unit,
       any_value(source) AS source, string_agg(DISTINCT edition, ', ' ORDER BY edition) AS edition
FROM newest GROUP BY breakdown ORDER BY median DESC, breakdown

-- name: schools
SELECT o.indicator, o.ref_area, a.name_en, a.name_zh, o.breakdown, o.year, o.value, o.unit, o.source, o.edition,
       o.obs_status
FROM observation o JOIN area a USING (ref_area)
WHERE o.indicator = 'schools_with_internet' AND o.ref_area IN ('WLD', 'LDC', 'LLDC', 'SIDS') AND o.sex = '_T'
QUALIFY row_number() OVER (PARTITION BY o.ref_area, o.breakdown ORDER BY o.year DESC, o.source) = 1
ORDER BY list_position(['WLD', 'LDC', 'LLDC', 'SIDS'], o.ref_area),
         list_position(['EDU_PRIMARY', 'EDU_LOWER_SEC', 'EDU_UPPER_SEC'], o.breakdown)

-- name: inequality
WITH known AS (
  SELECT * FROM inequality WHERE indicator = 'internet_users' AND reason = '' AND grouping = 'income'
    AND sex = '_T' AND age = '_T' AND urbanisation = '_T' AND breakdown = '_T'
), newest AS (SELECT max(year) AS year FROM known)
SELECT 'internet_users' AS indicator, "of", k.year, gini, theil, theil_between, theil_within,
       theil_between / nullif(theil, 0) AS portion, economies, coverage, method || '-' || version AS edition,
       'ictdev' AS source
FROM known k, newest WHERE k.year IN (2005, 2017, newest.year) ORDER BY "of" DESC, k.year
