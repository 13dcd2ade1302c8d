-- Inputs of the ICT Development Index, by edition and economy. An economy of which somebody gave inputs for an edition
-- has these and no others; else the figures of the edition's reference year serve, from the preferred source.
WITH given AS (
  SELECT o.year AS edition, o.ref_area, coalesce(e.input, lower(substr(o.breakdown, 8))) AS input,
         e.input IS NOT NULL AS known, o.value, o.obs_status, o.source, o.indicator, o.breakdown, o.time_period, o.age
  FROM observation_preferred o
  JOIN area a ON a.ref_area = o.ref_area AND a.kind = 'economy'
  LEFT JOIN index_input e ON e.edition = o.year AND e.given = o.breakdown
  WHERE o.indicator = 'idi_input' AND o.source <> 'ictdev'
), held AS (
  SELECT e.edition, o.ref_area, e.input, true AS known, o.value, o.obs_status, o.source, o.indicator, o.breakdown,
         o.time_period, o.age
  FROM index_input e
  JOIN observation_preferred o
    ON o.indicator = e.indicator AND o.breakdown = e.breakdown AND o.year = e.reference_year
  JOIN area a ON a.ref_area = o.ref_area AND a.kind = 'economy'
  ANTI JOIN given g ON g.edition = e.edition AND g.ref_area = o.ref_area
  WHERE o.source <> 'ictdev' AND o.sex = '_T' AND o.age = '_T' AND o.urbanisation = '_T' AND length(o.time_period) = 4
)
FROM given UNION ALL BY NAME FROM held ORDER BY edition, ref_area, input;
