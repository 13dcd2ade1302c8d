"""What is told of a run, to whom, once; and that no receiver, however it behaves, fails a run or learns a secret."""

import logging
from datetime import UTC, datetime

import orjson
import pytest
from pydantic import SecretStr

from flows import log, runbook, sending
from flows.notices import Notice
from flows.report import Report, SourceReport
from flows.settings import Settings, load
from flows.watch import look, watching
from schemas.errors import Busy, IctdevError
from tests.conftest import write_bundle
from tests.flows.receivers import smtp
from warehouse.lock import exclusive

SECRET = "s3cret-path"
NOTICE = Notice("test", "subject", "text", "about")
TROUBLE = {"name": "x", "title": "source held", "what": "a check failed", "why": "why", "next": "next"}


def _report(state: str, *troubles: dict[str, str], events: tuple[str, ...] = ()) -> Report:
    one = SourceReport("world_bank", "World Bank", state, "2026", troubles=list(troubles))
    return Report(sources=[one], vintage="20261125T000000Z", release="there", events=list(events))


def _state(home, state: str, last_good: str | None) -> None:
    row = {"source": "world_bank", "state": state, "last_good": last_good, "edition": "", "reason": "", "next_step": ""}
    home.create()
    home.state.write_bytes(orjson.dumps({"sources": [row]}))


@pytest.fixture
def hook(httpserver):
    httpserver.expect_request(f"/{SECRET}", method="POST").respond_with_data("")
    return Settings(notify_webhook=SecretStr(httpserver.url_for(f"/{SECRET}")), notify_attempts=1)


def _told(httpserver) -> list[dict[str, str]]:
    return [request.get_json() for request, _ in httpserver.log]


def _ended(home, settings, report) -> None:
    with exclusive(home), watching(home, settings, ["world_bank"]) as watched:
        watched.report = report


def _fails(home, settings) -> None:
    with exclusive(home), watching(home, settings, []):
        raise IctdevError("no luck")


def test_a_source_newly_held_is_told_once(home, hook, httpserver):
    _state(home, "good", datetime.now(UTC).replace(tzinfo=None).isoformat())
    _ended(home, hook, _report("held", TROUBLE))
    _state(home, "held", datetime.now(UTC).replace(tzinfo=None).isoformat())
    _ended(home, hook, _report("held", TROUBLE))
    kinds = [(one["kind"], one["about"]) for one in _told(httpserver) if one["kind"] == "held"]
    assert kinds == [("held", "world_bank")]
    assert "a check failed" in _told(httpserver)[0]["text"]


def test_a_stale_source_is_told_once_also_where_nothing_ran_and_again_when_it_comes_again(home, hook, httpserver):
    now = datetime.now(UTC).replace(tzinfo=None)
    for last_good in ("2020-01-01T00:00:00", "2020-01-01T00:00:00", now.isoformat(), "2020-01-01T00:00:00"):
        _state(home, "unavailable", last_good)
        with exclusive(home):
            look(home, hook)
    assert [one["kind"] for one in _told(httpserver)] == ["stale", "stale"]


def test_targets_that_turn_are_told_and_those_that_only_move_are_not(home, hook, httpserver):
    events = tuple(f"E/RES/2017/21 § 8 t by s: on track → {now} (because)" for now in ("met", "off track", "missed"))
    _ended(home, hook, _report("good", events=events))
    assert [one["subject"].split(":")[0] for one in _told(httpserver)] == ["target met", "target missed"]


def test_a_run_that_fails_is_told_with_its_reason_and_the_error_goes_on(home, hook, httpserver):
    with pytest.raises(IctdevError), exclusive(home), watching(home, hook, []):
        raise IctdevError("the disk is full")
    (told,) = _told(httpserver)
    assert told["kind"] == "failed"
    assert "the disk is full" in told["text"]
    last = runbook.load(home).last
    assert last is not None
    assert (last.exit_status, last.error) == (4, "the disk is full")


def test_a_run_that_was_killed_is_told_by_the_next(home, hook, httpserver):
    home.create()
    runbook.Runbook(begun=("dead", datetime(2026, 1, 1, tzinfo=UTC))).save(home)
    _ended(home, hook, _report("good"))
    (told,) = _told(httpserver)
    assert (told["kind"], told["about"]) == ("failed", "dead")
    assert runbook.load(home).begun is None


def test_one_that_finds_the_home_taken_neither_waits_nor_writes_anything(home):
    with exclusive(home), pytest.raises(Busy), exclusive(home):
        raise AssertionError
    assert not home.runs.exists()


def test_a_receiver_that_is_down_fails_no_run_and_gets_its_notice_from_the_next(home, httpserver, caplog):
    httpserver.expect_ordered_request("/hook").respond_with_data("", status=503)
    httpserver.expect_ordered_request("/hook").respond_with_data("")
    settings = Settings(notify_webhook=SecretStr(httpserver.url_for("/hook")), notify_attempts=1)
    log.LOGGER.propagate = True
    with caplog.at_level(logging.WARNING, "ictdev"), pytest.raises(IctdevError):
        _fails(home, settings)
    assert "the webhook receiver took no notice: it answered 503" in caplog.text
    assert len(runbook.load(home).unsent) == 1
    with exclusive(home):
        look(home, settings)
    assert runbook.load(home).unsent == []


def test_what_fails_in_passing_is_tried_again_and_a_refusal_is_not(httpserver):
    httpserver.expect_ordered_request("/a").respond_with_data("", status=500)
    httpserver.expect_ordered_request("/a").respond_with_data("")
    httpserver.expect_ordered_request("/b").respond_with_data("", status=404)
    for place, unsent, asked in (("/a", 0, 2), ("/b", 1, 3)):
        settings = Settings(notify_webhook=SecretStr(httpserver.url_for(place)), notify_attempts=3)
        assert len(sending.send(settings, [NOTICE], [])[0]) == unsent
        assert len(httpserver.log) == asked


def test_one_channel_that_is_down_does_not_hold_up_the_other(httpserver, hook):
    with smtp(b"550 no") as (port, taken):
        both = hook.model_copy(
            update={
                "notify_email": ["a@b.example"],
                "smtp_host": "127.0.0.1",
                "smtp_port": port,
                "smtp_security": "none",
            }
        )
        unsent, failures = sending.send(both, [NOTICE, NOTICE], [])
    assert (len(_told(httpserver)), taken) == (2, [])
    assert [one["channel"] for one in unsent] == ["e-mail", "e-mail"]
    assert len(failures) == 1


def test_an_e_mail_comes_with_subject_and_reason():
    with smtp() as (port, taken):
        settings = Settings(notify_email="a@b.example, c@d.example", smtp_host="127.0.0.1", smtp_port=port,
                            smtp_security="none", notify_attempts=1)  # fmt: skip
        notice = Notice("held", "world_bank\nis held", "Weil – why", "world_bank", "r", "v")
        assert sending.send(settings, [notice], []) == ([], [])
    assert "Subject: [ictdev] world_bank is held" in taken[0]
    assert "To: a@b.example, c@d.example" in taken[0]


def test_no_secret_is_logged_kept_or_shown(home, httpserver, caplog, capsys, monkeypatch):
    monkeypatch.setenv("ICTDEV_NOTIFY_WEBHOOK", httpserver.url_for(f"/gone/{SECRET}"))
    monkeypatch.setenv("ICTDEV_SMTP_PASSWORD", SECRET)
    monkeypatch.setenv("ICTDEV_NOTIFY_ATTEMPTS", "1")
    settings = load(home=home.root)
    log.LOGGER.propagate = True
    with caplog.at_level(logging.DEBUG, "ictdev"), pytest.raises(IctdevError):
        _fails(home, settings)
    from flows import notify  # noqa: PLC0415

    notify.show(settings)
    notify.test(settings)
    shown = capsys.readouterr()
    assert "took no notice" in caplog.text
    logged = "".join(one.getMessage() for one in caplog.records if one.name != "werkzeug")  # the receiver's own
    for text in (logged, shown.out, shown.err, home.runs.read_text(), repr(settings)):
        assert SECRET not in text


def test_each_line_of_the_log_names_run_source_and_vintage(capsys):
    log.configure(as_json=True)
    log.tell("r1", _report("held", TROUBLE, events=("t: a → met (b)",)))
    lines = [orjson.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["run"], line["vintage"]) for line in lines] == [("r1", "20261125T000000Z")] * 3
    assert [line["source"] for line in lines] == ["world_bank", "", ""]
    assert lines[0]["level"] == "error"


@pytest.mark.usefixtures("light")
def test_a_watched_run_is_written_down(home, refresh, tmp_path):
    report = refresh(bundle=write_bundle(tmp_path / "bundle", [{"value": 50}]))
    _ended(home, Settings(), report)
    last = runbook.load(home).last
    assert last is not None
    assert (last.exit_status, last.vintage, last.error) == (0, report.vintage, "")
