-- name: regions
WITH wanted AS (
  SELECT unnest(['M49_002', 'M49_015', 'M49_202', 'M49_419', 'M49_021', 'M49_142', 'M49_143', 'M49_030', 'M49_034',
                 'M49_035', 'M49_145', 'M49_150', 'M49_151', 'M49_154', 'M49_039', 'M49_155', 'M49_009', 'M49_053',
                 'M49_054', 'M49_057', 'M49_061']) AS group_code,
         unnest([1, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 1, 2, 2, 2, 2]) AS depth,
         unnest(range(21)) AS place
), known AS (
  SELECT * FROM group_aggregate
  WHERE indicator = 'internet_users' AND sex = '_T' AND age = '_T' AND urbanisation = '_T' AND breakdown = '_T'
    AND composition = 'year' AND value IS NOT NULL
), newest AS (SELECT * FROM known QUALIFY row_number() OVER (PARTITION BY group_code ORDER BY year DESC) = 1),
members AS (
  SELECT g.group_code, l.ref_area, l.value, l.year, a.name_en, a.name_zh, a.iso2
  FROM area_group g JOIN latest l USING (ref_area) JOIN area a USING (ref_area)
  WHERE l.indicator = 'internet_users' AND l.sex = '_T' AND l.age = '_T' AND l.urbanisation = '_T'
    AND (g.valid_from IS NULL OR g.valid_from <= $day) AND (g.valid_to IS NULL OR g.valid_to > $day)
), low AS (SELECT * FROM members QUALIFY row_number() OVER (PARTITION BY group_code ORDER BY value, ref_area) = 1),
high AS (SELECT * FROM members QUALIFY row_number() OVER (PARTITION BY group_code ORDER BY value DESC, ref_area) = 1)
SELECT w.group_code, w.group_code AS ref_area, w.depth, a.name_en, a.name_zh, 'internet_users' AS indicator,
       'percent_of_population' AS unit, n.year, n.value, m.value AS middle_value, m.year AS adopted_year,
       CASE WHEN n.year > m.year THEN n.value - m.value END AS points, n.coverage, n.reporting, n.members, 'ictdev' AS source,
       n.method || '-' || (SELECT max(v.version) FROM method v WHERE v.method = n.method) AS edition, t.years_behind
FROM wanted w JOIN area a ON a.ref_area = w.group_code LEFT JOIN newest n USING (group_code)
LEFT JOIN known m ON m.group_code = w.group_code AND m.year = 2017
LEFT JOIN time_distance t ON t.indicator = 'internet_users' AND t.ref_area = w.group_code AND t.reference = 'WLD'
  AND t.sex = '_T' AND t.age = '_T' AND t.breakdown = '_T' AND t.year = n.year
ORDER BY w.place

-- name: region_extremes
WITH members AS (
  SELECT g.group_code, l.indicator, l.ref_area, l.value, l.unit, l.year, l.source, l.edition, a.name_en, a.name_zh,
         a.iso2, count(*) OVER (PARTITION BY g.group_code) AS economies
  FROM area_group g JOIN latest l USING (ref_area) JOIN area a USING (ref_area)
  WHERE l.indicator = 'internet_users' AND l.sex = '_T' AND l.age = '_T' AND l.urbanisation = '_T'
    AND l.year >= $recent AND (g.valid_from IS NULL OR g.valid_from <= $day)
    AND (g.valid_to IS NULL OR g.valid_to > $day)
    AND g.group_code IN ('M49_002', 'M49_419', 'M49_021', 'M49_142', 'M49_150', 'M49_009')
)
SELECT *, 'highest' AS extreme FROM members
QUALIFY row_number() OVER (PARTITION BY group_code ORDER BY value DESC, ref_area) = 1
UNION ALL
SELECT *, 'lowest' FROM members QUALIFY row_number() OVER (PARTITION BY group_code ORDER BY value, ref_area) = 1
ORDER BY group_code, extreme

-- name: region_networks
WITH newest AS (
  SELECT * FROM group_aggregate
  WHERE composition = 'year' AND value IS NOT NULL
    AND group_code IN ('M49_002', 'M49_419', 'M49_021', 'M49_142', 'M49_150', 'M49_009')
    AND ((indicator IN ('fixed_broadband_per_100', 'mobile_cellular_per_100') AND breakdown = '_T')
         OR (indicator = 'mobile_coverage' AND breakdown = '4G'))
  QUALIFY row_number() OVER (PARTITION BY indicator, group_code ORDER BY year DESC) = 1
)
SELECT n.indicator, i.name_en AS indicator_name_en, i.name_zh AS indicator_name_zh, n.breakdown, n.group_code,
       n.group_code AS ref_area, a.name_en, a.name_zh, i.unit, n.year, n.value, n.coverage, 'ictdev' AS source,
       n.method || '-' || (SELECT max(v.version) FROM method v WHERE v.method = n.method) AS edition
FROM newest n JOIN area a ON a.ref_area = n.group_code JOIN indicator i ON i.indicator = n.indicator
ORDER BY list_position(['M49_002', 'M49_419', 'M49_021', 'M49_142', 'M49_150', 'M49_009'], n.group_code), n.indicator
