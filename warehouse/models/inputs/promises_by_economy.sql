-- What the resolution asks of every economy, with the newest figure of each: coverage in least developed countries
-- (SDG 9.c), price of a basket of data, and parity of women and men.
SELECT CASE l.indicator WHEN 'mobile_coverage' THEN 'coverage_' || lower(l.breakdown)
         WHEN 'price_basket_pct_gni' THEN 'affordability' ELSE l.indicator END AS promise,
       l.ref_area || ' ' || l.time_period AS place, l.value
FROM latest l
JOIN area a ON a.ref_area = l.ref_area AND a.kind = 'economy'
WHERE l.sex = '_T' AND l.urbanisation = '_T' AND (
  l.indicator = 'mobile_coverage' AND l.breakdown IN ('3G', '4G') AND l.ref_area IN (
    SELECT ref_area FROM area_group WHERE group_code = 'LDC' AND (valid_to IS NULL OR year(valid_to) > l.year))
  OR l.indicator = 'price_basket_pct_gni'
  OR l.indicator IN ('internet_gender_parity', 'mobile_ownership_gender_parity'))
ORDER BY ALL;
