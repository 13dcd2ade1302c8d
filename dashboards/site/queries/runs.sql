-- What the last refreshes did.
SELECT started, vintage, source, outcome, added, revised, removed, unchanged, older, rejected, note
FROM run ORDER BY started DESC, source LIMIT 60
