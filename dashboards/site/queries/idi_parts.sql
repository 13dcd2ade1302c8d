-- Pillars and components of the index.
SELECT edition, ref_area, breakdown, score, published, residual FROM idi_part ORDER BY edition, ref_area, breakdown
