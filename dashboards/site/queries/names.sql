-- Names of areas in the six languages.
SELECT ref_area, name_en, name_zh, name_fr, name_es, name_ru, name_ar FROM area ORDER BY kind, ref_area
