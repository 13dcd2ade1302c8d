-- From tiles to economies: one text for DuckDB and for Spark. It keeps to what both understand, and every column that
-- it gives is a whole number, so that no engine rounds: the tolerance between them is zero.
--
-- Reads   tile (quadkey, avg_d_kbps, avg_u_kbps, avg_lat_ms, tests, devices), whole numbers of 64 bits, and
--         lookup (prefix, ref_area, urbanisation), urbanisation U, R or ''; the longest prefix of a tile counts.
-- Gives   per area, urbanisation and measure: tiles, tests, devices, tests in tiles below 10 Mbit/s, the sum of
--         average × tests, and quantiles. A quantile is the least tile average up to which at least that share of the
--         tests lies (the inverse of the weighted distribution function: no interpolation, always a tile's own average).
--         Tiles that belong to no economy or cannot be are counted under an area that begins with '!'.
WITH judged AS (
  SELECT quadkey, avg_d_kbps, avg_u_kbps, avg_lat_ms, tests, devices,
    CASE
      WHEN quadkey IS NULL OR length(quadkey) <> 16 OR translate(quadkey, '0123', '') <> '' THEN '!quadkey'
      WHEN tests IS NULL OR tests <= 0 OR tests > 1000000000 THEN '!tests'
      WHEN devices IS NULL OR devices < 0 OR devices > 1000000000 THEN '!devices'
      WHEN avg_d_kbps IS NULL OR avg_d_kbps < 0 OR avg_d_kbps > 100000000 THEN '!download'
      WHEN avg_u_kbps IS NULL OR avg_u_kbps < 0 OR avg_u_kbps > 100000000 THEN '!upload'
      WHEN avg_lat_ms IS NULL OR avg_lat_ms < 0 OR avg_lat_ms > 60000 THEN '!latency'
      ELSE ''
    END AS fault
  FROM tile
),
placed AS (
  SELECT
    CASE WHEN fault <> '' THEN fault ELSE coalesce({areas}, '!unplaced') END AS ref_area,
    coalesce({classes}, '') AS own,
    avg_d_kbps, avg_u_kbps, avg_lat_ms,
    CASE WHEN fault = '' THEN tests WHEN tests BETWEEN 1 AND 1000000000 THEN tests ELSE 0 END AS tests,
    CASE WHEN fault = '' THEN devices WHEN devices BETWEEN 0 AND 1000000000 THEN devices ELSE 0 END AS devices
  FROM judged
{joins}
),
long AS (
  SELECT p.ref_area, c.urbanisation, m.measure, p.tests, p.devices,
    CASE
      WHEN substr(p.ref_area, 1, 1) = '!' THEN CAST(0 AS BIGINT)
      WHEN m.measure = 'download' THEN p.avg_d_kbps
      WHEN m.measure = 'upload' THEN p.avg_u_kbps
      ELSE p.avg_lat_ms
    END AS average
  FROM placed AS p
  JOIN (VALUES ('', '_T'), ('U', '_T'), ('U', 'U'), ('R', '_T'), ('R', 'R')) AS c(own, urbanisation) ON c.own = p.own
  CROSS JOIN (VALUES ('download'), ('upload'), ('latency')) AS m(measure)
),
cell AS (
  SELECT ref_area, urbanisation, measure, average,
    CAST(count(*) AS BIGINT) AS tiles, CAST(sum(tests) AS BIGINT) AS tests, CAST(sum(devices) AS BIGINT) AS devices
  FROM long
  GROUP BY ref_area, urbanisation, measure, average
),
ranked AS (
  SELECT ref_area, urbanisation, measure, average, tiles, tests, devices,
    CAST(sum(tests) OVER (PARTITION BY ref_area, urbanisation, measure ORDER BY average) AS BIGINT) AS upto,
    CAST(sum(tests) OVER (PARTITION BY ref_area, urbanisation, measure) AS BIGINT) AS total
  FROM cell
)
SELECT ref_area, urbanisation, measure,
  CAST(sum(tiles) AS BIGINT) AS tiles,
  CAST(sum(tests) AS BIGINT) AS tests,
  CAST(sum(devices) AS BIGINT) AS devices,
  CAST(sum(CASE WHEN average < 10000 THEN tests ELSE 0 END) AS BIGINT) AS tests_below_10000,
  CAST(sum(average * tests) AS BIGINT) AS average_times_tests,
  min(CASE WHEN upto * 100 >= total * 10 THEN average END) AS p10,
  min(CASE WHEN upto * 100 >= total * 25 THEN average END) AS p25,
  min(CASE WHEN upto * 100 >= total * 50 THEN average END) AS p50,
  min(CASE WHEN upto * 100 >= total * 75 THEN average END) AS p75,
  min(CASE WHEN upto * 100 >= total * 90 THEN average END) AS p90
FROM ranked
GROUP BY ref_area, urbanisation, measure
ORDER BY ref_area, urbanisation, measure
