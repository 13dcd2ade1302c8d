import pytest

from indicators import catalogue, published, targets
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
aggregate: {method: none, reason: for testing}
"""
PARAGRAPHS = {str(number) for number in range(1, 70)}


def test_every_file_uses_codes_that_are_known():
    for indicator in catalogue.load().values():
        assert indicator.unit in codes("unit").to_pylist(), indicator.id
        for carrier in indicator.series:
            assert (carrier.breakdown or "_T") in codes("breakdown").to_pylist(), indicator.id
        assert set(indicator.paragraphs) <= PARAGRAPHS, indicator.id


def test_every_indicator_is_carried_by_a_series_or_derived():
    for indicator in catalogue.load().values():
        assert bool(indicator.series) != bool(indicator.derived), indicator.id
        if indicator.derived:
            assert indicator.derived.of in catalogue.load()


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


def test_targets_speak_of_known_indicators_and_areas():
    areas = set(codes("area", "ref_area").to_pylist())
    for framework in targets.load():
        ids = [target.id for target in framework.targets]
        assert len(ids) == len(set(ids))
        for target in framework.targets:
            assert target.indicator in catalogue.load(), target.id
            assert target.area in areas, target.id
            assert target.base_year < target.deadline, target.id


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
