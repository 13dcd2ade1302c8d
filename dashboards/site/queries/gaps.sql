-- Women and men side by side, economies and groups; groups of which nothing can be said keep the reason.
SELECT g.indicator, g.ref_area, a.kind, g.year, g.age, g.female, g.male, g.relative_gap_pct, g.parity, g.gap_points, g.at_parity,
  g.comparable, g.reason, g.source, g.edition, g.coverage, g.reporting, g.members
FROM gender_gap g JOIN area a USING (ref_area)
WHERE g.urbanisation = '_T' AND g.breakdown = '_T' AND (g.comparable OR a.kind = 'group')
ORDER BY g.indicator, g.ref_area, g.year, g.age, g.source
