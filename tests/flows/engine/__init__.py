"""Tests of flows/engine."""
