-- How far publishers of one series agree.
FROM agreement ORDER BY share_equal, indicator, breakdown, source_a, source_b
