"""Prefect for the time of a run: the API that the user named, or a server of ours that starts beside our imports.

Prefect itself is loaded only in `stored` and `process`; the other modules are light, because they come first.
"""
