"""Registers, the core list and the matrix of action lines: dated, cited, and marked where nobody has checked."""

import pytest

from indicators import catalogue, core_list, register
from indicators.core_list import CoreList, Matrix
from schemas.errors import Invalid
from schemas.strict_file import parse_strictly

GOOD = """
title: {en: Meetings, zh: 会议}
entries:
  - date: "2017-06"
    what: {en: A meeting, zh: 会议}
    citation: somewhere
    certainty: confirmed
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD + "colour: red\n", "colour"),
        (GOOD + "    colour: red\n", "entries.0.colour"),
        (GOOD.replace('"2017-06"', '"June 2017"'), "entries.0.date"),
        (GOOD.replace('"2017-06"', '"2017-13"'), "entries.0.date"),
        (GOOD.replace('- date: "2017-06"\n    what', "- what"), "entries.0.date"),
        (GOOD + '    until: "2016"\n', "lies before date"),
        (GOOD.replace("    citation: somewhere\n", ""), "entries.0.citation"),
        (GOOD.replace("    certainty: confirmed\n", ""), "entries.0.certainty"),
        (GOOD.replace("what: {en: A meeting, zh: 会议}", "what: {en: A meeting}"), "entries.0.what.zh"),
        ("", "valid dictionary"),
    ],
)
def test_a_wrong_register_is_named_with_the_key(tmp_path, text, words):
    folder = tmp_path / "registers"
    folder.mkdir()
    (folder / "made_up.yml").write_text(text, encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        register.read(folder)
    assert "indicators/registers/made_up.yml" in caught.value.what
    assert words in caught.value.why


def test_entries_come_by_date_with_their_citation():
    rows = [row for row in register.table().to_pylist() if row["register"] == "igf_meetings"]
    assert [row["date_from"] for row in rows] == sorted(row["date_from"] for row in rows)
    (guadalajara,) = (row for row in rows if row["place"].startswith("Guadalajara"))
    assert (guadalajara["date_from"], guadalajara["date_to"]) == ("2016-12-06", "2016-12-09")
    assert "paragraph 50" in guadalajara["citation"]


def test_the_review_of_2025_stands_with_the_report_s_new_rhythm():
    facts = {row["what_en"] for row in register.table().to_pylist() if row["register"] == "wsis_review"}
    assert any("biennial" in fact for fact in facts)


def test_an_item_of_the_core_list_stands_once():
    text = """
edition: "2022"
citation: somewhere
items:
  - {code: A1, name: {en: a, zh: 甲}, certainty: confirmed}
  - {code: A1, name: {en: b, zh: 乙}, certainty: confirmed}
"""
    with pytest.raises(Invalid, match="the item A1 stands there twice"):
        parse_strictly("core_list.yml", text, CoreList)
    with pytest.raises(Invalid, match=r"items\.0\.colour"):
        parse_strictly(
            "core_list.yml", text.replace("code: A1, name: {en: a", "colour: red, code: A1, name: {en: a"), CoreList
        )


def test_every_code_that_an_indicator_names_is_an_item():
    listed = {item.code for item in core_list.load().items}
    assert {one.core_list for one in catalogue.load().values() if one.core_list} <= listed


def test_items_without_indicator_are_listed_too():
    rows = core_list.item_table().to_pylist()
    assert {row["code"] for row in rows} == {item.code for item in core_list.load().items}
    assert [row["indicator"] for row in rows if row["code"] == "HH1"] == [None]
    assert {row["indicator"] for row in rows if row["code"] == "A3"} == {
        "fixed_broadband_per_100",
        "fixed_broadband_subscriptions",
    }


def test_the_matrix_names_every_action_line_and_no_goal_beyond_17():
    lines = {row["action_line"].split()[0] for row in core_list.matrix_table().to_pylist()}
    assert lines == {f"C{number}" for number in range(1, 12)}
    assert all(1 <= row["goal"] <= 17 for row in core_list.matrix_table().to_pylist())
    assert core_list.matrix().certainty == "unconfirmed"


def test_a_goal_that_does_not_exist_is_refused():
    line = "{line: C1, name: {en: a, zh: 甲}, goals: [18]}"
    text = f"{{as_of: '2026', citation: c, certainty: unconfirmed, lines: [{line}]}}"
    with pytest.raises(Invalid, match=r"lines\.0\.goals"):
        parse_strictly("wsis_sdg.yml", text, Matrix)
