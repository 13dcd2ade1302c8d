"""Citing one figure, in the three forms that people need."""

import json
import re

import pytest

from tests.flows.screens import screens
from warehouse import citation

FIGURE = {"source": "world_bank", "series_code": "IT.NET.USER.ZS", "edition": "2026-07-13"}
SOURCE = {
    "title": "World Bank, World Development Indicators",
    "publisher": "World Bank",
    "address": "https://api.worldbank.org/v2",
    "citation": "World Bank, World Development Indicators, edition {edition}",
    "licence_title": "Creative Commons Attribution 4.0",
}


def test_a_sentence_names_series_edition_licence_and_release():
    text = citation.plain(FIGURE, SOURCE, "20261125T000000Z")
    assert "edition 2026-07-13, series IT.NET.USER.ZS" in text
    assert "Creative Commons Attribution 4.0" in text
    assert text.endswith("ictdev release 20261125T000000Z.")


def test_bibtex_has_balanced_braces_and_escaped_signs():
    odd = {**SOURCE, "publisher": "Smith & Sons {100 %} #1_a", "title": "A $ title\\"}
    text = citation.bibtex(FIGURE, odd, "20261125T000000Z")
    assert text.startswith("@misc{world_bank_IT_NET_USER_ZS_2026_07_13,\n")
    assert r"Smith \& Sons \{100 \%\} \#1\_a" in text
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")


def test_csl_has_the_day_of_the_edition_and_the_address():
    item = citation.csl(FIGURE, SOURCE, "20261125T000000Z")
    assert item["issued"] == {"date-parts": [[2026, 7, 13]]}
    assert (item["type"], item["URL"]) == ("dataset", "https://api.worldbank.org/v2")


@pytest.mark.parametrize(
    ("edition", "issued"),
    [("2020", [[2020]]), ("2026-03", [[2026, 3]]), ("2026.Q2.G.02", [[2026]]), ("gender_gap-1", None)],
)
def test_an_edition_tells_its_date_as_far_as_it_does(edition, issued):
    item = citation.csl({**FIGURE, "edition": edition}, {**SOURCE, "address": ""}, "v")
    assert item.get("issued", {}).get("date-parts") == issued
    assert "URL" not in item


@pytest.mark.parametrize("form", ["cite", "bibtex", "csl"])
def test_the_command_line_gives_the_citation_alone(released, form):
    text = screens("why", "internet_users", "SEN", "2022", "--format", form, home=released)
    assert "IT.NET.USER.ZS" in text
    assert "raw" not in text
    if form == "csl":
        assert json.loads(text)["version"] == "2026-07-13"
