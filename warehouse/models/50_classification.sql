-- Which economy belongs to which group, edition by edition.
SELECT * FROM store.classification ORDER BY scheme, period, group_code, ref_area, edition
