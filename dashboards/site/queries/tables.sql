-- Tables and views of the release, with what they hold.
SELECT table_name AS "table", comment FROM duckdb_tables() WHERE database_name = current_database()
UNION ALL
SELECT view_name, comment FROM duckdb_views() WHERE NOT internal AND database_name = current_database()
ORDER BY 1
