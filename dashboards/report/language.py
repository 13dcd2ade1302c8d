"""One language of the report: its words, its names of places, its numbering."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dashboards.report import LANGUAGES
from dashboards.report.forms import written
from dashboards.report.found import Figure, Found
from schemas.yaml_text import read_yaml

TEXTS = Path(__file__).parent / "texts"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_CHINESE = "零一二三四五六七八九"


@dataclass(frozen=True)
class Language:
    """Words and customs of one language."""

    code: str
    locale: str
    labels: dict[str, Any]
    words: dict[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]

    def label(self, *path: str) -> str:
        """Give a label of the report; raises KeyError where the language lacks it."""
        found: Any = self.labels
        for part in path:
            found = found[part]
        return str(found)

    def say(self, text: str) -> str:
        """Give a text of the release in this language, where its words are known; else as it stands."""
        if text in self.words:
            return self.words[text]
        for pattern, words in self.patterns:
            found = pattern.fullmatch(text)
            if found:
                return found.expand(words)
        return "；".join(map(self.say, parts)) if self.code == "zh" and len(parts := text.split("; ")) > 1 else text

    def prose(self, text: str) -> str:
        """Give a sentence of the release in this language; one that is not translated is marked as such."""
        said = self.say(text)
        foreign = self.code != "en" and re.search(r"[a-z]{3} [a-z]{2}", said) is not None
        return f"{said}{self.label('untranslated')}" if foreign else said

    def figure(self, figure: Figure, *, in_text: bool) -> str:
        """Write a number as this language does."""
        return written(figure.value, figure.form, self.locale, in_text=in_text)

    def area(self, row: Found) -> str:
        """Give the name of an area: from the release, else from CLDR by its territory, else its code."""
        own = row.raw(f"name_{self.code}") if row.has("name") else None
        if own:
            return str(getattr(row, f"name_{self.code}"))
        iso2 = row.raw("iso2") if row.has("iso2") else None
        return _territory(self.locale, iso2 or "") or row.name or str(row.ref_area)

    def heading_number(self, level: int, number: int) -> str:
        """Write the number of a heading as reports of the language do."""
        if self.code == "zh":
            return (f"{_chinese(number)}、", f"（{_chinese(number)}）", f"{number}. ")[level - 1]
        return (f"{_roman(number)}. ", f"{chr(64 + number)}. ", f"{number}. ")[level - 1]


def _roman(number: int) -> str:
    text = ""
    for worth, letter in _ROMAN:
        text += letter * (number // worth)
        number %= worth
    return text


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _CHINESE[tens]) + "十" if tens else ""
    return head + (_CHINESE[ones] if ones or not tens else "")


@cache
def _territory(locale: str, iso2: str) -> str:
    from babel import Locale  # noqa: PLC0415 - the command line starts without it

    return str(Locale.parse(locale).territories.get(iso2, ""))


@cache
def language(code: str) -> Language:
    """Give a language by its code. Raises LookupError for one that is not complete."""
    if code not in LANGUAGES:
        raise LookupError(f"there is no report in {code!r}; its texts are complete in: {', '.join(LANGUAGES)}")
    folder = TEXTS / code
    labels = read_yaml((folder / "labels.yml").read_text(encoding="utf-8"))
    path = folder / "words.yml"
    known = read_yaml(path.read_text(encoding="utf-8"))
    patterns = tuple((re.compile(one["when"]), one["say"]) for one in known.get("patterns") or ())
    return Language(code, {"en": "en_GB", "zh": "zh_Hans"}[code], labels, known.get("exact") or {}, patterns)
