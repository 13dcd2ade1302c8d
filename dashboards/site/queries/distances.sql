-- By how many years economies run behind the world at the same level.
SELECT ref_area, indicator, breakdown, year, level, years_behind, kind
FROM time_distance WHERE reference = 'WLD' AND sex = '_T' AND age = '_T'
ORDER BY ref_area, indicator, breakdown
