-- Where every target stands, by each figure; the resolution's own targets first.
SELECT a.* EXCLUDE (question_en, question_zh), a.question_en, a.question_zh, i.unit, t.why, t.written_in, t.url, t.note
FROM assessment a
LEFT JOIN indicator i USING (indicator)
LEFT JOIN target t ON t.mandate = a.mandate AND t.id = a.target
ORDER BY a.mandate <> 'E/RES/2017/21', a.mandate, a.position, a.basis, a.source, a.edition
