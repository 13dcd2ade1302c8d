-- Declared corrections.
SELECT source, indicator, ref_area, time_period, sex, age, breakdown, action, state, raw_value, corrected_value, reason, citation
FROM correction ORDER BY ALL
