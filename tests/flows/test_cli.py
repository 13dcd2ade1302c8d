"""The command line: what it prints, where errors go, and the exit statuses that scripts rely on."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows import cli, run
from tests.conftest import without_prefect, write_bundle
from tests.exchanges import page, row
from tests.schemas.samples import SAMPLES, form
from warehouse.home import Home
from warehouse.lock import exclusive
from warehouse.pointer import newest

UNGATED = pytest.mark.usefixtures("ungated")


@pytest.fixture
def ictdev(monkeypatch, capsys, home):
    """Run a command in this process; gives exit status, stdout and stderr."""
    without_prefect(monkeypatch)

    def call(*words: object, on: Home = home) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ictdev", "--home", str(on.root), *(str(word) for word in words)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        printed = capsys.readouterr()
        return int(caught.value.code or 0), printed.out, printed.err

    return call


def test_a_refresh_tells_sources_promises_release_and_next_steps(ictdev, home, tmp_path):
    folder = write_bundle(tmp_path / "b", [{"ref_area": "WLD", "value": 60}])
    status, out, _ = ictdev("refresh", "--bundle", folder)
    assert status == 0
    assert "made_up\t2021-01-01\t1\t1\t0\t0\t0\t" in out
    assert "§ 19" in out
    assert "60 % (2020)" in out
    assert out.count(": at least") == 3  # the resolution's own targets and no others
    assert str(home.root / "releases") in out
    status, out, _ = ictdev("refresh", "--bundle", folder)
    assert (status, "Nothing changed: release" in out) == (0, True)


def test_the_bundled_figures_answer_the_resolution(ictdev, released):
    status, out, _ = ictdev("assess", on=released)
    assert status == 0
    for words in (
        "33.7 % (2025), 24.1 % (2020) · World Bank, World Development Indicators, edition 2026-07-13",
        "the resolution says 12 % less likely (2016)",
        "the resolution says 31 % less likely (2016)",
        "30 % (2024), 26 % (2019) · ITU, edition Facts and Figures 2024",
        "at least 50% is needed",
        "reached in 2019",
    ):
        assert words in out


def test_other_frameworks_are_shown_when_they_are_asked_for(ictdev, released):
    _, out, _ = ictdev("assess", on=released)
    assert "Connect 2020" not in out
    status, out, _ = ictdev("assess", "--mandate", "Connect 2020", "--paragraph", "2.2.B", on=released)
    assert status == 0
    assert "§ 2.2.B people who use the internet, LDCs: at least 20 % by 2020" in out
    assert "met" in out
    _, out, _ = ictdev("assess", "--mandate", "WSIS targets", "--paragraph", "c", on=released)
    assert "no figure" in out
    assert "the review of 2014 is the last account of it" in out


@UNGATED
def test_quiet_prints_nothing_when_all_is_well(ictdev, tmp_path, monkeypatch):
    folder = write_bundle(tmp_path / "b", [{}])
    assert ictdev("--quiet", "refresh", "--bundle", folder) == (0, "", "")


@UNGATED
def test_json_log_is_one_line_that_a_script_reads(ictdev, tmp_path):
    folder = write_bundle(tmp_path / "b", [{}])
    status, out, err = ictdev("--json-log", "refresh", "--bundle", folder)
    report = json.loads(out)
    assert (status, err, report["exit_status"], report["changed"]) == (0, "", 0, True)
    assert report["sources"][0]["added"] == 1


@UNGATED
def test_an_error_is_one_block_on_stderr_without_a_traceback(ictdev, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_bytes(page(row(value=140)))
    status, out, err = ictdev("refresh", "--from-file", f"world_bank={bad}")
    assert status == 4
    assert "ictdev: world_bank, source held; nothing from it was published" in err
    assert "  what  bad.json: stored_value_not_above_bound" in err
    assert "  next  " in err
    assert "Traceback" not in out + err


@UNGATED
def test_partly_is_three(ictdev, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_bytes(b"")
    folder = write_bundle(tmp_path / "b", [{}])
    status, out, err = ictdev("refresh", "--bundle", folder, "--from-file", f"world_bank={bad}")
    assert status == 3
    assert "world_bank\t\t0\t0\t0\t0\t0\theld" in out
    assert "bad.json is empty" in err


@UNGATED
def test_another_refresh_is_five(ictdev, home, tmp_path):
    folder = write_bundle(tmp_path / "b", [{}])
    with exclusive(home):
        status, _, err = ictdev("refresh", "--bundle", folder)
    assert status == 5
    assert "another refresh is running" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("refresh", "--source", "nobody"), "there is no source “nobody”"),
        (("refresh", "--from-file", "world_bank"), "is not SOURCE=FILE"),
        (("refresh", "--from-file", "world_bank=/gone.csv"), "there is no file"),
        (("refresh", "--bundle", "/gone"), "there is no folder"),
        (("refresh", "--base-url", "world_bank=host"), "is not ID=URL"),
        (("refresh", "--bundled", "--source", "world_bank"), "use one of them at a time"),
        (("sql", "SELECT 1; SELECT 2"), "2 statements"),
        (("sql", "SELECT 1", "--format", "parquet"), "name a file with --out"),
        (("sql", "SELECT 1", "--as-of", "soon"), "is not a date"),
        (("bogus",), "No such command"),
    ],
)
def test_wrong_usage_is_two_and_says_what_is_right(ictdev, released, words, said):
    status, _, err = ictdev(*words, on=released)
    assert status == 2
    assert said in " ".join(err.replace("│", " ").split())


@pytest.mark.parametrize("words", [("status",), ("sql", "SELECT 1"), ("why", "x", "y", "z"), ("assess",)])
def test_before_the_first_refresh_the_next_step_is_told_as_it_must_be_typed(ictdev, home, words):
    status, _, err = ictdev(*words)
    assert status == 1
    assert f"ictdev --home {home.root} refresh --bundled" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sql", "SELECT nothing FROM observation"), "nothing"),
        (("sql", "DROP TABLE observation"), "DROP statements are refused"),
        (("why", "internet_users", "SEN", "1900"), "there are: "),
        (("assess", "--paragraph", "99"), "E/RES/2017/21 § "),
        (("assess", "--mandate", "A/RES/1/1"), "E/RES/2017/21 § "),
        (("assess", "--mandate", "A/RES/1/1"), "other frameworks: A/RES/70/1, "),
        (("assess", "--mandate", "WSIS targets", "--paragraph", "k"), "WSIS targets § a, b"),
    ],
)
def test_no_answer_is_one(ictdev, released, words, said):
    status, _, err = ictdev(*words, on=released)
    assert status == 1
    assert said in err


def test_sql_gives_a_table_and_counts_its_rows(ictdev, released):
    status, out, _ = ictdev("sql", "SELECT * FROM gender_gap LIMIT 5", on=released)
    assert status == 0
    assert out.splitlines()[0].startswith("indicator")
    assert out.splitlines()[-1] == "(5 rows)"


def test_sql_writes_csv_json_and_parquet(ictdev, released, tmp_path):
    query = "SELECT ref_area, value FROM latest WHERE indicator = 'population' ORDER BY ref_area LIMIT 3"
    _, text, _ = ictdev("sql", query, "--format", "csv", on=released)
    assert text.splitlines()[0] == '"ref_area","value"'
    _, text, _ = ictdev("sql", query, "--format", "json", on=released)
    assert [set(one) for one in json.loads(text)] == [{"ref_area", "value"}] * 3
    path = tmp_path / "x.parquet"
    assert ictdev("sql", query, "--format", "parquet", "--out", path, on=released)[0] == 0
    assert pq.read_table(path).num_rows == 3


def test_why_goes_from_the_figure_to_the_raw_record(ictdev, released):
    status, out, _ = ictdev("why", "internet_users", "SEN", "2022", on=released)
    assert status == 0
    assert "internet_users · Senegal (SEN) · 2022    56.82830048 percent_of_population" in out
    for label in ("source", "edition", "raw", "held", "checks", "serves", "licence", "cite"):
        assert f"\n  {label:<9} " in out
    assert '"OBS_VALUE":"56.82830048"' in out


def test_assess_writes_json_for_one_paragraph(ictdev, released, tmp_path):
    _, out, _ = ictdev("assess", "--paragraph", "31", "--format", "json", on=released)
    assert {one["paragraph"] for one in json.loads(out)} == {"31"}
    told = next(one for one in json.loads(out) if (one["target"], one["basis"]) == ("gender_gap_ldc", "published"))
    assert {"value", "year", "edition", "status", "reason", "evidence"} <= set(told)
    assert (told["status"], told["value"], told["year"]) == ("moving away", 30.0, 2024)
    assert told["evidence"][0] == "published_figure/internet_gender_gap/LDC/2024/parity/Facts and Figures 2024"
    path = tmp_path / "assessment.csv"
    ictdev("assess", "--format", "csv", "--out", path, on=released)
    assert path.read_text(encoding="utf-8").startswith('"mandate"')


def test_status_names_every_source_and_indicator(ictdev, released):
    status, out, _ = ictdev("status", on=released)
    assert status == 0
    for words in (
        "world_bank\tgood",
        "unsd_sdg\tgood",
        "unsd_gender\tgood",
        "internet_users\tworld_bank\tIT.NET.USER.ZS\t1990\t2025",
    ):
        assert words in out


def test_doctor_says_what_is_there(ictdev, released):
    status, out, _ = ictdev("doctor", on=released)
    assert status == 0
    assert "!!" not in out
    for name in ("python", "packages", "home", "space", "figures", "release"):
        assert name in out


def test_doctor_finds_a_folder_that_cannot_be_used(ictdev, tmp_path):
    (tmp_path / "file").write_text("")
    status, out, _ = ictdev("doctor", on=Home(tmp_path / "file" / "home"))
    assert status == 1
    assert "!!  home" in out


def test_the_version_is_that_of_the_package(ictdev):
    status, out, err = ictdev("--version")
    assert (status, out, err) == (0, f"ictdev {version('ictdev')}\n", "")


@pytest.mark.parametrize("command", ["refresh", "status", "sql", "why", "assess", "doctor"])
def test_help_teaches_with_an_example(ictdev, command):
    status, out, _ = ictdev(command, "--help")
    assert status == 0
    assert "Example" in out
    assert f"ictdev {command}" in out


def test_a_setting_that_cannot_be_used_is_named(ictdev, monkeypatch):
    monkeypatch.setenv("ICTDEV_ATTEMPTS", "many")
    status, _, err = ictdev("status")
    assert status == 2
    assert "the setting attempts cannot be used" in err


@UNGATED
def test_a_full_disk_leaves_the_last_release(ictdev, home, tmp_path, monkeypatch):
    ictdev("refresh", "--bundle", write_bundle(tmp_path / "one", [{}]))
    before = home.pointer.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("warehouse.snapshots.write_atomically", full)
    newer = write_bundle(tmp_path / "two", [{"value": 51, "edition": "2022-01-01"}])
    status, _, err = ictdev("refresh", "--bundle", newer)
    assert status == 4
    assert "No space left on device" in err
    assert "Traceback" not in err
    assert home.pointer.read_bytes() == before


def test_reading_commands_do_not_load_the_heavy_libraries():
    code = (
        "import sys; from flows import cli; sys.argv = ['ictdev', 'sql', '--help']\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
        "import warehouse.query\n"
        "print([name for name in ('prefect', 'great_expectations', 'pandas', 'altair') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_goes_away_is_no_error(released):
    script = f"{sys.executable} -m flows.cli --home {released.root} sql 'FROM observation' --format csv | head -1"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=False, env=environment, cwd=released.root
    )
    assert done.stdout.startswith('"indicator"')
    assert done.stderr == ""


@UNGATED
def test_what_nobody_foresaw_is_told_without_a_traceback(ictdev, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "run_with", lambda *_: 1 / 0)
    status, _, err = ictdev("refresh", "--bundle", write_bundle(tmp_path / "b", [{}]))
    assert status == 4
    assert "ZeroDivisionError" in err
    assert "--debug" in err
    assert "Traceback" not in err


def test_debug_shows_where_it_happened(monkeypatch, home, tmp_path):
    without_prefect(monkeypatch)
    monkeypatch.setattr(run, "run_with", lambda *_: 1 / 0)
    folder = write_bundle(tmp_path / "b", [{}])
    monkeypatch.setattr(
        sys, "argv", ["ictdev", "--debug", "--home", str(home.root), "refresh", "--bundle", str(folder)]
    )
    with pytest.raises(ZeroDivisionError):
        cli.main()


@UNGATED
def test_a_form_is_written_filled_in_and_taken_in(ictdev, home, tmp_path):
    path = tmp_path / "senegal.xlsx"
    status, out, _ = ictdev("submit", "--template", path)
    assert (status, path.exists()) == (0, True)
    assert f"submit {path}" in out
    path.write_bytes(form(("internet_users", "2025", "F", "Y_GE15", "", "", 61.5, "", "survey")))
    status, out, err = ictdev("submit", path)
    assert (status, err) == (0, "refreshing · senegal.xlsx\n")
    status, out, _ = ictdev("why", "internet_users", "SEN", "2025", "--sex", "F", "--age", "Y_GE15")
    assert "National submissions" in out
    assert '["internet_users","2025","F","Y_GE15","61.5","survey"]' in out


@UNGATED
def test_a_form_is_never_written_over(ictdev, tmp_path):
    path = tmp_path / "filled.xlsx"
    path.write_bytes(b"work of days")
    status, _, err = ictdev("submit", "--template", path)
    assert (status, path.read_bytes()) == (2, b"work of days")
    assert "is there already" in err


@UNGATED
def test_a_file_without_an_edition_is_told_how_to_name_one(ictdev, tmp_path):
    path = tmp_path / "uis.json"
    path.write_bytes(SAMPLES["uis json"][1])
    status, _, err = ictdev("refresh", "--from-file", f"uis={path}")
    assert status == 0
    assert "uis.json names no edition" in err
    assert "--from-file uis=uis.json@YYYY-MM-DD" in err


@UNGATED
def test_a_register_and_a_classification_stand_in_tables_of_their_own(ictdev, tmp_path):
    for name, source in (("stocktaking csv", "stocktaking"), ("classifications m49", "classifications")):
        path = tmp_path / f"{source}.csv"
        path.write_bytes(SAMPLES[name][1])
        assert ictdev("refresh", "--from-file", f"{source}={path}@2026-11-01")[0] == 0
        assert "Nothing changed" in ictdev("refresh", "--from-file", f"{source}={path}@2026-11-01")[1]
    _, out, _ = ictdev("sql", "SELECT count(*) AS n FROM stocktaking", "--format", "json")
    assert json.loads(out) == [{"n": 3}]
    _, out, _ = ictdev("sql", "SELECT group_code FROM classification ORDER BY 1", "--format", "csv")
    assert out.replace('"', "").split() == ["group_code", "002", "011", "202", "LDC"]


@UNGATED
def test_few_impossible_figures_are_set_aside_and_many_hold_the_answer(ictdev, home, tmp_path):
    head = "STRUCTURE,INDICATOR,REF_AREA,SEX,AGE,URBANISATION,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
    lines = [
        f"d,ITU_DH_POP_COV_4G,{area},_T,_T,_T,{year},90,A\n" for area in ("SEN", "GHA") for year in range(1960, 2020)
    ]
    path = tmp_path / "copy.csv"
    path.write_text(head + "".join(lines) + "d,ITU_DH_POP_COV_4G,MLI,_T,_T,_T,2020,164.7,A\n")
    status, out, err = ictdev("refresh", "--from-file", f"data360={path}@2026-11-01")
    assert (status, "120\t120\t0\t0\t1\t" in out) == (0, True)
    assert "set aside" in err
    path.write_text(head + "".join(lines).replace(",90,", ",9000,"))
    assert ictdev("refresh", "--from-file", f"data360={path}@2026-11-02")[0] == 4


def test_the_pages_of_a_release_are_drawn_where_one_says(ictdev, released, tmp_path):
    vintage = newest(released).vintage
    status, out, _ = ictdev("site", "--out", tmp_path / "pages", "--release", vintage, on=released)
    assert (status, vintage in out) == (0, True)
    assert (tmp_path / "pages" / "index.html").is_file()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "text.txt").write_text("mine")
    status, _, err = ictdev("site", "--out", tmp_path / "mine", on=released)
    assert (status, "holds no site" in err, "name a new folder" in err) == (2, True, True)
    status, _, err = ictdev("site", "--out", tmp_path / "none", "--release", "20200101T000000Z", on=released)
    assert (status, "there is no release 20200101T000000Z" in err) == (1, True)
    assert not (tmp_path / "none").exists()


def test_a_refresh_draws_its_pages_and_names_them(ictdev, home, tmp_path):
    folder = write_bundle(tmp_path / "b", [{"value": 60}])
    _, out, _ = ictdev("refresh", "--bundle", folder)
    assert "site/index.html" in out
    assert (newest(home).folder / "site" / "index.html").is_file()
