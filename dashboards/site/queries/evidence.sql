-- The figures that the standings rest on, by the keys that the states name.
SELECT DISTINCT evidence_key, kept_in, source, edition, indicator, ref_area, time_period, year, sex, age, urbanisation, breakdown,
  measure, value
FROM evidence
ORDER BY ALL
