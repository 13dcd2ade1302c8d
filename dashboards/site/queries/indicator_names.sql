-- Names of indicators in the languages of the catalogue.
SELECT indicator, name_en, name_zh FROM indicator ORDER BY indicator
