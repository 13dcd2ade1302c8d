"""Files of corrections are read strictly, and a correction holds only while the publisher says the wrong value."""

from dataclasses import replace
from pathlib import Path

import pytest

from schemas import correcting, correction
from schemas.errors import Invalid
from schemas.observation import REJECT
from schemas.source import Reading, Scope
from schemas.sources import readers
from tests.conftest import observations

ENTRY = """
- indicator: internet_users
  economy: SEN
  years: [2020]
  action: set
  value: 50
  expect: 500
  reason: ten times too many
  citation: a letter of the office, 2021-03-01
"""


def _reading(*rows, **given):
    table = observations(*rows)
    return replace(Reading(table, REJECT.empty_table(), "2021-01-01", (Scope("made_up", "NET"),)), **given)


def _changed(**keys):
    """Give the usual entry with keys replaced; None leaves one out."""
    lines = [line for line in ENTRY.strip().splitlines() if line.strip("- ").split(":")[0] not in keys]
    more = [f"  {name}: {value}" for name, value in keys.items() if value is not None]
    text = "\n".join([*lines, *more])
    return text if text.startswith("-") else "- " + text.strip()


def _correct(text, *rows, **given):
    return correcting.correct(_reading(*rows, **given), correction.parse(text, "made_up"))


def _figures(found):
    return found.reading.observations.select(["ref_area", "value", "obs_status", "note"]).to_pylist()


def test_a_wrong_value_is_set_with_status_and_note():
    found = _correct(ENTRY, {"value": 500, "note": "survey"}, {"ref_area": "GHA", "value": 500})
    note = "survey; corrected (set; the publisher says 500): ten times too many"
    assert _figures(found)[0] == {"ref_area": "SEN", "value": 50, "obs_status": "E", "note": note}
    assert _figures(found)[1] == {"ref_area": "GHA", "value": 500, "obs_status": "A", "note": ""}
    (row,) = found.rows
    assert (row["state"], row["raw_value"], row["corrected_value"]) == ("applied", 500, 50)
    assert row["record"] == "row:1"


def test_a_wrong_value_is_scaled():
    found = _correct(_changed(action="scale", value=None, factor=0.1, status="P"), {"value": 500})
    assert (_figures(found)[0]["value"], _figures(found)[0]["obs_status"]) == (50, "P")


def test_a_doubtful_value_is_flagged_and_stays():
    found = _correct(_changed(action="flag", value=None, status="U"), {"value": 500})
    assert (_figures(found)[0]["value"], _figures(found)[0]["obs_status"]) == (500, "U")


def test_a_wrong_value_is_dropped_and_the_others_stay():
    found = _correct(_changed(action="drop", value=None), {"value": 500}, {"ref_area": "GHA", "value": 3})
    assert [row["ref_area"] for row in _figures(found)] == ["GHA"]
    assert (found.rows[0]["raw_value"], found.rows[0]["corrected_value"]) == (500, None)


def test_each_year_may_have_its_own_wrong_value():
    text = _changed(years="[2019, 2020]", expect="{2019: 400, 2020: 500}")
    found = _correct(text, {"value": 500}, {"value": 400, "time_period": "2019"}, {"value": 400, "time_period": "2018"})
    assert [row["value"] for row in _figures(found)] == [50, 50, 400]


def test_a_correction_whose_value_is_gone_expires_loudly():
    found = _correct(ENTRY, {"value": 51})
    assert _figures(found)[0]["value"] == 51
    assert found.rows[0]["state"] == "expired"
    told = correcting.expired(found.rows[0])
    assert "expects 500" in told
    assert "now says 51" in told


def test_a_figure_that_was_withdrawn_expires_its_correction():
    found = _correct(ENTRY, {"ref_area": "GHA", "value": 3})
    assert found.rows[0]["state"] == "expired"
    assert "no longer has the figure" in correcting.expired(found.rows[0])


@pytest.mark.parametrize(
    "scope",
    [Scope("made_up", "OTHER"), Scope("made_up", "NET", ("GHA",)), Scope("made_up", "NET", None, (1990, 2000))],
)
def test_an_answer_that_does_not_speak_of_the_figure_says_nothing_of_its_correction(scope):
    found = _correct(ENTRY, {"ref_area": "GHA", "value": 3}, scopes=(scope,))
    assert found.rows[0]["state"] == "not spoken of"
    former = [{**found.rows[0], "state": "applied"}]
    assert correcting.newest(former, found.rows) == former


def test_other_breakdowns_of_the_same_place_are_let_be():
    found = _correct(_changed(sex="F"), {"value": 500}, {"value": 500, "sex": "F"})
    assert [row["value"] for row in _figures(found)] == [500, 50]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (ENTRY + "  colour: blue", "colour"),
        (_changed(reason=None), "reason"),
        (_changed(expect=None), "expect"),
        (_changed(value=None), "action set takes value"),
        (_changed(action="drop"), "action drop takes nothing, not value"),
        (_changed(action="flag", value=None), "action flag takes status"),
        (_changed(action="mend"), "action"),
        (_changed(status="Z"), "status Z"),
        (_changed(years="[]"), "years"),
        (_changed(expect="{2019: 500}"), "other years"),
        (ENTRY + ENTRY, "corrected twice"),
        ("internet_users: 3", "no list"),
        ("- [", "while parsing"),
        ("- source: x", "no correction of made_up"),
    ],
)
def test_a_file_with_a_mistake_is_refused_with_its_name(text, fault):
    with pytest.raises(Invalid, match=fault) as caught:
        correction.parse(text, "made_up")
    assert "schemas/corrections/made_up.yml" in caught.value.what


def test_a_file_is_found_by_the_source_s_name(tmp_path):
    (tmp_path / "made_up.yml").write_text(ENTRY, encoding="utf-8")
    assert [one.economy for one in correction.load(tmp_path, "made_up")] == ["SEN"]
    assert correction.load(tmp_path, "other") == ()


def test_every_file_that_ships_can_be_read_and_belongs_to_a_source():
    known = {*readers(), "unsd_gender"}
    for path in sorted((Path(correction.__file__).parent / "corrections").glob("*.yml")):
        assert path.stem in known
        assert correction.declared(path.stem)
