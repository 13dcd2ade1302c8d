"""Which API the user named: the same answer that Prefect gives; and one that does not answer costs nobody's time."""

import socket
import time

import pytest
from prefect.settings import Settings

from flows.engine import environment, named
from schemas.errors import IctdevError

HERE, THERE = "http://here.example/api", "http://there.example/api"
PROFILES = f'active = "{{active}}"\n[profiles.quiet]\n[profiles.loud]\nPREFECT_API_URL = "{HERE}"\n'


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path, monkeypatch):
    for name in ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH", "PREFECT_HOME"):
        monkeypatch.setenv(name, "x")  # so that it is put back afterwards, whatever is set meanwhile
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    (tmp_path / "user" / ".prefect").mkdir(parents=True)
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")


@pytest.mark.parametrize(
    ("files", "variables", "found"),
    [
        ({}, {}, ""),
        ({}, {"PREFECT_API_URL": HERE}, HERE),
        ({".env": f"PREFECT_API_URL={HERE}\n"}, {}, HERE),
        ({".env": f"PREFECT_API_URL={HERE}\n"}, {"PREFECT_API_URL": THERE}, THERE),
        ({"prefect.toml": f'[api]\nurl = "{HERE}"\n'}, {}, HERE),
        ({"prefect.toml": f'[api]\nurl = "{HERE}"\n', ".env": f"PREFECT_API_URL={THERE}\n"}, {}, THERE),
        ({"pyproject.toml": f'[tool.prefect.api]\nurl = "{HERE}"\n'}, {}, HERE),
        ({"pyproject.toml": "[tool.other]\nx = 1\n"}, {}, ""),
        ({"profiles.toml": PROFILES.format(active="loud")}, {}, HERE),
        ({"profiles.toml": PROFILES.format(active="quiet")}, {}, ""),
        ({"profiles.toml": PROFILES.format(active="quiet")}, {"PREFECT_PROFILE": "loud"}, HERE),
        ({"profiles.toml": PROFILES.format(active="gone")}, {}, ""),
        ({"profiles.toml": "no = = toml"}, {}, ""),
        ({"profiles.toml": PROFILES.format(active="loud"), "prefect.toml": f'[api]\nurl = "{THERE}"\n'}, {}, THERE),
    ],
)
@pytest.mark.filterwarnings("ignore:Failed to load profiles")
def test_named_as_prefect_finds_it(tmp_path, monkeypatch, files, variables, found):
    for name, text in files.items():
        (tmp_path / "cwd" / name).write_text(text)
    monkeypatch.setenv("PREFECT_PROFILES_PATH", str(tmp_path / "cwd" / "profiles.toml"))  # Prefect took HOME at import
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert named.api() == found
    assert (Settings().api.url or "") == found


def test_the_users_own_profile_counts_though_the_state_lies_in_the_home(tmp_path, home, monkeypatch):
    (tmp_path / "user" / ".prefect" / "profiles.toml").write_text(PROFILES.format(active="loud"))
    environment.quiet_prefect(home)
    assert named.api() == HERE
    assert Settings().api.url == HERE
    assert Settings().home == environment.state_folder(home)


def test_a_profile_that_names_no_api_leaves_the_run_to_us(tmp_path, home):
    (tmp_path / "user" / ".prefect" / "profiles.toml").write_text(PROFILES.format(active="quiet"))
    environment.quiet_prefect(home)
    assert named.api() == ""


def _refusing() -> str:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return f"http://127.0.0.1:{door.getsockname()[1]}/api"


def test_nobody_there_is_an_error_at_once():
    with pytest.raises(IctdevError, match="does not answer") as caught:
        named.Asking(_refusing()).answers()
    assert "PREFECT_API_URL" in caught.value.next_step


@pytest.mark.parametrize("address", ["", "nonsense", "http://", "http://127.0.0.1:99999/api"])
def test_what_is_no_address_is_the_same_error(address):
    with pytest.raises(IctdevError, match="does not answer"):
        named.Asking(address).answers()


def test_one_that_listens_and_says_nothing_is_given_up_in_time(monkeypatch):
    monkeypatch.setattr(named, "PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as door:
        began = time.monotonic()
        with pytest.raises(IctdevError, match="does not answer"):
            named.Asking(f"http://127.0.0.1:{door.getsockname()[1]}/api").answers()
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(("status", "well"), [(200, True), (401, True), (404, True), (502, False), (503, False)])
def test_what_counts_as_an_answer(httpserver, status, well):
    httpserver.expect_request("/api/health").respond_with_data("", status=status)
    asking = named.Asking(httpserver.url_for("/api"))
    if well:
        asking.answers()
        return
    with pytest.raises(IctdevError, match=str(status)):
        asking.answers()
