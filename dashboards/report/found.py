"""What the report asks a release: named queries, and their answers, of which every number knows where it stands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from dashboards.report.forms import form_of
from warehouse import Session

QUERIES = Path(__file__).parent / "queries"
KEY = ("indicator", "ref_area", "group_code", "year", "source", "edition")
"""Columns that tell which figure of the release a number is, where the answer has them."""
_NAMED = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_PARAMETER = re.compile(r"\$(\w+)")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ue000-\uf8ff\ufffe\uffff]")

Scalar = float | int | date | datetime


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of an answer: its value, how it is written, and where it stands."""

    value: Scalar
    form: str
    query: str
    index: int
    column: str
    key: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def place(self) -> str:
        """Where the number stands: query, row (from nought) and column."""
        return f"{self.query}/{self.index}/{self.column}"

    @property
    def told(self) -> str:
        """What the number is, for a reader who points at it."""
        return " · ".join(str(part) for part in self.key.values())


def printable(text: str) -> str:
    """Give a text without what no document may hold: control characters, surrogates, private characters."""
    return re.sub(r"\s+", " ", _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text))


class Found:
    """One row of an answer. Its numbers are Figures, its texts printable; `name` stands for `name_<language>`."""

    def __init__(self, row: Mapping[str, Any], query: str, index: int, language: str) -> None:
        self._row, self._query, self._index, self._language = row, query, index, language

    def __getattr__(self, column: str) -> Any:
        row = self._row
        if column.startswith("_"):
            raise AttributeError(column)
        if column not in row:
            return self._in_language(column)
        return self._wrapped(column, row[column])

    def _in_language(self, column: str) -> str | None:
        """Give a text that stands once for each language; English where the language has none."""
        names = [f"{column}_{language}" for language in (self._language, "en")]
        if names[1] not in self._row:
            raise AttributeError(column)
        return next((printable(self._row[name]).strip() for name in names if self._row.get(name)), None)

    def _wrapped(self, column: str, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return printable(value).strip()
        if isinstance(value, list | tuple):
            return [printable(str(one)) for one in value]
        key = {name: self._row[name] for name in KEY if self._row.get(name) not in (None, "")}
        return Figure(value, form_of(column, value, self._row), self._query, self._index, column, key)

    def raw(self, column: str) -> Any:
        """Give the bare value, for decisions and charts."""
        return self._row[column]

    def has(self, column: str) -> bool:
        """Tell whether the row has such a column, in the language or for all."""
        return column in self._row or f"{column}_en" in self._row


@cache
def _texts() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(QUERIES.glob("*.sql")):
        _, *parts = _NAMED.split(path.read_text(encoding="utf-8"))
        found |= dict(zip(parts[::2], parts[1::2], strict=True))
    return found


class Answers:
    """The answers of one release, each asked for once."""

    def __init__(self, session: Session, language: str, given: Mapping[str, Any]) -> None:
        self.session, self.language, self._given = session, language, dict(given)
        self._held: dict[str, list[Found]] = {}

    def __call__(self, query: str) -> list[Found]:
        """Give the rows of a named query."""
        if query not in self._held:
            rows = self.rows(query)
            self._held[query] = [Found(row, query, index, self.language) for index, row in enumerate(rows)]
        return self._held[query]

    def hold(self, answers: Mapping[str, list[dict[str, Any]]]) -> None:
        """Keep rows that were worked out from the read API rather than asked for by a query."""
        for query, rows in answers.items():
            self._held[query] = [Found(row, query, index, self.language) for index, row in enumerate(rows)]

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Give the bare rows of a named query."""
        text = _texts()[query]
        wanted = {name: self._given[name] for name in _PARAMETER.findall(text)}
        return self.session.rows(text, wanted)

    def first(self, query: str, **match: Any) -> Found | None:
        """Give the first row that has these values, or None."""
        return next(self.where(query, **match), None)

    def where(self, query: str, **match: Any) -> Iterator[Found]:
        """Give the rows that have these values."""
        for row in self(query):
            if all(row.raw(name) == value for name, value in match.items()):
                yield row


def queries() -> list[str]:
    """Give the names of all queries."""
    return sorted(_texts())


def text_of(query: str) -> str:
    """Give the statement of a named query."""
    return _texts()[query]
