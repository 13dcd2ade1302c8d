-- Which figures went into each derived figure, with the interval in which that was so.
SELECT * FROM store.derivation_history
