-- Who let a held answer through, and why.
SELECT source, vintage, accepted_by, reason, findings FROM store.acceptance ORDER BY vintage, source
