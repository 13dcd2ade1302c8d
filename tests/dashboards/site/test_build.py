"""Building: the same release gives the same bytes, in the release, beside the figures, and within the budget."""

import hashlib
import json
import re
from pathlib import Path

import altair as alt
import pytest
from starlette.testclient import TestClient

from dashboards.site import charts, tiles
from dashboards.site.build import build, replace
from dashboards.site.pages import PAGES
from flows.rebuild import rebuild
from flows.serving import application
from tests.conftest import refreshed, write_bundle
from tests.homes import copied, home_of, linked
from warehouse import pointer, releases, verify
from warehouse.home import Home
from warehouse.query import open_release

BUDGET = 1_500_000
"""Bytes that a page may load before anything is asked of it."""


def _hashes(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_the_same_release_gives_the_same_bytes(site, released, tmp_path):
    with open_release(released.root) as session:
        build(session, tmp_path / "again")
    assert _hashes(tmp_path / "again") == _hashes(site)


def test_every_file_that_a_page_names_is_there_and_none_lies_elsewhere(site):
    for page in PAGES:
        text = (site / f"{page}.html").read_text(encoding="utf-8")
        named = re.findall(r'(?:src|href)="([^"#]+)"', text)
        assert len(named) > 8
        assert all((site / name).is_file() for name in named)
    scripts = [path for path in site.rglob("*") if path.suffix in {".js", ".css", ".html"} and path.name != "vega.js"]
    for path in scripts:
        if path.parent.name != "data" and path.parent.parent.name != "data":
            assert not re.search(r"(src|href|import|fetch|url)\W{1,3}https?:", path.read_text(encoding="utf-8")), path


def test_nothing_of_the_charts_library_is_kept_in_the_project():
    root = Path(charts.__file__).parent
    assert max(path.stat().st_size for path in root.rglob("*") if path.is_file()) < 60_000


@pytest.mark.parametrize("page", PAGES)
def test_the_first_load_of_a_page_stays_within_the_budget(site, see, page):
    seen = see()
    loaded: list[str] = []
    seen.page.on("request", lambda request: loaded.append(request.url))
    seen.go(site, f"{page}.html#lang=zh")
    names = {url.partition("#")[0].removeprefix(site.as_uri() + "/") for url in loaded if url.startswith(site.as_uri())}
    weight = sum((site / name).stat().st_size for name in names)
    assert len(names) > 10
    assert weight <= BUDGET, f"{page}: {weight:,} bytes of {sorted(names)}"


def test_a_folder_that_holds_something_else_is_refused_and_a_former_site_is_replaced(released, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("ten years")
    with open_release(released.root) as session:
        with pytest.raises(FileExistsError, match="holds no site"):
            replace(session, tmp_path / "mine")
        assert (tmp_path / "mine" / "thesis.txt").read_text() == "ten years"
        replace(session, tmp_path / "site")
        (tmp_path / "site" / "left.js").write_text("old")
        replace(session, tmp_path / "site")
    assert not (tmp_path / "site" / "left.js").exists()


def test_a_release_holds_its_pages_with_their_hashes_and_a_rebuild_makes_the_same(kept_lonely, tmp_path):
    home = home_of(copied(kept_lonely, tmp_path))
    newest = pointer.newest(home)
    held = {name: note for name, note in newest.manifest["files"].items() if name.startswith("site/")}
    assert {"site/index.html", "site/assets/vega.js", "site/data/i/internet_users.js"} <= set(held)
    assert verify.home(home).damage == []
    former = _hashes(newest.folder / "site")
    (newest.folder / "site" / "index.html").write_text("painted over")
    assert rebuild(home).same == [newest.vintage]
    assert _hashes(newest.folder / "site") == former


def test_a_refresh_without_pages_writes_none(kept_lonely, refresh, tmp_path):
    home = home_of(copied(kept_lonely, tmp_path))
    assert refresh(bundle=write_bundle(tmp_path / "b", [{"value": 51, "edition": "2022-01-01"}])).changed
    assert not (pointer.newest(home).folder / "site").exists()


def test_a_page_that_cannot_be_drawn_leaves_the_last_release_as_it_was(kept_lonely, refresh, tmp_path, monkeypatch):
    home = home_of(copied(kept_lonely, tmp_path))
    standing = pointer.newest(home).vintage
    with monkeypatch.context() as broken:
        broken.setattr("dashboards.site.charts.specs", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            refresh(bundle=write_bundle(tmp_path / "two", [{"value": 51, "edition": "2022-01-01"}]), site=True)
    assert pointer.newest(home).vintage == standing
    refresh(bundle=write_bundle(tmp_path / "two", [{"value": 51, "edition": "2022-01-01"}]), site=True)
    assert "site/index.html" in releases.newest(home).manifest["files"]


@pytest.mark.parametrize("page", PAGES)
def test_a_release_of_one_figure_has_whole_pages(lonely, see, page):
    assert see().go(lonely, f"{page}.html#lang=en").page.locator("h1").count() == 1


@pytest.fixture(scope="session")
def kept_lonely(keep) -> Path:
    """A home whose release has pages and holds one figure of one economy, and its bundle."""
    return keep("lonely", _lonely)


def _lonely(folder: Path) -> None:
    refreshed(home_of(folder), bundle=write_bundle(folder / "one", [{"value": 50}]), site=True)


@pytest.fixture(scope="session")
def lonely(kept_lonely, tmp_path_factory) -> Path:
    """The site of that release. Only to be read."""
    home = home_of(linked(kept_lonely, tmp_path_factory.mktemp("lonely")))
    return pointer.newest(home).folder / "site"


def test_serve_gives_the_newest_site_at_the_front(lonely):
    client = TestClient(application(Home(lonely.parents[2])))
    assert client.get("/").text == (lonely / "index.html").read_text(encoding="utf-8")
    script = client.get("/data/core.js")
    assert script.content == (lonely / "data" / "core.js").read_bytes()
    assert script.headers["content-type"].startswith("text/javascript")
    assert client.get("/assets/style.css").headers["content-type"].startswith("text/css")
    assert client.get("/latest/ictdev.duckdb").status_code == 200


def test_every_economy_with_a_code_has_one_tile_of_its_own(released):
    rows = tiles.read()
    assert len({(row["column"], row["row"]) for row in rows}) == len(rows)
    with open_release(released.root) as session:
        known = session.rows("SELECT ref_area, iso2 FROM area WHERE kind = 'economy' AND iso2 IS NOT NULL")
    cities = tiles.cities()
    assert {row["ref_area"] for row in rows} == {row["ref_area"] for row in known if row["iso2"] in cities}


def test_tiles_lie_as_their_cities_do():
    found = {code: (column, row) for code, column, row in tiles.layout({"N": (60, 10), "S": (-30, 10), "E": (60, 100)})}
    assert found["N"][1] < found["S"][1]
    assert found["N"][0] == found["S"][0] < found["E"][0]
    assert tiles._degrees("+4851+00220") == pytest.approx((48.85, 2.3333), abs=1e-3)
    assert tiles._degrees("-774956+1664000") == pytest.approx((-77.8166, 166.6666), abs=1e-3)


@pytest.mark.parametrize("name", charts.specs())
def test_a_chart_is_a_valid_specification(name):
    given: dict[str, object] = {
        "order": ["a"],
        "series": ["a"],
        "colours": ["#000000"],
        "domain": [0, 1],
        "ramp": ["#ffffff", "#000000"],
        "ticks": [0, 1],
    }
    given |= {"format": ",~r", "unit": "u", "width": "container", "height": 100, "label_limit": 100}
    spec = json.loads(json.dumps(charts.specs()[name]), object_hook=lambda one: _filled(one, given))
    datasets = {"table": [{"year": 2000, "value": 1.0}]}
    kind = alt.LayerChart if "layer" in spec else alt.Chart
    kind.from_dict({**spec, "datasets": datasets})


def _filled(one: dict[str, object], given: dict[str, object]) -> object:
    if set(one) == {"$"}:
        return given.get(str(one["$"]), "#123456")
    return one
