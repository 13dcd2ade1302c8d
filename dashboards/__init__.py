"""Readers of a release: the static site and the report. They know a release only through the warehouse's read API."""
