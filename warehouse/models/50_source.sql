-- Publishers, with licence and citation.
SELECT * FROM store.source ORDER BY id
