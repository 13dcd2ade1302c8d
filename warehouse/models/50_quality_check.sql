-- Checks of the newest run of each source.
SELECT * FROM store.quality_check
QUALIFY vintage = max(vintage) OVER (PARTITION BY source, gate)
ORDER BY gate, source, check_id
