-- How raw bytes came to us.
SELECT * FROM store.snapshot ORDER BY source, snapshot, url
