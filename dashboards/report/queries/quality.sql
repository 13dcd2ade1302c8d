-- name: sources
SELECT s.id AS source, s.title, s.publisher, s.licence, s.licence_title, s.licence_open, s.licence_url, s.citation,
       s.cadence, t.state, t.last_good, t.failing_since, t.edition, t.reason,
       (SELECT count(*) FROM observation o WHERE o.source = s.id) AS figures,
       (SELECT string_agg(DISTINCT edition, ', ' ORDER BY edition) FROM observation o WHERE o.source = s.id) AS editions
FROM source s LEFT JOIN source_state t ON t.source = s.id WHERE s.id <> 'ictdev' ORDER BY s.id

-- name: source_counts
SELECT count(*) AS sources, count(*) FILTER (state = 'good') AS good, count(*) FILTER (state <> 'good') AS troubled
FROM source_state

-- name: held
WITH counted AS (
  SELECT o.indicator, count(*) AS figures, count(DISTINCT o.ref_area) FILTER (a.kind <> 'group') AS economies,
         min(o.year) AS first_year, max(o.year) AS last_year,
         avg((o.obs_status = 'E')::INTEGER) AS estimated_share
  FROM observation_preferred o LEFT JOIN area a USING (ref_area) WHERE o.source <> 'ictdev' GROUP BY o.indicator
)
SELECT i.indicator, i.name_en, i.name_zh, i.core_list, i.sdg, c.figures, c.economies, c.first_year, c.last_year,
       c.estimated_share
FROM counted c JOIN indicator i USING (indicator) ORDER BY i.indicator

-- name: held_counts
SELECT (SELECT count(*) FROM indicator) AS indicators,
       (SELECT count(DISTINCT indicator) FROM observation_preferred) AS held,
       (SELECT count(*) FROM indicator WHERE none_held <> '') AS without_source

-- name: not_held
SELECT indicator, name_en, name_zh, none_held FROM indicator WHERE none_held <> '' ORDER BY indicator

-- name: core_counts
SELECT count(DISTINCT code) AS items, count(DISTINCT code) FILTER (economies > 0) AS with_figures,
       count(DISTINCT code) FILTER (certainty <> 'confirmed') AS unconfirmed, max(newest_year) AS newest_year
FROM core_list

-- name: core_items
SELECT code, any_value(name_en) AS name_en, any_value(name_zh) AS name_zh, max(economies) AS economies,
       max(newest_year) AS newest_year, max(certainty) AS certainty, min(position) AS place
FROM core_list WHERE economies > 0 GROUP BY code ORDER BY place, code

-- name: openness
SELECT count(*) AS figures, count(*) FILTER (s.licence_open) AS open_figures,
       avg(s.licence_open::INTEGER) AS portion, avg((o.obs_status = 'E')::INTEGER) AS estimated_share
FROM observation o JOIN source s ON s.id = o.source WHERE o.source <> 'ictdev'

-- name: index_state
SELECT edition AS year, count(*) AS economies, count(score) AS scored, count(published) AS published,
       max(inputs) AS most_inputs, max(needed) AS needed
FROM idi GROUP BY edition ORDER BY edition

-- name: checks
SELECT gate, count(*) AS checks, count(*) FILTER (passed) AS passed,
       count(*) FILTER (NOT passed AND severity = 'fail') AS failed,
       count(*) FILTER (NOT passed AND severity = 'warn') AS warned,
       count(*) FILTER (NOT passed AND severity = 'info') AS informed
FROM quality_check GROUP BY gate ORDER BY list_position(['received', 'stored', 'published', 'resolution'], gate)

-- name: check_counts
SELECT count(*) AS checks, count(*) FILTER (passed) AS passed,
       count(*) FILTER (NOT passed AND severity = 'fail') AS failed,
       count(*) FILTER (NOT passed AND severity = 'warn') AS warned FROM quality_check

-- name: failing
SELECT check_id, source, severity, rows_failed, rows_checked, meaning FROM quality_check
WHERE NOT passed AND gate <> 'resolution'
ORDER BY list_position(['fail', 'warn', 'info'], severity), rows_failed DESC, check_id, source

-- name: rejects
SELECT source, reason, count(*) AS records FROM reject GROUP BY ALL ORDER BY ALL

-- name: corrections
SELECT source, indicator, ref_area, action, state, count(*) AS figures FROM correction GROUP BY ALL ORDER BY ALL

-- name: methods
SELECT DISTINCT kind, method, version, formula FROM method ORDER BY kind, method

-- name: rules
SELECT position, rule, applies_when, status, method, version FROM status_rule ORDER BY position

-- name: inputs
SELECT DISTINCT d.indicator, d.input_source AS source, o.edition, s.citation, d.role
FROM (SELECT DISTINCT indicator, role, input_source, input_indicator FROM derivation) d
JOIN (SELECT DISTINCT source, indicator, edition FROM observation_preferred) o
  ON o.source = d.input_source AND o.indicator = d.input_indicator
JOIN source s ON s.id = d.input_source
WHERE d.input_source <> 'ictdev' ORDER BY ALL
