"""Targets: read strictly, each with its source and certainty; what cannot be judged says why."""

import math

import pytest

from indicators import catalogue, targets
from indicators.assess import assess
from schemas.codelist import codes
from schemas.errors import Invalid

HELD = """
mandate: Made up
targets:
  - id: t
    paragraph: "1"
    question: {en: "?", zh: "？"}
    indicator: internet_users
    area: WLD
    comparison: at_least
    value: 50
    deadline: 2030
    base_year: 2015
    written_in: here
"""
NONE = HELD.replace("    area: WLD\n", "    series: none\n    why: nobody counts it\n")
NO_NUMBER = HELD.replace("    comparison: at_least\n    value: 50\n", "")
EVERY = [(framework, target) for framework in targets.load() for target in framework.targets]


def _read(tmp_path, text):
    folder = tmp_path / "targets"
    folder.mkdir()
    (folder / "made_up.yml").write_text(text, encoding="utf-8")
    return targets.read(folder)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HELD + "    colour: red\n", "targets.0.colour"),
        (HELD.replace("    written_in: here\n", ""), "targets.0.written_in"),
        (HELD.replace('zh: "？"', 'zh: ""'), "targets.0.question.zh"),
        (HELD.replace("at_least", "about"), "targets.0.comparison"),
        (HELD.replace("    value: 50\n", ""), "value and comparison go together"),
        (HELD.replace("    area: WLD\n", ""), "indicator, area and base_year are needed"),
        (HELD + "    certainty: maybe\n", "targets.0.certainty"),
        (HELD + "    why: no reason\n", "only there"),
        (NONE.replace("    why: nobody counts it\n", ""), "why is needed"),
        (HELD + "    series: some\n", "targets.0.series"),
        ("mandate: [", "while parsing"),
        ("", "valid dictionary"),
    ],
)
def test_a_wrong_file_is_named_with_the_key(tmp_path, text, words):
    with pytest.raises(Invalid) as caught:
        _read(tmp_path, text)
    assert "indicators/targets/made_up.yml" in caught.value.what
    assert words in caught.value.why


def test_an_id_stands_once_among_all_frameworks(tmp_path):
    (tmp_path / "targets").mkdir()
    for name in ("one", "two"):
        (tmp_path / "targets" / f"{name}.yml").write_text(HELD, encoding="utf-8")
    with pytest.raises(Invalid, match="the target t stands there twice"):
        targets.read(tmp_path / "targets")


def test_certainty_that_is_not_told_counts_as_unconfirmed(tmp_path):
    assert _read(tmp_path, HELD)[0].targets[0].certainty == "unconfirmed"


def test_a_target_without_a_number_shows_the_newest_figure_and_cannot_be_judged(tmp_path):
    (framework,) = _read(tmp_path, NO_NUMBER)
    found = assess([(2019, 40.0), (2024, 60.0)], framework.targets[0], 2026)
    assert (found.status, found.year, found.value) == ("cannot say", 2024, 60.0)
    assert "names no number" in found.reason
    assert math.isnan(framework.targets[0].distance(60.0))
    assert not framework.targets[0].met_by(60.0)


def test_a_target_without_series_needs_neither_area_nor_base_year(tmp_path):
    (framework,) = _read(tmp_path, NONE.replace("    base_year: 2015\n", ""))
    assert framework.targets[0].why == "nobody counts it"


@pytest.mark.parametrize(("framework", "target"), EVERY, ids=[target.id for _, target in EVERY])
def test_every_target_speaks_of_what_is_known(framework, target):
    if target.indicator:
        assert target.indicator in catalogue.load()
    if target.series == "held":
        assert not catalogue.load()[target.indicator].none_held
        assert target.area in codes("area", "ref_area").to_pylist()
        assert target.breakdown in codes("breakdown").to_pylist()
        assert target.base_year < target.deadline


def test_the_instruments_that_the_resolution_names_are_all_there():
    numbers = {framework.mandate: {target.paragraph for target in framework.targets} for framework in targets.load()}
    counts = {name: len(found) for name, found in numbers.items()}
    assert counts["Connect 2020"] == 17
    assert counts["WSIS targets"] == 10
    assert set(counts) >= {"A/RES/70/1", "Connect 2030", "Broadband Commission 2015", "Broadband Commission 2025"}
    assert numbers["A/RES/70/1"] == {"9.c", "17.8", "5.b", "4.4", "17.6"}


def test_the_table_tells_certainty_and_reason():
    rows = {row["id"]: row for row in targets.table().to_pylist()}
    assert rows["gender_gap_ldc"]["certainty"] == "confirmed"
    assert rows["gender_gap_ldc"]["benchmark_value"] == 31
    assert rows["connect2030_users_world"]["certainty"] == "unconfirmed"
    assert rows["connect2020_e_waste"]["series"] == "none"
    assert rows["connect2020_e_waste"]["why"]
