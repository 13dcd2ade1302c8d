"""Mandates: every paragraph is there, says what it asks for in two languages, and is told of or says why not."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from indicators import mandate, register, targets
from indicators.mandate import Known, Mandate
from schemas.errors import Invalid
from schemas.strict_file import parse_strictly

KNOWN = Known({"internet_users"}, {"t"}, {"r"})
GOOD = """
mandate: A/RES/0/1
title: {en: A review, zh: 审查}
adopted: "2025-12-17"
paragraphs:
  - number: "1"
    kind: quantitative
    summary: {en: More people are to be online., zh: 让更多人上网。}
    indicators: [internet_users]
    targets: [t]
  - number: "2a"
    kind: process
    summary: {en: A meeting is to be held., zh: 举行会议。}
    registers: [r]
    systems: [Forum]
  - number: "3"
    kind: none
    summary: {en: It gives thanks., zh: 致谢。}
    why_not: it asks for nothing
"""
RESOLUTION = next(one for one in mandate.load() if one.mandate == "E/RES/2017/21")
DOCS = Path(__file__).parents[2] / "docs" / "add-a-mandate.md"


def _read(tmp_path, *texts):
    folder = tmp_path / "mandates"
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"m{number}.yml").write_text(text, encoding="utf-8")
    return mandate.read(folder, KNOWN)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD + "colour: red\n", "colour"),
        (GOOD.replace("systems: [Forum]", "system: [Forum]"), "paragraphs.1.system"),
        (GOOD.replace(", zh: 让更多人上网。", ""), "paragraphs.0.summary.zh"),
        (GOOD.replace("zh: 致谢。", 'zh: " "'), "paragraphs.2.summary.zh"),
        (GOOD.replace("kind: process", "kind: vague"), "paragraphs.1.kind"),
        (GOOD.replace('"2a"', '"second"'), "paragraphs.1.number"),
        (GOOD.replace('number: "2a"', 'number: "1"'), "paragraph 1 stands there twice"),
        (GOOD.replace("[internet_users]", "[happiness]"), "paragraph 1, indicators: there is no happiness"),
        (GOOD.replace("[t]", "[u]"), "paragraph 1, targets: there is no u"),
        (GOOD.replace("[r]", "[s]"), "paragraph 2a, registers: there is no s"),
        (GOOD.replace("    why_not: it asks for nothing\n", ""), "paragraph 3 is of kind none and needs why_not"),
        (GOOD.replace("    indicators: [internet_users]\n", ""), "quantitative and needs indicators or why_not"),
        (GOOD.replace("    registers: [r]\n", ""), "paragraph 2a needs indicators, registers or why_not"),
        ("paragraphs: [", "while parsing"),
        ("", "valid dictionary"),
    ],
)
def test_a_wrong_file_is_named_with_the_key(tmp_path, text, words):
    with pytest.raises(Invalid) as caught:
        _read(tmp_path, text)
    assert "indicators/mandates/m0.yml" in caught.value.what
    assert words in caught.value.why
    assert "docs/add-a-mandate.md" in caught.value.next_step


def test_a_mandate_stands_in_one_file(tmp_path):
    with pytest.raises(Invalid, match="A/RES/0/1 stands in two files"):
        _read(tmp_path, GOOD, GOOD)


def test_a_second_mandate_is_one_more_file(tmp_path):
    own = (files("indicators") / "mandates" / "E-RES-2017-21.yml").read_text(encoding="utf-8")
    folder = tmp_path / "mandates"
    folder.mkdir()
    (folder / "E-RES-2017-21.yml").write_text(own, encoding="utf-8")
    (folder / "A-RES-0-1.yml").write_text(GOOD.replace("[t]", "[wsis_j]").replace("[r]", "[wsis_forum]"), "utf-8")
    known = Known({i for p in RESOLUTION.paragraphs for i in p.indicators}, targets.ids(), set(register.load()))
    tables = mandate.tables(mandate.read(folder, known))
    made_up = [row for row in tables["paragraph"].to_pylist() if row["mandate"] == "A/RES/0/1"]
    assert [row["paragraph"] for row in made_up] == ["1", "2a", "3"]
    assert [row["position"] for row in made_up] == [1, 2, 3]
    assert made_up[1]["systems"] == ["Forum"]
    link = {"mandate": "A/RES/0/1", "paragraph": "1", "target": "wsis_j"}
    assert link in tables["paragraph_target"].to_pylist()
    assert tables["paragraph"].num_rows == len(RESOLUTION.paragraphs) + 3


def test_every_paragraph_of_the_resolution_is_there_in_its_order():
    expected = [str(number) for number in range(1, 67)]
    expected[61:61] = [f"61{letter}" for letter in "abcde"]
    assert [paragraph.number for paragraph in RESOLUTION.paragraphs] == expected


@pytest.mark.parametrize("paragraph", RESOLUTION.paragraphs, ids=lambda one: one.number)
def test_a_paragraph_is_told_of_or_says_why_not(paragraph):
    if paragraph.kind == "quantitative":
        assert paragraph.indicators or paragraph.why_not
    else:
        assert paragraph.indicators or paragraph.registers or paragraph.why_not
    assert "\n" not in paragraph.summary.en + paragraph.summary.zh
    assert re.search(r"[\u4e00-\u9fff]", paragraph.summary.zh)
    assert len(set(paragraph.indicators)) == len(paragraph.indicators)
    assert len(set(paragraph.targets)) == len(paragraph.targets)


def test_the_resolution_s_own_targets_belong_to_the_paragraphs_that_they_name():
    of = {paragraph.number: paragraph.targets for paragraph in RESOLUTION.paragraphs}
    (own,) = (framework for framework in targets.load() if framework.mandate == "E/RES/2017/21")
    for target in own.targets:
        assert target.id in of[target.paragraph]


def test_every_target_and_register_is_reached_from_a_paragraph():
    assert {target for paragraph in RESOLUTION.paragraphs for target in paragraph.targets} == targets.ids()
    assert {name for paragraph in RESOLUTION.paragraphs for name in paragraph.registers} == set(register.load())


def test_the_shown_files_can_be_read():
    shown, framework, entries = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert parse_strictly("shown", shown, Mandate).paragraphs[0].number == "113"
    assert parse_strictly("shown", framework, targets.Framework).targets[0].value == 20
    assert parse_strictly("shown", entries, register.Register).entries[0].place == "Geneva"
    assert set(yaml.safe_load(framework)["targets"][0]) <= set(targets.Target.model_fields)
