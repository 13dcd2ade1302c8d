-- Who let through what a guard had held, and why.
SELECT * FROM store.acceptance ORDER BY vintage, source
