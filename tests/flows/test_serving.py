"""A release served: whole files, ranges, tags; nothing else of the home; and readers during a publication."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest
from starlette.testclient import TestClient

from flows.serving import application
from tests.conftest import refreshed, write_bundle
from tests.homes import copied, home_of
from warehouse.pointer import newest

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
PARQUET = "parquet/observation.parquet"


def _served(folder):
    home = home_of(folder)
    refreshed(home, bundle=write_bundle(folder / "bundle", [{"value": 50}]), parquet=True)
    (home.root / "secret.txt").write_text("not for others")


@pytest.fixture(scope="session")
def kept_served(keep):
    return keep("served", _served)


@pytest.fixture
def served(kept_served, tmp_path):
    return home_of(copied(kept_served, tmp_path))


@pytest.fixture
def client(served):
    return TestClient(application(served), follow_redirects=False)


def _place(home, name: str = PARQUET) -> tuple[str, Path]:
    release = newest(home)
    return f"/releases/{release.vintage}/{name}", release.folder / name


def test_a_file_comes_whole_with_its_hash_as_tag(served, client):
    url, path = _place(served)
    answer = client.get(url)
    assert answer.content == path.read_bytes()
    assert answer.headers["etag"] == f'"{hashlib.sha256(path.read_bytes()).hexdigest()}"'
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert "immutable" in answer.headers["cache-control"]
    again = client.get(url, headers={"If-None-Match": f"W/{answer.headers['etag']}"})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(url).headers["content-length"] == str(path.stat().st_size)


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=-4", 206, slice(-4, None)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=0-99999999", 206, slice(0, None)),
        ("bytes=99999999-", 416, None),
        ("bytes=5-2", 400, None),
        ("bytes=a-b", 400, None),
        ("bytes=", 400, None),
        ("lines=0-3", 400, None),
        ("bytes=0--5", 400, None),
    ],
)
def test_ranges_however_odd_are_answered_or_refused(served, client, asked, status, part):
    url, path = _place(served)
    answer = client.get(url, headers={"Range": asked})
    assert answer.status_code == status, answer.content
    if part is not None:
        assert answer.content == path.read_bytes()[part]


def test_several_ranges_come_in_parts_and_a_stale_one_comes_whole(served, client):
    url, path = _place(served)
    many = client.get(url, headers={"Range": "bytes=0-1,4-5"})
    assert many.headers["content-type"].startswith("multipart/byteranges")
    stale = client.get(url, headers={"Range": "bytes=0-3", "If-Range": '"another"'})
    assert (stale.status_code, stale.content) == (200, path.read_bytes())


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/%2e%2e/secret.txt", "/releases/../secret.txt", "/releases/..%2fsecret.txt",
        "/releases/{v}/../../secret.txt", "/releases/{v}/..%2f..%2fsecret.txt", "/releases/{v}/%2e%2e/%2e%2e/secret.txt",
        "/releases/{v}/%2fetc%2fpasswd", "/releases/{v}//etc/passwd", "/latest/../secret.txt", "/latest/%2e%2e%2fsecret.txt",
        "/secret.txt", "/history.duckdb", "/snapshots/", "/releases/{v}/..\\..\\secret.txt", "/releases/%2e%2e/secret.txt",
        "/releases/.building-x/ictdev.duckdb", "/releases/{v}/ictdev.duckdb%00.csv",
    ],
)  # fmt: skip
def test_nothing_but_files_of_a_release_is_served(served, client, path):
    answer = client.get(path.format(v=newest(served).vintage))
    assert answer.status_code == 404, answer.content
    assert b"not for others" not in answer.content


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(served, client, method):
    assert client.request(method, _place(served)[0]).status_code == 405


def test_the_newest_release_is_named_and_led_to(served, client):
    vintage = newest(served).vintage
    assert client.get("/latest.json").json()["vintage"] == vintage
    assert client.get("/releases/").json() == {"releases": [vintage]}
    led = client.get(f"/latest/{PARQUET}")
    assert (led.status_code, led.headers["location"]) == (307, f"/releases/{vintage}/{PARQUET}")
    assert PARQUET in client.get(f"/releases/{vintage}/").json()["files"]
    assert client.get(f"/releases/{vintage}/manifest.json").json()["vintage"] == vintage
    assert client.get("/").json()["files"] == f"/releases/{vintage}/"


def test_a_site_is_served_where_the_release_has_one(served, client):
    release = newest(served)
    for name, text in (("index.html", "<p>front"), ("area/index.html", "<p>areas"), ("chart.svg", "<svg/>")):
        path = release.folder / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        release.manifest["files"][f"site/{name}"] = {"sha256": hashlib.sha256(text.encode()).hexdigest(), "size": 8}
    (release.folder / "manifest.json").write_bytes(orjson.dumps(release.manifest))
    assert client.get("/").text == "<p>front"
    assert client.get("/area").text == client.get("/area/").text == "<p>areas"
    assert client.get("/chart.svg").headers["content-type"] == "image/svg+xml"
    assert client.get("/absent.html").status_code == 404


def test_an_empty_home_says_so(home):
    assert TestClient(application(home)).get("/latest.json").status_code == 503


@pytest.mark.slow
def test_fifty_readers_during_a_publication_see_one_release_or_the_other(served, refresh, tmp_path):
    app = application(served)
    before = newest(served).vintage
    tries = 6

    def ask(_: int) -> list[tuple[str, bool]]:
        with TestClient(app) as client:
            seen = []
            for _number in range(tries):
                pointed = client.get("/latest.json").json()
                files = client.get(f"/{pointed['release']}manifest.json").json()["files"]
                content = client.get(f"/{pointed['release']}{PARQUET}").content
                seen.append((pointed["vintage"], hashlib.sha256(content).hexdigest() == files[PARQUET]["sha256"]))
            return seen

    with ThreadPoolExecutor(50) as readers:
        asked = [readers.submit(ask, number) for number in range(50)]
        refresh(bundle=write_bundle(tmp_path / "newer", [{"value": 60, "edition": "2022-01-01"}]), parquet=True)
        found = [one for future in asked for one in future.result()]
    after = newest(served).vintage
    assert before != after
    assert len(found) == 50 * tries
    assert all(whole for _, whole in found)
    assert {vintage for vintage, _ in found} <= {before, after}
