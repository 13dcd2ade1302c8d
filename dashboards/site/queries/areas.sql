-- Economies and groups, with the groups that an economy belongs to today; `shown` are those that any figure speaks of.
WITH shown AS (SELECT DISTINCT ref_area FROM observation_preferred),
membership AS (
  SELECT ref_area, list(DISTINCT group_code ORDER BY group_code) AS groups
  FROM area_group
  WHERE valid_to IS NULL AND group_code NOT LIKE '%\_20__' ESCAPE '\'
  GROUP BY ref_area)
SELECT a.ref_area, a.kind, a.iso2, a.m49, m.groups, s.ref_area IS NOT NULL AS shown
FROM area a LEFT JOIN membership m USING (ref_area) LEFT JOIN shown s USING (ref_area)
ORDER BY a.kind, a.ref_area
