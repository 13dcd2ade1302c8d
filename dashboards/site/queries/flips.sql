-- Targets that stand otherwise than before.
SELECT n.mandate, n.paragraph, n.target, n.indicator, n.ref_area, n.source, n.edition, f.status AS status_before, n.status,
  f.value AS value_before, n.value, n.vintage_from AS vintage
FROM target_status n
JOIN target_status f ON f.vintage_to = n.vintage_from
  AND (f.mandate, f.target, f.basis, f.ref_area, f.breakdown) = (n.mandate, n.target, n.basis, n.ref_area, n.breakdown)
  AND f.source IS NOT DISTINCT FROM n.source AND f.status <> n.status
ORDER BY n.vintage_from DESC, n.mandate, n.paragraph, n.target
LIMIT 200
