"""The checks: suites of expectations on what was received, what is stored and what is published."""
