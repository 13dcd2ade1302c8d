-- What each paragraph asks for, in words.
SELECT paragraph, kind, summary_en, summary_zh FROM paragraph WHERE mandate = 'E/RES/2017/21' ORDER BY position
