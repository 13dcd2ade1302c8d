"""What a refresh is asked to do, as words of the command line and as settings."""

import pytest

from flows import plan, settings
from flows.engine.environment import quiet_prefect
from schemas.errors import Usage
from schemas.sources import readers
from warehouse.home import Home


def _make(tmp_path, **given):
    asked = {"home": tmp_path, "bundle": None, "files": [], "sources": [], "base_url": {}}
    return plan.make(**{**asked, **given})


def test_a_plan_survives_being_written(tmp_path):
    path = tmp_path / "API.csv"
    path.write_text("x")
    made = _make(tmp_path, files=[f"world_bank={path}@2020-03-18"], base_url={"world_bank": "http://host/v2"})
    made.save(tmp_path / "plan.json")
    assert plan.load(tmp_path / "plan.json") == made
    assert made.files[0].edition == "2020-03-18"


def test_without_any_option_every_publisher_is_asked_that_the_catalogue_wants(tmp_path):
    by_file = {"classifications", "stocktaking", "submission"}
    by_name_only = {"mlab_stats", "ookla_tiles"}
    assert set(_make(tmp_path).sources) == set(readers()) - by_file - by_name_only
    assert _make(tmp_path, sources=["mlab_stats"]).sources == ("mlab_stats",)


def test_a_source_whose_figures_come_as_files_cannot_be_asked(tmp_path):
    with pytest.raises(Usage, match="come as files"):
        _make(tmp_path, sources=["stocktaking"])


def test_with_files_or_a_bundle_no_publisher_is_asked(tmp_path):
    path = tmp_path / "API.csv"
    path.write_text("x")
    assert _make(tmp_path, files=[f"world_bank={path}"]).sources == ()
    assert _make(tmp_path, bundle=tmp_path).sources == ()


def test_an_at_sign_in_a_folder_s_name_is_no_edition(tmp_path):
    path = tmp_path / "mirror@home" / "API.csv"
    path.parent.mkdir()
    path.write_text("x")
    named = plan.named_file(f"world_bank={path}")
    assert (named.path, named.edition) == (str(path), "")


@pytest.mark.parametrize("text", ["API.csv", "world_bank=", "=API.csv", "world_bank=absent.csv", "nobody=API.csv"])
def test_a_file_that_cannot_be_understood_is_told(tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "API.csv").write_text("x")
    with pytest.raises(Usage):
        plan.named_file(text)


@pytest.mark.parametrize("text", ["http://host", "world_bank=host/v2", "nobody=http://host"])
def test_an_address_that_cannot_be_understood_is_told(text):
    with pytest.raises(Usage):
        plan.addresses([text])


def test_the_environment_overrides_the_file_of_settings(tmp_path, monkeypatch):
    (tmp_path / "ictdev.toml").write_text('attempts = 7\nretry_wait = 3\n[base_url]\nworld_bank = "https://a/v2"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ICTDEV_ATTEMPTS", "2")
    read = settings.load()
    assert (read.attempts, read.retry_wait, read.base_url) == (2, 3, {"world_bank": "https://a/v2"})


@pytest.mark.parametrize("line", ["attempts = 0", 'retry_wait = "soon"', "colour = 1"])
def test_a_setting_that_cannot_be_used_is_named(tmp_path, monkeypatch, line):
    (tmp_path / "ictdev.toml").write_text(line)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Usage, match=line.split(" ", maxsplit=1)[0]):
        settings.load()


def test_a_file_of_settings_that_is_not_toml_is_told(tmp_path, monkeypatch):
    (tmp_path / "ictdev.toml").write_text("attempts = = 3")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Usage, match="cannot be read"):
        settings.load()


@pytest.mark.parametrize(
    ("told", "kept"),
    [("", "127.0.0.1,localhost"), ("un.org", "un.org,127.0.0.1,localhost"), ("localhost", "localhost,127.0.0.1")],
)
def test_prefect_is_reached_past_a_proxy(tmp_path, monkeypatch, told, kept):
    monkeypatch.setattr("os.environ", {"NO_PROXY": told, "PREFECT_HOME": "mine"})
    quiet_prefect(Home(tmp_path))
    import os  # noqa: PLC0415

    assert os.environ["no_proxy"] == os.environ["NO_PROXY"] == kept
    assert os.environ["PREFECT_HOME"] == "mine"
