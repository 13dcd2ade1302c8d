"""Words: complete where they must be, never more than English has, and every word that a page asks for is there."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from dashboards.site.pages import PAGES
from dashboards.site.texts import LANGUAGES, texts
from indicators import catalogue

ASSETS = Path(str(files("dashboards.site") / "assets"))
SCRIPTS = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ASSETS.glob("*.js")))
NAMES = re.compile(r"\{(\w+)\}")
BUILT = {
    "page": PAGES,
    "status": ("met", "on_track", "off_track", "no_progress", "moving_away", "missed", "cannot_say"),
    "asked": ("at_least", "more_than", "at_most", "within"),
    "kind": ("quantitative", "process", "requirement", "none", "indicators", "areas", "paragraphs"),
    "state": ("good", "partial", "held", "unavailable"),
    "timely": ("current", "late", "stale", "frozen", "no_rhythm"),
    "severity": ("fail", "warn", "info"),
    "gate": ("received", "stored", "published", "resolution"),
    "sex": ("_T", "F", "M"),
    "change": ("added", "revised", "flag_only", "metadata_only", "removed"),
    "licence": ("open", "mixed", "closed"),
    "measure": ("relative_gap", "parity", "female", "male"),
}
"""Keys that the scripts put together from a code: the beginning, and the codes that a release can hold."""


def _words(language: str) -> dict[str, str]:
    return texts(language)["interface"]


def test_every_word_that_a_script_asks_for_stands_in_english():
    asked = set(re.findall(r'\b(?:t|say)\("(\w+)"', SCRIPTS))
    assert len(asked) > 200
    assert asked <= set(_words("en"))


@pytest.mark.parametrize("beginning", BUILT)
def test_every_word_that_is_put_together_stands_in_english(beginning):
    assert f"`{beginning}_${{" in SCRIPTS
    assert {f"{beginning}_{code}" for code in BUILT[beginning]} <= set(_words("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_word(language):
    assert set(_words(language)) == set(_words("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_nothing_that_english_does_not_and_fills_in_the_same_names(language):
    for key, text in _words(language).items():
        assert isinstance(text, str), key
        assert text.strip(), key
        assert set(NAMES.findall(text)) == set(NAMES.findall(_words("en")[key])), key


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code not in ("en", "zh")])
def test_every_indicator_has_a_name_in_each_language_that_the_catalogue_lacks(language):
    assert set(texts(language)["indicators"]) == set(catalogue.load())


def test_no_word_stands_there_for_nothing():
    put_together = {f"{beginning}_{code}" for beginning, codes in BUILT.items() for code in codes}
    others = {key for key in _words("en") if re.match(r"(cause|connect|lead|word|download)_", key)}
    asked = set(re.findall(r'"(\w+)"', SCRIPTS)) | put_together | others | {"noscript"}
    assert set(_words("en")) <= asked
