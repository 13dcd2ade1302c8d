-- What each refresh did, source by source.
SELECT * FROM store.run ORDER BY started, source
