-- Targets that stand otherwise than at the run before: newly met, newly missed, moving away.
WITH moment AS (SELECT max(greatest(vintage_from, coalesce(vintage_to, vintage_from))) AS vintage FROM store.target_status)
SELECT n.mandate, n.paragraph, n.target, n.basis, n.source, n.edition, f.status AS was, n.status AS is_now, n.reason
FROM store.target_status n
JOIN store.target_status f USING (mandate, target, basis, source, edition), moment m
WHERE n.vintage_from = m.vintage AND n.vintage_to IS NULL AND f.vintage_to = m.vintage AND f.status <> n.status
ORDER BY ALL;
