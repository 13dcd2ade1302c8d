-- Figures of economies that can be continued: yearly ones of the preferred source, women and men together.
SELECT o.indicator, o.ref_area, o.sex, o.age, o.urbanisation, o.breakdown, o.source, o.edition, o.year, o.value,
       CASE o.obs_status WHEN 'E' THEN 1.0 ELSE 0.0 END AS estimated_share
FROM observation_preferred o
JOIN area a ON a.ref_area = o.ref_area AND a.kind = 'economy'
JOIN projected_indicator USING (indicator)
WHERE o.source <> 'ictdev' AND o.sex = '_T' AND o.urbanisation = '_T' AND length(o.time_period) = 4
ORDER BY o.indicator, o.ref_area, o.age, o.breakdown, o.source, o.edition, o.year;
