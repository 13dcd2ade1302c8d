-- Records that could not become a figure.
SELECT * FROM store.reject ORDER BY source, snapshot, record
