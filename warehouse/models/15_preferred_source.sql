-- Which source each series is taken from, by the catalogue's order. Our own aggregates stand behind those of publishers,
-- so that a publisher's figure for a group is not replaced by ours. Among sources that the catalogue does not name, the
-- first by its id is taken.
SELECT indicator, ref_area, sex, age, urbanisation, breakdown,
  min(struct_pack(preference := preference, ours := source = 'ictdev', source := source)).source AS source
FROM (
  SELECT DISTINCT o.indicator, o.ref_area, o.sex, o.age, o.urbanisation, o.breakdown, o.source,
    coalesce(p.preference, 1000) AS preference
  FROM observation o
  LEFT JOIN (
    SELECT indicator, source, min(preference) AS preference FROM indicator_series GROUP BY ALL
  ) p USING (indicator, source)
)
GROUP BY ALL
