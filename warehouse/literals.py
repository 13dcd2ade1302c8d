"""Texts as SQL literals, for the statements that take no parameters (ATTACH, COPY, SET, COMMENT)."""


def quoted(text: object) -> str:
    """Give a text or path as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"
