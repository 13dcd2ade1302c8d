-- Figures of economies that are aggregated to groups: one source per series, publishers only.
SELECT o.indicator, o.ref_area, o.time_period, o.year, o.sex, o.age, o.urbanisation, o.breakdown, o.value,
       o.unit, o.source, o.obs_status
FROM observation_preferred o
JOIN area a ON a.ref_area = o.ref_area AND a.kind = 'economy'
JOIN (SELECT DISTINCT indicator FROM aggregated_indicator) g ON g.indicator = o.indicator
WHERE o.source <> 'ictdev'
ORDER BY o.indicator, o.ref_area, o.time_period, o.sex, o.age, o.urbanisation, o.breakdown;
