-- Which figures went into each derived figure that stands.
SELECT * EXCLUDE (vintage_from, vintage_to)
FROM derivation_history
WHERE vintage_to IS NULL
