import json
from importlib.resources import files

import pytest

from indicators import catalogue, mandate, published
from schemas.codelist import codes
from schemas.errors import Invalid
from schemas.sources import readers
from warehouse.describe import meanings

GOOD = """
name: {en: A, zh: 甲}
definition: Something.
unit: percent_of_population
direction: up
bounds: [0, 100]
none_held: nobody gathers it
aggregate: {method: none, reason: for testing}
"""
OPEN_WITHOUT_READER = {"unsd_gender"}
"""Sources that come in a bundle only, under open terms."""


def test_every_file_uses_codes_that_are_known():
    for indicator in catalogue.load().values():
        assert indicator.unit in codes("unit").to_pylist(), indicator.id
        for carrier in indicator.series:
            assert (carrier.breakdown or "_T") in codes("breakdown").to_pylist(), indicator.id


def test_an_indicator_s_paragraphs_are_those_that_name_it_in_the_mandate():
    (resolution,) = (one for one in mandate.load() if one.mandate == "E/RES/2017/21")
    for indicator in catalogue.load().values():
        named = [paragraph.number for paragraph in resolution.paragraphs if indicator.id in paragraph.indicators]
        assert list(indicator.paragraphs) == named, f"{indicator.id}: copy the numbers from the mandate's file"


def test_every_indicator_is_carried_by_a_series_or_derived_or_says_why_none_is_held():
    for indicator in catalogue.load().values():
        assert sum(map(bool, (indicator.series, indicator.derived, indicator.none_held))) == 1, indicator.id
        if indicator.derived:
            assert indicator.derived.of in catalogue.load()


def test_the_licence_effect_is_what_the_sources_contracts_say():
    terms = {source: reader.SOURCE.licence.open for source, reader in readers().items()}
    terms |= dict.fromkeys(OPEN_WITHOUT_READER, True)
    effects = {(True,): "open", (False,): "closed", (False, True): "mixed", (): ""}
    for indicator in catalogue.load().values():
        carried = catalogue.load()[indicator.derived.of] if indicator.derived else indicator
        found = tuple(sorted({terms[carrier.source] for carrier in carried.series}))
        assert indicator.licence_effect == effects[found], indicator.id


def test_the_json_schema_is_the_loader_s_own():
    text = (files("indicators") / "catalogue.schema.json").read_text(encoding="utf-8")
    assert json.loads(text) == catalogue.schema(), "write catalogue.schema() into indicators/catalogue.schema.json"
    assert catalogue.schema()["additionalProperties"] is False
    assert "id" not in catalogue.schema()["properties"]


def test_the_table_of_series_tells_in_which_editions_a_code_was_used():
    rows = catalogue.tables()["indicator_series"].to_pylist()
    (old,) = (row for row in rows if row["series_code"] == "IT_NET_BBP")
    assert (old["valid_from"], old["valid_to"]) == ("", "2020")


def test_an_indicator_that_is_not_aggregated_says_why():
    for indicator in catalogue.load().values():
        if indicator.aggregate.method == "none":
            assert indicator.aggregate.reason, indicator.id


def test_no_series_of_a_source_carries_two_indicators():
    seen: dict[tuple[str, str], str] = {}
    for indicator in catalogue.load().values():
        for carrier in indicator.series:
            assert seen.setdefault((carrier.source, carrier.code), indicator.id) == indicator.id


def test_every_source_with_a_reader_is_asked_for_something():
    asked = {carrier.source for indicator in catalogue.load().values() for carrier in indicator.series}
    without_series = {"classifications", "submission"}  # groups, and figures of any indicator
    assert set(readers()) - without_series == asked & set(readers())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD.replace("direction: up", "direction: sideways"), "direction"),
        (GOOD.replace("bounds: [0, 100]", "bounds: [0]"), "bounds"),
        (GOOD + "colour: red\n", "colour"),
        (GOOD.replace("unit: percent_of_population\n", ""), "unit"),
        (GOOD.replace("zh: 甲", 'zh: " "'), "name.zh"),
        (GOOD + "wsis_target: k\n", "wsis_target"),
        (GOOD + "breakdowns: [colour]\n", "breakdowns"),
        (GOOD + "derived: {method: parity, of: internet_users}\n", "derived and none_held"),
        (GOOD.replace("none_held: nobody gathers it\n", ""), "not none"),
        ("name: [", "while parsing"),
        ("- a list", ""),
        ("", ""),
    ],
)
def test_a_wrong_file_is_named_with_the_key(text, words):
    with pytest.raises(Invalid) as caught:
        catalogue.parse("made_up.yml", text)
    assert "indicators/catalogue/made_up.yml" in caught.value.what
    assert words in caught.value.why


def test_a_good_file_is_read():
    assert catalogue.parse("made_up.yml", GOOD).id == "made_up"


def test_the_resolutions_own_figures_stand_with_their_edition():
    world = {(one.edition, one.year): one.value for one in published.gaps("internet_gender_gap", "WLD")}
    ldc = {(one.edition, one.year): one.value for one in published.gaps("internet_gender_gap", "LDC")}
    assert world["Facts and Figures 2016", 2016] == 12
    assert ldc["Facts and Figures 2016", 2016] == 31
    assert world["Facts and Figures 2024", 2024] == pytest.approx(6)
    assert world["Facts and Figures 2024", 2019] == pytest.approx(9)
    assert world["Facts and Figures 2022", 2019] == pytest.approx(10)


def test_rounded_shares_alone_bound_a_gap_and_give_no_value():
    newest = published.gaps("internet_gender_gap", "WLD")[-1]
    assert (newest.edition, newest.year, newest.value) == ("Facts and Figures 2025", 2025, None)
    assert newest.lower < (77 - 71) / 77 * 100 < newest.upper


def test_unconfirmed_figures_are_not_judged_by():
    assert all(one.value != 42.8 for one in published.gaps("internet_gender_gap", "LDC"))
    assert any(not figure.confirmed for part in published.load() for figure in part.figures)


def test_every_published_figure_names_its_source():
    for part in published.load():
        for figure in part.figures:
            assert figure.citation
            assert figure.edition
            assert figure.edition_date[:4].isdigit()


def test_the_meanings_name_no_table_twice():
    assert set(meanings()) == {"columns", "tables"}
