-- Which figures went into each derived figure, with the interval in which that was so.
SELECT * FROM store.derivation_history
ORDER BY indicator, ref_area, time_period, sex, age, urbanisation, breakdown, role, vintage_from
