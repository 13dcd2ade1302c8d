"""When a publisher is due: by its contract's cadence, once for all that was missed, again where it did not answer."""

from datetime import UTC, datetime, timedelta

import pytest

from flows import due, runbook
from flows.plan import asked as askable
from flows.runbook import Asked, Run, Runbook
from schemas.cadence import CADENCES
from schemas.errors import Usage

MONDAY = datetime(2026, 11, 30, 4, 17, tzinfo=UTC)


def _asked(at: datetime, state: str = "good") -> dict[str, Asked]:
    return {"world_bank": Asked(at, state)}


def test_every_source_that_can_be_asked_has_a_rhythm():
    for source in askable([]):
        assert due.cadence_of(source) in CADENCES.values()


@pytest.mark.parametrize("source", ["submission", "stocktaking"])
def test_a_source_that_nobody_can_be_asked_for_has_none_and_that_is_told(source):
    with pytest.raises(Usage, match="no rhythm"):
        due.cadence_of(source)


@pytest.mark.parametrize(
    ("former", "now", "expected"),
    [
        (MONDAY - timedelta(days=6), MONDAY - timedelta(days=1), []),
        (MONDAY - timedelta(days=6), MONDAY, ["world_bank"]),
        (MONDAY, MONDAY + timedelta(hours=19), []),
        (MONDAY, MONDAY + timedelta(days=6), []),
        (MONDAY, MONDAY + timedelta(days=7), ["world_bank"]),
        (MONDAY - timedelta(days=90), MONDAY + timedelta(days=2), ["world_bank"]),  # slept over twelve Mondays
    ],
)
def test_a_monthly_source_is_due_once_a_week(former, now, expected):
    assert due.due(["world_bank"], _asked(former), now) == expected


def test_one_run_makes_up_for_all_that_was_missed():
    woken = MONDAY + timedelta(days=30)
    assert due.due(["world_bank"], _asked(MONDAY), woken) == ["world_bank"]
    assert due.due(["world_bank"], _asked(woken), woken + timedelta(minutes=1)) == []


def test_one_that_did_not_answer_is_due_at_the_next_tick_and_one_that_is_held_is_not():
    tomorrow = MONDAY + timedelta(days=1)
    assert due.due(["world_bank"], _asked(MONDAY, "unavailable"), tomorrow) == ["world_bank"]
    assert due.due(["world_bank"], _asked(MONDAY, "held"), tomorrow) == []


def test_sources_of_different_rhythm_that_are_due_together_fire_together():
    asked = {"world_bank": Asked(MONDAY, "good"), "unsd_sdg": Asked(MONDAY, "good")}
    monday_the_15th = datetime(2027, 2, 15, 4, 17, tzinfo=UTC)
    assert due.due(["world_bank", "unsd_sdg"], asked, monday_the_15th) == ["world_bank", "unsd_sdg"]


def test_the_firings_that_are_shown_are_those_that_come():
    found = list(due.firings(["world_bank"], _asked(MONDAY), "17 4 * * *", MONDAY, 3))
    assert [one.at - MONDAY for one in found] == [timedelta(days=7), timedelta(days=14), timedelta(days=21)]


@pytest.mark.parametrize("line", ["", "every day", "61 * * * *", "* * * *"])
def test_what_is_no_cron_line_is_told(line):
    with pytest.raises(Usage, match="no cron line"):
        next(due.ticks(line, MONDAY))


def test_the_runbook_comes_back_as_it_was_and_a_damaged_one_counts_as_empty(home):
    home.create()
    book = Runbook(("r", MONDAY), Run("r", MONDAY, 1.5, 3, "v", changed=True), _asked(MONDAY), {"stale:a": "d"}, [])
    book.save(home)
    assert runbook.load(home) == book
    for content in (b"", b"[]", b"{}", b'{"begun": 5}', b"\xff"):
        home.runs.write_bytes(content)
        assert runbook.load(home) == Runbook()
