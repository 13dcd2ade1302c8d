-- Every check of the newest refreshes.
SELECT gate, source, check_id, severity, passed, rows_checked, rows_failed, left(examples, 400) AS examples, meaning, next_step,
  dimension, owner_table
FROM quality_check
ORDER BY passed, severity = 'info', severity <> 'fail', gate, source, check_id
