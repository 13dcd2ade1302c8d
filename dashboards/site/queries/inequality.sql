-- How unequally what is measured is spread, and how much of it lies between groups and inside them.
SELECT indicator, breakdown, "of", grouping, year, mean, gini, theil, theil_between, theil_within, economies, coverage
FROM inequality WHERE theil IS NOT NULL AND sex = '_T' AND age = '_T'
ORDER BY indicator, breakdown, "of", grouping, year
