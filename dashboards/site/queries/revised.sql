-- The largest revisions of the newest release.
SELECT kind, source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown, unit, value_before, value, change,
  change_pct, edition_before, edition, cause
FROM revision
WHERE vintage = (SELECT max(vintage) FROM revision) AND kind <> 'added'
ORDER BY abs(change_pct) DESC NULLS LAST, indicator, ref_area, time_period, sex, age, breakdown, source
LIMIT 300
