-- One source per series, by the catalogue's order; never spliced within a series.
SELECT o.*
FROM observation o
JOIN preferred_source USING (indicator, ref_area, sex, age, urbanisation, breakdown, source)
