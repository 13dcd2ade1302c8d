"""Text that spreadsheets take as text, and XML and CSV can hold at all.

A spreadsheet runs a cell that begins with = + - @ TAB or CR as a formula, also behind blanks and quotation marks. In
CSV such a text gets an apostrophe in front. Taking away one apostrophe before such a text gives it back unchanged.
"""

import re

_QUOTES = "'\"＇＂’‘“”"
_STARTS = "=+@\\-\\t\\r＝＋－＠"
PATTERN = f"^[\\s\u00a0\ufeff{_QUOTES}]*[{_STARTS}]"
_DANGEROUS = re.compile(PATTERN)
_FIRST = sorted({ord(mark) for mark in f"{_QUOTES}=+@-\t\r＝＋－＠ \n\v\f\u00a0\ufeff\u0085\u2028\u2029"})
NO_XML = "[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\ufffe\uffff]"
"""Characters that no XML document may hold."""
INSTEAD = "\ufffd"
"""What stands in their place."""


def formula_safe(column: str) -> str:
    """Give the SQL of a text column whose cells no spreadsheet takes for a formula.

    The first character decides for nearly every cell, so that the pattern is tried on few.
    """
    pattern = PATTERN.replace("'", "''")
    kept = f"CASE WHEN contains({column}, chr(0)) THEN replace({column}, chr(0), '{INSTEAD}') ELSE {column} END"
    return (
        f"CASE WHEN unicode({column}) IN ({', '.join(map(str, _FIRST))}) AND regexp_matches({column}, '{pattern}') "
        f"THEN '''' || {kept} ELSE {kept} END"
    )


def for_xml(column: str) -> str:
    """Give the SQL of a text column without the characters that XML cannot hold."""
    return f"regexp_replace({column}, '{NO_XML}', '{INSTEAD}', 'g')"


def without_apostrophe(text: str) -> str:
    """Give a text back as it was before `formula_safe`."""
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text[1:]) else text
