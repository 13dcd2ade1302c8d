-- All that tells of each paragraph: standings, newest figures, registers, or why nothing does.
SELECT paragraph, kind, told_by, framework, target, question_en, question_zh, indicator, ref_area, breakdown, unit, comparison,
  target_value, deadline, certainty, basis, year, value, lower, upper, former_year, former_value, status, reason, source,
  edition, coverage, reporting, members, probability, year_met, evidence
FROM paragraph_state WHERE mandate = 'E/RES/2017/21'
ORDER BY position, told_by DESC, framework, target, basis, indicator, ref_area, breakdown, source, edition, reason
