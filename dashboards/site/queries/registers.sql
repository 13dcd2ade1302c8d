-- What happened and was written, for paragraphs that no figure tells of.
SELECT register, title_en, title_zh, date_from, date_to, what_en, what_zh, place, citation, url, certainty, note
FROM register ORDER BY register, position
