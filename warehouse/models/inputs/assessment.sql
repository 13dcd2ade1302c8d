-- The table assessment with the keys of the rows that each standing rests on.
SELECT a.*, coalesce(e.evidence, []) AS evidence
FROM assessment a
LEFT JOIN (
  SELECT target, basis, source, edition, list(evidence_key ORDER BY role DESC, evidence_key) AS evidence
  FROM evidence GROUP BY ALL
) e USING (target, basis, source, edition)
ORDER BY a.mandate, a.position, a.basis, a.source, a.edition;
