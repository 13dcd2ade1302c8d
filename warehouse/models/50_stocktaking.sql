-- Projects of the WSIS Stocktaking register, edition by edition.
SELECT * FROM store.stocktaking ORDER BY project, edition
