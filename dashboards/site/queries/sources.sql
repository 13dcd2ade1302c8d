-- Publishers with terms and citation, how fresh they are, and the newest edition that is held.
SELECT s.id AS source, s.title, s.publisher, s.address, s.licence, s.licence_title, s.licence_url, s.licence_open, s.citation,
  s.cadence, t.edition, t.state, t.last_good, t.failing_since, t.checked, t.reason, t.next_step, t.timeliness, t.timeliness_reason,
  (SELECT count(*) FROM observation o WHERE o.source = s.id) AS figures
FROM source s LEFT JOIN source_state t ON t.source = s.id
ORDER BY s.id = 'ictdev', s.id
