-- Mid-year population of economies, the weight of rates.
SELECT o.ref_area, o.year, o.sex, o.value AS weight, o.source, o.edition
FROM observation_preferred o
JOIN area a ON a.ref_area = o.ref_area AND a.kind = 'economy'
WHERE o.indicator = 'population' AND o.source <> 'ictdev' AND o.age = '_T' AND o.urbanisation = '_T'
ORDER BY o.ref_area, o.year, o.sex;
