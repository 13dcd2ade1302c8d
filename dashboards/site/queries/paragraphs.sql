-- What each paragraph asks for.
SELECT mandate, paragraph, position, kind, systems, registers, why_not FROM paragraph
WHERE mandate = 'E/RES/2017/21' ORDER BY position
