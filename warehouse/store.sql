-- Tables of the history database. Nothing is ever dropped from it; a new table is added here.
CREATE TABLE IF NOT EXISTS history (
  indicator VARCHAR NOT NULL, ref_area VARCHAR NOT NULL, time_period VARCHAR NOT NULL, year INTEGER NOT NULL,
  sex VARCHAR NOT NULL, age VARCHAR NOT NULL, urbanisation VARCHAR NOT NULL, breakdown VARCHAR NOT NULL,
  value DOUBLE NOT NULL, unit VARCHAR NOT NULL, obs_status VARCHAR NOT NULL, note VARCHAR NOT NULL,
  source VARCHAR NOT NULL, series_code VARCHAR NOT NULL, edition VARCHAR NOT NULL,
  snapshot VARCHAR NOT NULL, record VARCHAR NOT NULL,
  edition_date DATE NOT NULL, edition_seen VARCHAR NOT NULL, edition_seen_date DATE NOT NULL,
  vintage_from TIMESTAMP NOT NULL, vintage_to TIMESTAMP, cause_from VARCHAR NOT NULL, cause_to VARCHAR
);
CREATE TABLE IF NOT EXISTS intake (
  source VARCHAR NOT NULL, series_code VARCHAR NOT NULL, areas VARCHAR[], year_from INTEGER, year_to INTEGER,
  edition VARCHAR NOT NULL, edition_date DATE NOT NULL, edition_assumed BOOLEAN NOT NULL,
  snapshot VARCHAR NOT NULL, vintage TIMESTAMP NOT NULL
);
ALTER TABLE intake ADD COLUMN IF NOT EXISTS place VARCHAR[];
ALTER TABLE intake ADD COLUMN IF NOT EXISTS basis VARCHAR DEFAULT 'whole';
CREATE TABLE IF NOT EXISTS run (
  started TIMESTAMP NOT NULL, vintage TIMESTAMP, source VARCHAR NOT NULL, outcome VARCHAR NOT NULL,
  added BIGINT NOT NULL, revised BIGINT NOT NULL, removed BIGINT NOT NULL, unchanged BIGINT NOT NULL,
  older BIGINT NOT NULL, rejected BIGINT NOT NULL, note VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS reject (
  source VARCHAR NOT NULL, snapshot VARCHAR NOT NULL, record VARCHAR NOT NULL, reason VARCHAR NOT NULL,
  detail VARCHAR NOT NULL, series_code VARCHAR NOT NULL, vintage TIMESTAMP NOT NULL
);
CREATE TABLE IF NOT EXISTS quality_check (
  gate VARCHAR NOT NULL, source VARCHAR NOT NULL, check_id VARCHAR NOT NULL, severity VARCHAR NOT NULL,
  passed BOOLEAN NOT NULL, rows_checked BIGINT NOT NULL, rows_failed BIGINT NOT NULL, examples VARCHAR NOT NULL,
  meaning VARCHAR NOT NULL, next_step VARCHAR NOT NULL, dimension VARCHAR NOT NULL, vintage TIMESTAMP NOT NULL
);
ALTER TABLE quality_check ADD COLUMN IF NOT EXISTS owner_table VARCHAR DEFAULT '';
ALTER TABLE quality_check ADD COLUMN IF NOT EXISTS failing_keys VARCHAR[] DEFAULT [];
CREATE TABLE IF NOT EXISTS classification (
  source VARCHAR NOT NULL, scheme VARCHAR NOT NULL, group_code VARCHAR NOT NULL, group_name VARCHAR NOT NULL,
  ref_area VARCHAR NOT NULL, period VARCHAR NOT NULL, edition VARCHAR NOT NULL, snapshot VARCHAR NOT NULL,
  record VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS stocktaking (
  project VARCHAR NOT NULL, title VARCHAR NOT NULL, ref_area VARCHAR NOT NULL, country VARCHAR NOT NULL,
  organisation VARCHAR NOT NULL, year INTEGER NOT NULL, action_lines VARCHAR[], sdgs VARCHAR[],
  website VARCHAR NOT NULL, source VARCHAR NOT NULL, edition VARCHAR NOT NULL, snapshot VARCHAR NOT NULL,
  record VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS source (
  id VARCHAR NOT NULL, title VARCHAR NOT NULL, publisher VARCHAR NOT NULL, address VARCHAR NOT NULL,
  licence VARCHAR NOT NULL, licence_title VARCHAR NOT NULL, licence_url VARCHAR NOT NULL,
  licence_open BOOLEAN NOT NULL,
  citation VARCHAR NOT NULL, cadence VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS source_state (
  source VARCHAR NOT NULL, state VARCHAR NOT NULL, last_good TIMESTAMP, failing_since TIMESTAMP,
  checked TIMESTAMP NOT NULL,
  edition VARCHAR NOT NULL, reason VARCHAR NOT NULL, next_step VARCHAR NOT NULL
);
ALTER TABLE source_state ADD COLUMN IF NOT EXISTS newest_year INTEGER;
ALTER TABLE source_state ADD COLUMN IF NOT EXISTS edition_changed DATE;
ALTER TABLE source_state ADD COLUMN IF NOT EXISTS timeliness VARCHAR DEFAULT '';
ALTER TABLE source_state ADD COLUMN IF NOT EXISTS timeliness_reason VARCHAR DEFAULT '';
CREATE TABLE IF NOT EXISTS snapshot (
  snapshot VARCHAR NOT NULL, source VARCHAR NOT NULL, route VARCHAR NOT NULL, name VARCHAR NOT NULL,
  url VARCHAR NOT NULL, received VARCHAR NOT NULL, size BIGINT NOT NULL, edition VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS derivation_history (
  source VARCHAR NOT NULL, indicator VARCHAR NOT NULL, ref_area VARCHAR NOT NULL, time_period VARCHAR NOT NULL,
  sex VARCHAR NOT NULL, age VARCHAR NOT NULL, urbanisation VARCHAR NOT NULL, breakdown VARCHAR NOT NULL,
  method VARCHAR NOT NULL, version VARCHAR NOT NULL, role VARCHAR NOT NULL, input_source VARCHAR NOT NULL,
  input_indicator VARCHAR NOT NULL, input_areas VARCHAR[], input_time_period VARCHAR NOT NULL,
  input_sex VARCHAR NOT NULL, input_age VARCHAR NOT NULL, input_breakdown VARCHAR NOT NULL,
  vintage_from TIMESTAMP NOT NULL, vintage_to TIMESTAMP
);
CREATE TABLE IF NOT EXISTS target_status (
  mandate VARCHAR NOT NULL, paragraph VARCHAR NOT NULL, target VARCHAR NOT NULL, indicator VARCHAR NOT NULL,
  ref_area VARCHAR NOT NULL, breakdown VARCHAR NOT NULL, basis VARCHAR NOT NULL, source VARCHAR NOT NULL,
  edition VARCHAR NOT NULL, year INTEGER, value DOUBLE, status VARCHAR NOT NULL, reason VARCHAR NOT NULL,
  vintage_from TIMESTAMP NOT NULL, vintage_to TIMESTAMP
);
CREATE TABLE IF NOT EXISTS membership (
  group_code VARCHAR NOT NULL, ref_area VARCHAR NOT NULL, valid_from DATE, valid_to DATE,
  vintage_from TIMESTAMP NOT NULL, vintage_to TIMESTAMP
);
CREATE TABLE IF NOT EXISTS correction (
  source VARCHAR NOT NULL, indicator VARCHAR NOT NULL, ref_area VARCHAR NOT NULL, time_period VARCHAR NOT NULL,
  sex VARCHAR NOT NULL, age VARCHAR NOT NULL, urbanisation VARCHAR NOT NULL, breakdown VARCHAR NOT NULL,
  action VARCHAR NOT NULL, state VARCHAR NOT NULL, expected DOUBLE NOT NULL, raw_value DOUBLE, corrected_value DOUBLE,
  obs_status VARCHAR NOT NULL, reason VARCHAR NOT NULL, citation VARCHAR NOT NULL, edition VARCHAR NOT NULL,
  snapshot VARCHAR NOT NULL, record VARCHAR NOT NULL, vintage TIMESTAMP NOT NULL
);
CREATE TABLE IF NOT EXISTS acceptance (
  source VARCHAR NOT NULL, vintage TIMESTAMP NOT NULL, accepted_by VARCHAR NOT NULL, reason VARCHAR NOT NULL,
  findings VARCHAR NOT NULL
);
ALTER TABLE acceptance ADD COLUMN IF NOT EXISTS exceptions VARCHAR[] DEFAULT [];

CREATE TABLE IF NOT EXISTS compaction (bytes BIGINT NOT NULL);
