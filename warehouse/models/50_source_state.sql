-- How each source stood after the run.
SELECT * FROM store.source_state ORDER BY source
