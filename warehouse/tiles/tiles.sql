-- Tiles to figures of economies. One text for DuckDB and for Spark SQL: only what both understand, and whole numbers
-- only, so that the order in which an engine adds them cannot show in a result.
--
-- Given: tiles (the publisher's columns), lookup (prefix, prefix_length, ref_area, urbanisation; a prefix stands once
-- for _T and, where its kind of place is known, once more for U or R; no prefix lies within another).
-- Asked for: tile_census, place_counted, cell_counted and prefix_counted (kept as the tables place_again, cell and
-- prefix_of_cell before the rest is asked for), tile_again_census and tile_figure.

-- A phone cannot measure 10 Gbit/s (its radio is slower), and nobody waits a minute for an echo.
CREATE OR REPLACE TEMPORARY VIEW tile AS
SELECT
  quadkey,
  TRY_CAST(quadkey AS BIGINT) AS place,
  CAST(avg_d_kbps AS BIGINT) AS download,
  CAST(avg_u_kbps AS BIGINT) AS upload,
  CAST(avg_lat_ms AS BIGINT) AS latency,
  CAST(tests AS BIGINT) AS tests,
  CAST(devices AS BIGINT) AS devices,
  CASE
    WHEN quadkey IS NULL OR avg_d_kbps IS NULL OR avg_u_kbps IS NULL OR avg_lat_ms IS NULL
      OR tests IS NULL OR devices IS NULL THEN 'no_value'
    WHEN length(quadkey) <> 16 OR translate(quadkey, '0123', '') <> '' THEN 'bad_quadkey'
    WHEN tests = 0 THEN 'no_tests'
    WHEN tests < 0 OR devices < 0 OR avg_d_kbps < 0 OR avg_u_kbps < 0 OR avg_lat_ms < 0
      OR avg_d_kbps > 10000000 OR avg_u_kbps > 10000000 OR avg_lat_ms > 60000 THEN 'impossible'
    ELSE 'usable'
  END AS state
FROM tiles;

CREATE OR REPLACE TEMPORARY VIEW tile_census AS
SELECT state, count(*) AS tiles, CAST(coalesce(sum(CASE WHEN tests > 0 THEN tests END), 0) AS BIGINT) AS tests
FROM tile
GROUP BY state;

CREATE OR REPLACE TEMPORARY VIEW place_counted AS
SELECT place FROM tile WHERE state = 'usable' GROUP BY place HAVING count(*) > 1;

-- A kind of place in an economy as one small number: the rows that are grouped by it are half as wide.
CREATE OR REPLACE TEMPORARY VIEW cell_counted AS
SELECT CAST(row_number() OVER (ORDER BY ref_area, urbanisation) AS INTEGER) AS cell, ref_area, urbanisation
FROM (SELECT DISTINCT ref_area, urbanisation FROM lookup) AS known;

CREATE OR REPLACE TEMPORARY VIEW prefix_counted AS
SELECT prefix, prefix_length, cell
FROM lookup JOIN cell ON lookup.ref_area = cell.ref_area AND lookup.urbanisation = cell.urbanisation;

CREATE OR REPLACE TEMPORARY VIEW tile_again AS
SELECT tile.* FROM tile JOIN place_again ON tile.place = place_again.place WHERE tile.state = 'usable';

-- Of tiles that stand twice and say the same, one is kept; where they say different things nobody knows which is right.
CREATE OR REPLACE TEMPORARY VIEW tile_once AS
SELECT
  min(quadkey) AS quadkey, min(download) AS download, min(upload) AS upload, min(latency) AS latency,
  min(tests) AS tests, min(devices) AS devices
FROM tile_again
GROUP BY place
HAVING min(download) = max(download) AND min(upload) = max(upload) AND min(latency) = max(latency)
  AND min(tests) = max(tests) AND min(devices) = max(devices);

CREATE OR REPLACE TEMPORARY VIEW tile_again_census AS
SELECT 'stood' AS state, count(*) AS tiles, CAST(coalesce(sum(tests), 0) AS BIGINT) AS tests FROM tile_again
UNION ALL
SELECT 'kept' AS state, count(*) AS tiles, CAST(coalesce(sum(tests), 0) AS BIGINT) AS tests FROM tile_once;

CREATE OR REPLACE TEMPORARY VIEW tile_counted AS
SELECT quadkey, download, upload, latency, tests, devices
FROM tile LEFT JOIN place_again ON tile.place = place_again.place
WHERE tile.state = 'usable' AND place_again.place IS NULL
UNION ALL
SELECT quadkey, download, upload, latency, tests, devices FROM tile_once;

-- One join for each length of prefix that the lookup has, and one reading of the file for all: as no prefix lies within
-- another, one of the joins finds the tile, or none. A single join on left(quadkey, prefix_length) has no plain key to hash
-- by, and an engine may then try every tile with every prefix.
CREATE OR REPLACE TEMPORARY VIEW tile_of_economy AS
SELECT coalesce({cells}) AS cell, download, upload, latency, tests, devices
FROM tile_counted
{joins};

-- Tests by the average of their tile: all that means and quantiles need. All measures in one reading of the file.
CREATE OR REPLACE TEMPORARY VIEW tile_average AS
SELECT
  measure, cell, average,
  CAST(sum(tests) AS BIGINT) AS tests, CAST(sum(devices) AS BIGINT) AS devices, CAST(count(*) AS BIGINT) AS tiles
FROM (
  SELECT
    measure, cell, tests, devices,
    CAST(CASE measure WHEN 1 THEN download WHEN 2 THEN upload ELSE latency END AS INTEGER) AS average
  FROM tile_of_economy CROSS JOIN (VALUES (1), (2), (3)) AS measured(measure)
  WHERE cell IS NOT NULL
) AS told
GROUP BY measure, cell, average;

-- The quantile q is the least tile average up to which tiles hold the share q of all tests, or more. Tests are counted up
-- as doubles, which are exact for whole numbers up to nine quadrillion and half the work.
CREATE OR REPLACE TEMPORARY VIEW tile_figure AS
SELECT
  measure, cell,
  CAST(sum(tests) AS BIGINT) AS tests,
  CAST(sum(devices) AS BIGINT) AS devices,
  CAST(sum(tiles) AS BIGINT) AS tiles,
  CAST(sum(CAST(average AS BIGINT) * tests) AS BIGINT) AS weighted,
  CAST(sum(CASE WHEN average < 10000 THEN tests ELSE 0 END) AS BIGINT) AS tests_below,
  min(CASE WHEN reached * 10 >= whole THEN average END) AS p10,
  min(CASE WHEN reached * 2 >= whole THEN average END) AS p50,
  min(CASE WHEN reached * 10 >= whole * 9 THEN average END) AS p90
FROM (
  SELECT
    measure, cell, average, tests, devices, tiles,
    sum(CAST(tests AS DOUBLE)) OVER (
      PARTITION BY measure, cell ORDER BY average
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS reached,
    sum(CAST(tests AS DOUBLE)) OVER (PARTITION BY measure, cell) AS whole
  FROM tile_average
) AS ladder
GROUP BY measure, cell;
