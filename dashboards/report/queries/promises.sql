-- name: standings
SELECT a.*, coalesce(i.unit, '') AS unit, s.title AS source_title, s.citation AS source_citation,
       r.name_en, r.name_zh, a.source <> '' AND a.source <> 'ictdev' AS quoted,
       a.upper - a.lower > 0.05 AS bounded, a.former_year IS DISTINCT FROM a.year AS two_years,
       a.value - a.former_value AS points
FROM assessment a LEFT JOIN indicator i USING (indicator) LEFT JOIN source s ON s.id = a.source
LEFT JOIN area r ON r.ref_area = a.ref_area
WHERE a.mandate = $mandate ORDER BY a.position, a.basis, a.source, a.edition

-- name: standing_counts
SELECT count(*) AS standings, count(DISTINCT target) AS targets,
       count(*) FILTER (status = 'met') AS met, count(*) FILTER (status = 'missed') AS missed,
       count(*) FILTER (status = 'on track') AS on_track, count(*) FILTER (status = 'off track') AS off_track,
       count(*) FILTER (status IN ('no progress', 'moving away')) AS receding,
       count(*) FILTER (status = 'cannot say') AS unknown
FROM assessment WHERE mandate = $mandate

-- name: frameworks
SELECT mandate, count(DISTINCT target) AS targets, count(DISTINCT target) FILTER (basis <> 'none') AS with_series,
       count(*) FILTER (basis <> 'none') AS standings,
       count(*) FILTER (status = 'met') AS met, count(*) FILTER (status = 'missed') AS missed,
       count(*) FILTER (status = 'on track') AS on_track, count(*) FILTER (status = 'off track') AS off_track,
       count(*) FILTER (status = 'no progress') AS standing_still,
       count(*) FILTER (status = 'moving away') AS receding,
       count(*) FILTER (status = 'cannot say' AND basis <> 'none') AS unknown,
       count(DISTINCT target) FILTER (certainty <> 'confirmed') AS unconfirmed
FROM assessment GROUP BY mandate ORDER BY mandate <> $mandate, min(deadline), mandate

-- name: all_targets
SELECT a.*, coalesce(i.unit, '') AS unit, a.indicator AS indicator_id
FROM assessment a LEFT JOIN indicator i USING (indicator)
ORDER BY a.mandate <> $mandate, a.mandate, a.position, a.basis, a.source, a.edition

-- name: chances
SELECT a.mandate, a.target, a.question_en, a.question_zh, a.deadline, a.indicator, a.ref_area, a.source, a.edition,
       a.basis, a.year, a.value, a.target_value, a.comparison, a.probability, a.expected, a.expected_lower,
       a.expected_upper, coalesce(i.unit, '') AS unit
FROM assessment a LEFT JOIN indicator i USING (indicator)
WHERE a.probability IS NOT NULL ORDER BY a.mandate <> $mandate, a.mandate, a.position, a.basis, a.source, a.edition

-- name: interval
SELECT min(level) AS level, (SELECT count(*) FROM assessment WHERE probability IS NOT NULL) AS figures
FROM projection WHERE level IS NOT NULL HAVING min(level) IS NOT NULL

-- name: paragraphs
SELECT paragraph, position, kind, summary_en, summary_zh, systems, registers, why_not FROM paragraph
WHERE mandate = $mandate ORDER BY position

-- name: paragraph_kinds
SELECT count(*) AS paragraphs, count(*) FILTER (kind = 'quantitative') AS quantitative,
       count(*) FILTER (kind = 'process') AS process, count(*) FILTER (kind = 'requirement') AS requirement,
       count(*) FILTER (kind = 'none') AS without,
       (SELECT count(DISTINCT s.paragraph) FROM paragraph_state s JOIN paragraph p USING (mandate, paragraph)
        WHERE s.mandate = $mandate AND p.kind = 'quantitative' AND s.measured) AS measured
FROM paragraph WHERE mandate = $mandate

-- name: evidence
SELECT s.paragraph, s.told_by, s.framework, s.target, s.question_en, s.question_zh, s.basis, s.status, s.year,
       s.value, s.source, s.edition, s.indicator, s.ref_area, s.reason, nullif(s.breakdown, '_T') AS breakdown, i.name_en AS indicator_name_en,
       i.name_zh AS indicator_name_zh, r.name_en, r.name_zh, coalesce(s.unit, '') AS unit
FROM paragraph_state s LEFT JOIN indicator i USING (indicator) LEFT JOIN area r ON r.ref_area = s.ref_area
WHERE s.mandate = $mandate AND (s.told_by <> 'target' OR s.framework = $mandate)
QUALIFY s.told_by <> 'figure' OR row_number() OVER (
  PARTITION BY s.paragraph, s.indicator, s.ref_area ORDER BY s.year DESC, s.breakdown DESC, s.source DESC) = 1
ORDER BY s.position, list_position(['target', 'figure', 'economies', 'none', 'register', 'nothing'], s.told_by),
         s.target, s.basis, s.indicator, s.ref_area DESC, s.source, s.edition

-- name: evidence_elsewhere
SELECT paragraph, count(DISTINCT framework || '/' || target) AS targets, count(DISTINCT framework) AS frameworks
FROM paragraph_state WHERE mandate = $mandate AND told_by = 'target' AND framework <> $mandate
GROUP BY paragraph ORDER BY paragraph

-- name: registers
SELECT register, title_en, title_zh, position, date_from, date_to, what_en, what_zh, place, certainty, note, citation
FROM register ORDER BY register, position, date_from

-- name: register_counts
SELECT register, any_value(title_en) AS title_en, any_value(title_zh) AS title_zh, count(*) AS entries,
       count(*) FILTER (certainty <> 'confirmed') AS unconfirmed, min(date_from) AS earliest, max(date_to) AS latest
FROM register GROUP BY register ORDER BY register

-- name: action_lines
SELECT action_line, any_value(name_en) AS name_en, any_value(name_zh) AS name_zh,
       string_agg(DISTINCT goal::VARCHAR, ', ' ORDER BY try_cast(goal AS INTEGER)::VARCHAR) AS goals,
       list_sort(list(DISTINCT try_cast(goal AS INTEGER))) AS goal_list, count(DISTINCT goal) AS count_goals,
       (SELECT count(*) FROM stocktaking k WHERE list_contains(k.action_lines, w.action_line)) AS projects,
       any_value(certainty) AS certainty
FROM wsis_sdg w GROUP BY action_line
ORDER BY try_cast(regexp_extract(action_line, '\d+') AS INTEGER), action_line

-- name: stocktaking_state
SELECT (SELECT count(*) FROM stocktaking) AS projects, (SELECT count(DISTINCT ref_area) FROM stocktaking) AS economies,
       (SELECT count(*) FROM wsis_sdg) AS cells, (SELECT max(as_of)::VARCHAR FROM wsis_sdg) AS as_of
