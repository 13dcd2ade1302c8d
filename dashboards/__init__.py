"""Readers of a release: the site and the report."""
