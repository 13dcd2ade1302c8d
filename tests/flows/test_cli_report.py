"""`ictdev report`: what it writes, what it refuses, and that nothing is left half-written."""

import sys

import pytest

from flows import cli
from schemas.errors import Usage


@pytest.fixture
def ictdev(monkeypatch, capsys, released):
    def call(*words):
        monkeypatch.setattr(sys, "argv", ["ictdev", "--home", str(released.root), *(str(word) for word in words)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        printed = capsys.readouterr()
        return int(caught.value.code or 0), printed.out, printed.err

    return call


def test_the_report_is_written_and_the_next_step_told(ictdev, tmp_path):
    out = tmp_path / "report.html"
    status, printed, told = ictdev("report", "--lang", "zh", "--out", out)
    assert (status, printed) == (0, "")
    assert "next" in told
    assert out.read_text(encoding="utf-8").startswith('<!doctype html>\n<html lang="zh-CN">')


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--lang", "fr", "--out", "report.html"), "en, zh"),
        (("--out", "report.pdf"), ".html or .docx"),
        (("--out", "report"), ".html or .docx"),
        (("--out", "nowhere/report.html"), "there is no folder"),
        (("--out", "report.html", "--since", "yesterday"), "is not a date"),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing(ictdev, tmp_path, monkeypatch, words, why):
    monkeypatch.chdir(tmp_path)
    status, _, told = ictdev("report", *words)
    assert status == Usage.exit_status == 2
    assert why in told
    assert list(tmp_path.iterdir()) == []


def test_a_former_report_stays_when_writing_fails(ictdev, tmp_path, monkeypatch):
    import dashboards.report  # noqa: PLC0415

    out = tmp_path / "report.html"
    out.write_text("former")

    def fail(*_given):
        raise OSError(28, "No space left on device", str(out))

    monkeypatch.setattr(dashboards.report, "write", fail)
    status, _, told = ictdev("report", "--out", out)
    assert status != 0
    assert "No space left" in told
    assert out.read_text() == "former"
