-- Declared corrections, each with what became of it in the newest answer that speaks of the figure.
SELECT * FROM store.correction
ORDER BY source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown
