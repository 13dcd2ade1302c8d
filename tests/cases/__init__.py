"""Failing inputs that were found in use, each with its right value; a table at the head of each file."""
