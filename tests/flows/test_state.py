"""The resolution by paragraph: what is measured, what is not and why, and the way down to the evidence."""

import pytest

from flows.state import Asked, rows, texts
from warehouse.query import open_release

RESOLUTION = "E/RES/2017/21"


@pytest.fixture(scope="module")
def session(released):
    with open_release(released.root) as opened:
        yield opened


def _lines(session, **asked):
    given = Asked(RESOLUTION, **asked)
    return list(texts(rows(session, given), whole=given.narrowed))


def test_every_paragraph_is_told_once(session):
    found = rows(session, Asked(RESOLUTION))
    told = list(dict.fromkeys(row["paragraph"] for row in found))
    (there,) = session.rows(
        "SELECT list(paragraph ORDER BY position) AS n FROM paragraph WHERE mandate = ?", [RESOLUTION]
    )
    assert told == there["n"]
    assert len(told) == 71
    headings = [line for line in _lines(session) if line.startswith(("[bold]§", "[dim]§"))]
    assert len([line for line in headings if ": within" not in line and ": at least" not in line]) >= 71


def test_what_cannot_be_measured_is_one_line_with_the_reason(session):
    (line,) = _lines(session, paragraph="18")
    assert line.startswith("[dim]§ 18  not measurable: whether a measure is lawful")
    (line,) = _lines(session, paragraph="37")
    assert "register wsis_forum" in line


def test_targets_of_other_instruments_are_counted_and_shown_when_asked_for(session):
    every = "\n".join(_lines(session))
    assert "(--paragraph 8)" in every
    assert "(Connect 2020)" not in every
    assert "(Connect 2020)" in "\n".join(_lines(session, paragraph="8"))


def test_filters_narrow_the_rows(session):
    assert {row["status"] for row in rows(session, Asked(RESOLUTION, status="missed"))} == {"missed"}
    assert {row["kind"] for row in rows(session, Asked(RESOLUTION, kind="process"))} == {"process"}
    assert {row["indicator"] for row in rows(session, Asked(RESOLUTION, indicator="mobile_coverage"))} == {
        "mobile_coverage"
    }
    assert rows(session, Asked("O'Brien")) == []


def test_evidence_leads_to_rows_that_are_there(session):
    (count,) = session.rows("SELECT count(*) AS n FROM evidence WHERE kept_in = 'observation'")
    (found,) = session.rows(
        "SELECT count(*) AS n FROM evidence e JOIN observation o ON e.evidence_key = concat_ws('/', o.source, "
        "o.indicator, o.ref_area, o.time_period, o.sex, o.age, o.urbanisation, o.breakdown) AND e.value = o.value"
    )
    assert count["n"] == found["n"] > 50


def test_from_a_figure_back_to_the_paragraphs_it_serves(session):
    found = session.rows(
        "SELECT DISTINCT t.paragraph FROM evidence e JOIN paragraph_target t USING (target) "
        "WHERE e.evidence_key LIKE 'world_bank/internet_users/LDC/2020/%' AND t.mandate = ?",
        [RESOLUTION],
    )
    assert "8" in {row["paragraph"] for row in found}


def test_every_standing_with_a_value_has_evidence(session):
    assert session.rows("SELECT * FROM assessment WHERE value IS NOT NULL AND len(evidence) = 0") == []


def test_each_standing_is_held_against_every_yardstick(session):
    (row,) = session.rows(
        "SELECT (SELECT count(*) FROM yardstick) AS held, "
        "(SELECT count(*) FROM assessment WHERE basis <> 'none') AS n, "
        "(SELECT count(*) FROM yardstick WHERE (state = '') <> (reason <> '')) AS unexplained"
    )
    assert (row["held"], row["unexplained"]) == (4 * row["n"], 0)
