-- Who let a held answer through, and why.
SELECT * FROM store.acceptance ORDER BY vintage, source
