-- Every version of every figure, with the interval in which we held it as current and why it changed.
-- An empty interval marks an older edition that was taken in later and never stood.
SELECT * FROM store.history
