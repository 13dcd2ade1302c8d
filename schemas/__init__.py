"""Contracts: what a publisher sends, what we hold, what we publish, and the checks on each."""
