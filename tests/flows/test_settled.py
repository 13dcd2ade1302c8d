"""An answer that the history holds is not read again, and nobody can tell from report or history."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows import rules, settle, settled, staging, steps, third_gate
from flows.examine import examine
from schemas import source
from schemas.observation import REJECT
from schemas.source import Reading
from tests.conftest import observations, refreshed, write_bundle
from tests.warehouse.two_clocks import PLACES, Answer, Scope, day
from warehouse import pointer
from warehouse.history import Changes, stage
from warehouse.home import Home
from warehouse.query import fetch_rows
from warehouse.store import Store

ANSWERS = st.builds(
    Answer,
    st.integers(1, 4),
    st.dictionaries(st.sampled_from(PLACES), st.sampled_from([1.0, 2.0]), max_size=len(PLACES)),
    st.sampled_from([Scope(), Scope(("SEN",)), Scope(years=(2020, 2020))]),
)


def _reading(number: int, answer: Answer) -> Reading:
    answer = answer.without_what_it_does_not_speak_of()
    scope = source.Scope("made_up", "NET", answer.scope.areas, answer.scope.years)
    table = observations(*({**row, "snapshot": f"{number:064}"} for row in answer.rows()))
    return Reading(table, REJECT.empty_table(), day(answer.edition), (scope,))


def _figures(store: Store) -> list[dict[str, Any]]:
    return [
        row
        for table in ("history", "intake")
        for row in fetch_rows(store.con, f"SELECT * FROM store.{table} ORDER BY ALL")
    ]


@settings(max_examples=40)
@given(st.lists(ANSWERS, min_size=1, max_size=5))
def test_what_counts_as_repeatable_changes_nothing_when_it_is_staged_again(answers):
    moment = datetime(2026, 1, 1)
    with tempfile.TemporaryDirectory() as place, Store(Home(Path(place))) as store:
        for number, answer in enumerate(answers):
            reading = _reading(number, answer)
            change = stage(store.con, reading, moment, "source revised")
            if settled.repeatable(change, [reading.observations.num_rows]):
                before = _figures(store)
                again = stage(store.con, reading, moment + timedelta(hours=1), "source revised")
                assert again == Changes(unchanged=reading.observations.num_rows)
                assert _figures(store) == before
            moment += timedelta(days=1)


def test_of_several_readings_only_an_unchanged_run_is_repeatable():
    assert settled.repeatable(Changes(unchanged=5), [2, 3])
    assert not settled.repeatable(Changes(added=1, unchanged=4), [2, 3])
    assert not settled.repeatable(Changes(removed=1, unchanged=5), [2, 3])
    assert not settled.repeatable(Changes(unchanged=4), [2, 3])
    assert not settled.repeatable(Changes(unchanged=5, older=1), [5])
    assert settled.repeatable(Changes(added=1, revised=2, removed=9, confirmed=1, unchanged=1), [5])


LATER = {"edition": "2022-01-01"}
ONE: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "first": ("one", [{}, {"ref_area": "GHA", "value": 40}]),
    "revised": (
        "one",
        [{"value": 51, "edition": "2022-01-01"}, {"ref_area": "GHA", "value": 40, "edition": "2022-01-01"}],
    ),
    "older": ("one", [{"value": 49, "edition": "2020-01-01"}]),
    "shorter": ("one", [{"ref_area": "GHA", "value": 40, "edition": "2023-01-01"}]),
    "other": ("two", [{"ref_area": "KEN", "value": 30}] * 2),
    "wrong": ("two", [{"ref_area": "KEN", "time_period": "2090"}]),
}
CHOICES = ["first", "revised", "older", "shorter", "other", "wrong"]
RUNS = st.lists(st.lists(st.sampled_from(CHOICES), min_size=1, max_size=2, unique=True), min_size=3, max_size=5)


def _bundle(place: Path, names: list[str]) -> Path:
    """Write a bundle of the named contents; of two of one source the second stays."""
    for name in names:
        about, rows = ONE[name]
        write_bundle(place, rows, source=about)
    return place


def _state(home: Home, order: Mapping[datetime, int]) -> dict[str, Any]:
    """Give all that the history says, with each moment as the number of its run."""
    tables = ("history", "intake", "run", "quality_check", "reject", "source", "source_state", "snapshot", "correction")
    with Store(home) as store:
        found = {table: fetch_rows(store.con, f"SELECT * FROM store.{table} ORDER BY ALL") for table in tables}
    for rows in found.values():
        for row in rows:
            row.update({name: order[value] for name, value in row.items() if isinstance(value, datetime)})
            row.pop("received", None)
    return found


def _runs(home: Home) -> dict[datetime, int]:
    with Store(home) as store:
        rows = fetch_rows(store.con, "SELECT DISTINCT started FROM store.run ORDER BY started")
    return {row["started"]: number for number, row in enumerate(rows)}


def _told(report: Any, order: Mapping[datetime, int]) -> dict[str, Any]:
    names = {f"{moment:%Y%m%dT%H%M%SZ}": number for moment, number in order.items()}
    note = asdict(report)
    return {**note, "vintage": names.get(report.vintage), "release": bool(report.release), "seconds": 0}


RECALL = settled.recall


def _without_release(patch: pytest.MonkeyPatch) -> None:
    """Leave out what follows the history: derived figures, and all of a release but its name and its rules."""

    def publish(_: Store, home: Home, vintage: datetime, rules: str, *__: Any) -> Any:
        folder = home.releases / f"{vintage:%Y%m%dT%H%M%SZ}"
        folder.mkdir()
        (folder / "manifest.json").write_bytes(orjson.dumps({"vintage": folder.name, "rules": rules}))
        home.pointer.write_bytes(orjson.dumps({"release": f"releases/{folder.name}"}))
        return pointer.latest(home)

    patch.setattr(staging, "_derive", lambda *_: None)
    patch.setattr(third_gate, "check", lambda _: third_gate.Verdict())
    patch.setattr(settle, "publish", publish)


@settings(max_examples=1, derandomize=True)
@given(RUNS)
@example([["first"], ["first"], ["first", "other"], ["first", "other"], ["other"], ["first"], ["wrong"], ["other"]])
@example(
    [["first"], ["revised"], ["older"], ["older"], ["revised"], ["revised"], ["shorter"], ["shorter"], ["revised"]]
)
def test_nobody_can_tell_which_way_a_run_went(runs):
    with tempfile.TemporaryDirectory() as named, pytest.MonkeyPatch.context() as patch:
        place = Path(named)
        reports: dict[str, list[Any]] = {"quick": [], "full": []}
        _without_release(patch)
        for number, names in enumerate(runs):
            folder = _bundle(place / f"bundle-{number}", names)
            for way, found in reports.items():
                patch.setattr(settled, "recall", RECALL if way == "quick" else lambda *_: None)
                found.append(refreshed(Home(place / way), bundle=folder))
        orders = {way: _runs(Home(place / way)) for way in reports}
        told = {way: [_told(one, orders[way]) for one in found] for way, found in reports.items()}
        assert told["quick"] == told["full"]
        assert _state(Home(place / "quick"), orders["quick"]) == _state(Home(place / "full"), orders["full"])


@pytest.fixture
def read(monkeypatch) -> list[str]:
    """The sources that were read, in order."""
    found: list[str] = []
    real = examine

    def noting(name: str, *given: Any) -> Any:
        found.append(name)
        return real(name, *given)

    monkeypatch.setattr(steps, "examine", noting)
    return found


def test_only_what_is_new_is_read(refresh, tmp_path, read):
    both = _bundle(tmp_path / "a", ["first", "other"])
    refresh(bundle=both)
    assert read == ["one", "two"]
    report = refresh(bundle=both)
    assert read == ["one", "two"]
    assert not report.changed
    assert [(one.observations, one.checks_passed > 5) for one in report.sources] == [(2, True), (1, True)]
    report = refresh(bundle=_bundle(tmp_path / "b", ["revised", "other"]))
    assert read == ["one", "two", "one"]
    assert report.changed


def test_other_rules_read_anew(refresh, tmp_path, read, monkeypatch):
    refresh(bundle=_bundle(tmp_path / "a", ["first"]))
    read.clear()
    for module in (steps, settle):
        monkeypatch.setattr(module, "fingerprint", lambda: "others")
    refresh(bundle=tmp_path / "a")
    assert read == ["one"]
    refresh(bundle=tmp_path / "a")
    assert read == ["one"]


def test_another_year_reads_anew_another_day_does_not(refresh, tmp_path, read, monkeypatch):
    today = datetime.now(UTC).date()
    refresh(bundle=_bundle(tmp_path / "a", ["first"]))
    for asked, expected in ((today.replace(month=today.month, day=1), 0), (date(today.year + 1, 1, 1), 1)):
        read.clear()
        monkeypatch.setattr(steps, "_today", lambda asked=asked: asked)
        refresh(bundle=tmp_path / "a")
        assert len(read) == expected


def test_other_packages_read_anew(refresh, tmp_path, read, monkeypatch):
    refresh(bundle=_bundle(tmp_path / "a", ["first"]))
    read.clear()
    monkeypatch.setattr(settled, "packages", lambda: ["others"])
    refresh(bundle=tmp_path / "a")
    assert read == ["one"]


def test_a_history_that_does_not_know_the_run_reads_anew(home, refresh, tmp_path, read):
    refresh(bundle=_bundle(tmp_path / "a", ["first"]))
    older = home.history.read_bytes()
    refresh(bundle=tmp_path / "a")
    home.history.write_bytes(older)
    for entry in sorted(home.journal.glob("*Z.gz"))[1:]:
        entry.unlink()  # as of a home that was copied back
    read.clear()
    report = refresh(bundle=tmp_path / "a")
    assert read == ["one"]
    assert not report.changed


def test_a_crash_before_the_release_publishes_without_reading_again(home, refresh, tmp_path, read, monkeypatch):
    folder = _bundle(tmp_path / "a", ["first"])
    refresh(bundle=folder)
    with monkeypatch.context() as broken:
        broken.setattr(settle, "fingerprint", lambda: "other rules")
        broken.setattr("warehouse.releases.publish", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            refresh(bundle=folder)
    report = refresh(bundle=folder)
    assert report.changed


@pytest.mark.parametrize("damage", [b"", b"no note", b'{"source": "one", "settled": {}}', b"[1]", b'{"settled": null}'])
def test_a_damaged_note_reads_anew(home, refresh, tmp_path, read, damage):
    refresh(bundle=_bundle(tmp_path / "a", ["first"]))
    (home.settled / "one.json").write_bytes(damage)
    read.clear()
    assert refresh(bundle=tmp_path / "a").exit_status == 0
    assert read == ["one"]


def test_damaged_bytes_are_still_found(home, refresh, tmp_path, read):
    refresh(bundle=_bundle(tmp_path / "a", ["first"]))
    (raw,) = home.snapshots.glob("??/*.gz")
    raw.write_bytes(raw.read_bytes()[:-9])
    report = refresh(bundle=tmp_path / "a")
    assert read == ["one", "one"]
    assert "damaged" in report.sources[0].troubles[0]["what"]


def test_what_was_held_is_read_anew(refresh, tmp_path, read):
    folder = _bundle(tmp_path / "a", ["wrong"])
    first, second = refresh(bundle=folder), refresh(bundle=folder)
    assert read == ["two", "two"]
    assert first.sources[0].troubles == second.sources[0].troubles != []


def test_the_journal_tells_of_a_run_that_read_nothing(home, refresh, tmp_path):
    folder = _bundle(tmp_path / "a", ["first"])
    refresh(bundle=folder)
    refresh(bundle=folder)
    from warehouse.journal import Journal  # noqa: PLC0415

    first, second = Journal(home).entries()
    assert [one["receipts"] for one in first.outcomes] == [one["receipts"] for one in second.outcomes]
    assert (first.published, second.published) == (True, False)


def test_the_key_covers_the_code_that_reads(monkeypatch):
    assert rules.fingerprint("flows") != rules.fingerprint()


_QUICK = """
import sys
from pathlib import Path
from flows import plan
from flows.run import run_plain
given = {"files": [], "sources": [], "base_url": {}, "parquet": False}
report = run_plain(plan.make(home=Path(sys.argv[1]), bundle=Path(sys.argv[2]), **given))
print(report.changed, sorted({"great_expectations", "pandas", "scipy"} & set(sys.modules)))
"""


def test_the_engine_of_checks_is_not_loaded(home, refresh, tmp_path):
    folder = _bundle(tmp_path / "a", ["first"])
    refresh(bundle=folder)
    command = [sys.executable, "-c", _QUICK, str(home.root), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.split()[0] == "False"
    assert "great_expectations" not in done.stdout
    assert orjson.loads(home.state.read_bytes())["sources"][0]["state"] == "good"
