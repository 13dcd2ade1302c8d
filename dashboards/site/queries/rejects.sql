-- Records that could not become a figure, by reason.
SELECT source, reason, count(*) AS records, min(detail) AS example FROM reject GROUP BY source, reason ORDER BY source, reason
