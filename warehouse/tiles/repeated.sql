-- Quadkeys that stand more than once, in how many rows, and in how many of them with other content. A sound file has none.
SELECT quadkey, CAST(count(*) AS BIGINT) AS times,
  CAST(count(DISTINCT concat_ws(' ', avg_d_kbps, avg_u_kbps, avg_lat_ms, tests, devices)) AS BIGINT) AS sayings
FROM tile
WHERE TRY_CAST(quadkey AS BIGINT) IN (
  SELECT number FROM (SELECT TRY_CAST(quadkey AS BIGINT) AS number FROM tile) AS numbered
  WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1
)
GROUP BY quadkey
HAVING count(*) > 1
ORDER BY quadkey
