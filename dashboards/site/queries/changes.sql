-- How many figures each of the newest releases changed, by cause, kind, source and indicator.
SELECT vintage, cause, kind, source, indicator, count(*) AS figures
FROM revision
WHERE vintage IN (SELECT vintage FROM (SELECT DISTINCT vintage FROM revision) ORDER BY vintage DESC LIMIT 8)
GROUP BY ALL
ORDER BY vintage DESC, figures DESC, cause, kind, source, indicator
