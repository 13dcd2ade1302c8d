-- Gender gaps as publications printed them, edition by edition; parity scores also as relative gaps.
SELECT indicator, ref_area, year, measure, value, lower, upper, edition, edition_date, publisher, citation, licence, confirmed,
  CASE measure WHEN 'relative_gap' THEN value WHEN 'parity' THEN round((1 - value) * 100, 2) END AS gap_pct,
  CASE measure WHEN 'relative_gap' THEN lower WHEN 'parity' THEN round((1 - upper) * 100, 2) END AS gap_lower,
  CASE measure WHEN 'relative_gap' THEN upper WHEN 'parity' THEN round((1 - lower) * 100, 2) END AS gap_upper
FROM published_figure
WHERE indicator IN ('internet_gender_gap', 'mobile_ownership_gender_gap')
ORDER BY indicator, ref_area, year, edition_date, measure
