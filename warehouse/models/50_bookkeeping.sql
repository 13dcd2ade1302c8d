-- What the pipeline did: runs, checks of the newest run of each source, rejects, sources and their state, snapshots.
CREATE OR REPLACE TEMP TABLE run AS FROM store.run ORDER BY vintage, source;
CREATE OR REPLACE TEMP TABLE quality_check AS
SELECT * FROM store.quality_check
QUALIFY vintage = max(vintage) OVER (PARTITION BY source, gate)
ORDER BY gate, source, check_id;
CREATE OR REPLACE TEMP TABLE reject AS FROM store.reject ORDER BY source, snapshot, record;
CREATE OR REPLACE TEMP TABLE source AS FROM store.source ORDER BY id;
CREATE OR REPLACE TEMP TABLE source_state AS FROM store.source_state ORDER BY source;
CREATE OR REPLACE TEMP TABLE snapshot AS FROM store.snapshot ORDER BY source, snapshot, url;
