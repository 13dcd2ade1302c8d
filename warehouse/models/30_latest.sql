-- The newest figure of each preferred series.
SELECT *
FROM observation_preferred
QUALIFY row_number() OVER (
  PARTITION BY indicator, ref_area, sex, age, urbanisation, breakdown ORDER BY time_period DESC
) = 1
