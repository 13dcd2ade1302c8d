-- How each target stood, with the interval in which it stood so.
SELECT * FROM store.target_status ORDER BY mandate, paragraph, target, basis, source, edition, vintage_from
