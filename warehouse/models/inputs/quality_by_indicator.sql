-- By source and indicator: how complete, how much is estimated, how old, how often and how far revised, how punctual.
WITH current_ AS (SELECT * FROM observation_history WHERE vintage_to IS NULL),
moment AS (SELECT max(vintage_from) AS vintage FROM observation_history),
newest AS (
  SELECT o.source, o.indicator, o.ref_area, max(o.year) AS year
  FROM current_ o JOIN area a ON a.ref_area = o.ref_area AND a.kind = 'economy' GROUP BY ALL
), economies AS (
  SELECT n.source, n.indicator, count(*) AS economies, median(m.y - n.year) AS median_age_years,
    count(*) FILTER (WHERE n.year >= m.y - 3) AS fresh
  FROM newest n, (SELECT year(vintage) AS y FROM moment) m GROUP BY ALL
), changed AS (
  SELECT source, indicator, count(*) FILTER (WHERE kind = 'revised') AS revised,
    count(*) FILTER (WHERE kind = 'removed') AS removed,
    median(abs(change_pct)) FILTER (WHERE kind = 'revised') AS median_revision_pct
  FROM revision GROUP BY ALL
)
SELECT o.source, o.indicator, count(*) AS figures, e.economies,
  e.economies / (SELECT count(*) FROM area WHERE kind = 'economy') AS completeness,
  coalesce(e.fresh, 0) AS economies_of_last_3_years,
  avg((o.obs_status <> 'A')::INT) AS share_estimated, max(o.year) AS newest_year, e.median_age_years,
  coalesce(c.revised, 0) AS revised, coalesce(c.removed, 0) AS removed, c.median_revision_pct,
  date_diff('day', max(o.edition_seen_date), max(m.vintage)::DATE) AS days_since_edition
FROM current_ o CROSS JOIN moment m
LEFT JOIN economies e ON e.source = o.source AND e.indicator = o.indicator
LEFT JOIN changed c ON c.source = o.source AND c.indicator = o.indicator
GROUP BY o.source, o.indicator, e.economies, e.fresh, e.median_age_years, c.revised, c.removed, c.median_revision_pct
ORDER BY o.source, o.indicator;
