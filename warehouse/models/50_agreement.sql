-- Where several publishers carry one series: how far they agree, where they differ most, and who is ahead.
WITH edition AS (
  SELECT source, indicator, breakdown, max(year) AS newest_year, max_by(edition_seen, edition_seen_date) AS edition,
    max(edition_seen_date) AS edition_date
  FROM observation_history WHERE vintage_to IS NULL AND source <> 'ictdev' GROUP BY ALL
), pair AS (
  SELECT a.indicator, a.breakdown, a.source AS source_a, b.source AS source_b, a.ref_area, a.time_period, a.sex,
    a.value AS value_a, b.value AS value_b, abs(a.value - b.value) AS difference,
    abs(a.value - b.value) <= 0.005 * greatest(abs(a.value), abs(b.value)) + 0.05 AS equal
  FROM observation a JOIN observation b
    USING (indicator, ref_area, time_period, sex, age, urbanisation, breakdown)
  WHERE a.source < b.source AND a.source <> 'ictdev' AND b.source <> 'ictdev'
)
SELECT p.indicator, p.breakdown, p.source_a, p.source_b, count(*) AS shared, avg(equal::INT) AS share_equal,
  max(difference) AS largest_difference,
  list(ref_area || ' ' || time_period || CASE sex WHEN '_T' THEN '' ELSE ' ' || sex END
       || format(': {:.6g} and {:.6g}', value_a, value_b) ORDER BY difference DESC, ref_area, time_period, sex)[1:3]
    AS largest,
  any_value(a.newest_year) AS newest_year_a, any_value(b.newest_year) AS newest_year_b,
  any_value(a.edition) AS edition_a, any_value(b.edition) AS edition_b,
  CASE WHEN any_value(a.newest_year) > any_value(b.newest_year) THEN p.source_a
       WHEN any_value(a.newest_year) < any_value(b.newest_year) THEN p.source_b ELSE '' END AS ahead,
  any_value(date_diff('day', b.edition_date, a.edition_date)) AS lag_days
FROM pair p
JOIN edition a ON a.source = p.source_a AND a.indicator = p.indicator AND a.breakdown = p.breakdown
JOIN edition b ON b.source = p.source_b AND b.indicator = p.indicator AND b.breakdown = p.breakdown
GROUP BY p.indicator, p.breakdown, p.source_a, p.source_b
ORDER BY p.indicator, p.breakdown, p.source_a, p.source_b
