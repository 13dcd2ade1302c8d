"""The shared storage: releases as snapshots of a DuckLake, written by one home and read by any machine."""
