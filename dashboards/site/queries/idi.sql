-- The index by edition and economy, with residuals against the published scores and intervals of ranks.
SELECT edition, reference_year, ref_area, score, lower, upper, published, residual, explained, rank, rank_lower, rank_upper, ranked,
  inputs, official, needed, reason
FROM idi ORDER BY edition, rank NULLS LAST, ref_area
