"""Things that many tests stand on: a small bundle, a refreshed home, the command line."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache, partial
from pathlib import Path
from typing import Any

import hypothesis
import pyarrow as pa
import pytest

from flows import plan as planning
from flows import run
from flows.engine import running
from flows.report import Report
from flows.run import run_plain
from schemas import sdmx_csv
from schemas.observation import OBSERVATION, TOTAL
from tests import postgres
from tests.buckets import s3, s3_server
from tests.homes import Keep, copied, home_of, keep, linked
from tests.light import lighten, ungate
from warehouse.home import Home
from warehouse.lake.address import VARIABLE, parse
from warehouse.lake.commit import catch_up

__all__ = ["keep", "s3", "s3_server"]

hypothesis.settings.register_profile("patient", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("patient")

SERVICES = {"browser": "browser", "database_server": "storage", "s3_server": "storage"}
"""Fixtures that start what a machine may lack, and the marker of the tests that ask for one."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that needs a service, and keep tests that share a fixture of their module in one process."""
    for item in items:
        for fixture in SERVICES.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(SERVICES[fixture])
        made = item._fixtureinfo.name2fixturedefs.values() if isinstance(item, pytest.Function) else ()
        if any(one[-1].scope == "module" for one in made):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


SIDE: dict[str, Any] = {
    "source": "made_up",
    "title": "Made-up figures for testing",
    "publisher": "Nobody",
    "address": "https://example.org",
    "licence": {"id": "CC0-1.0", "title": "CC0", "url": "https://example.org/cc0", "open": True},
    "citation": "Made up, {edition}",
    "cadence": "never",
}


def observation(**given: Any) -> dict[str, Any]:
    """Give one made-up observation; what is not given is the most common case."""
    usual: dict[str, Any] = {
        "indicator": "internet_users",
        "ref_area": "SEN",
        "time_period": "2020",
        "sex": TOTAL,
        "age": TOTAL,
        "urbanisation": TOTAL,
        "breakdown": TOTAL,
        "value": 50.0,
        "unit": "percent_of_population",
        "obs_status": "A",
        "note": "",
        "source": "made_up",
        "series_code": "NET",
        "edition": "2021-01-01",
        "snapshot": "0" * 64,
        "record": "row:1",
    }
    row = {**usual, **given}
    return {**row, "year": int(str(row["time_period"])[:4]), "value": float(row["value"])}


def observations(*rows: Mapping[str, Any]) -> pa.Table:
    """Give a table of made-up observations."""
    return pa.Table.from_pylist([observation(**row) for row in rows], schema=OBSERVATION)


def without_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the command line refresh by the plain functions, in this process."""
    monkeypatch.setattr(running, "started", lambda home: nullcontext(running.Engine()))
    monkeypatch.setattr(run, "run_with", lambda engine, plan: run_plain(plan))


def write_bundle(folder: Path, rows: Iterable[Mapping[str, Any]], **side: Any) -> Path:
    """Write a bundle of one file: made-up observations with their side file."""
    folder.mkdir(parents=True, exist_ok=True)
    table = observations(*rows)
    about = {**SIDE, **side}
    codes = sorted(set(table["series_code"].to_pylist()))
    editions = {row["series_code"]: row["edition"] for row in table.to_pylist()}
    years = (min(table["year"].to_pylist(), default=2000), max(table["year"].to_pylist(), default=2000))
    scopes = [{"series_code": code, "whole": True, "years": years} for code in codes]
    (folder / f"{about['source']}.csv").write_bytes(sdmx_csv.write(table))
    (folder / f"{about['source']}.json").write_text(json.dumps({"editions": editions, "scopes": scopes, **about}))
    return folder


Refresh = Callable[..., Report]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home(tmp_path / "home")


def refreshed(home: Home, **asked: Any) -> Report:
    """Refresh a home without Prefect; takes what `plan.make` takes."""
    given: dict[str, Any] = {"bundle": None, "files": [], "sources": [], "base_url": {}, "parquet": False}
    return run_plain(planning.make(home=home.root, **{**given, **asked}))


@pytest.fixture
def refresh(home: Home) -> Refresh:
    """Refresh the home without Prefect; takes what `plan.make` takes."""
    return partial(refreshed, home)


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this test's refreshes write history, journal and a release of few tables: see tests/light.py."""
    lighten(monkeypatch.setattr)


@pytest.fixture
def ungated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this test's refreshes derive and write all tables, without pages and the gate before the release."""
    ungate(monkeypatch.setattr)


@pytest.fixture(scope="session")
def released(keep: Keep, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that was refreshed with the figures that ship with the project. Only to be read."""
    return home_of(linked(keep("released", _release), tmp_path_factory.mktemp("kept") / "released"))


def _release(folder: Path) -> None:
    refreshed(home_of(folder), bundle=planning.bundled(), parquet=True)


@pytest.fixture(scope="session")
def kept_three(keep: Keep) -> Path:
    """A home of three releases, kept: a first one, a revision with a removal, an older edition that came in late."""
    return keep("three", _three)


def _three(folder: Path) -> None:
    home = home_of(folder)
    both = [{"sex": sex, "value": value} for sex, value in (("_T", 50), ("F", 45), ("M", 55))]
    refreshed(home, bundle=write_bundle(folder / "one", both), parquet=True)
    refreshed(home, bundle=write_bundle(folder / "two", [{"value": 51, "edition": "2022-01-01"}]))
    refreshed(home, bundle=write_bundle(folder / "old", [{"value": 49, "edition": "2020-01-01"}]))


@pytest.fixture(scope="session")
def kept_light_three(keep: Keep) -> Path:
    """The same three releases of few tables: for what happens to any release."""
    return keep("light_three", _light_three)


def _light_three(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        lighten(patch.setattr)
        _three(folder)


@pytest.fixture
def three(light: None, kept_light_three: Path, tmp_path: Path) -> Home:
    """A home of three light releases, and beside it in `tmp_path` their bundles `one`, `two` and `old`."""
    return home_of(copied(kept_light_three, tmp_path))


@pytest.fixture(scope="session")
def database_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server for catalogues of shared storage."""
    with postgres.server() as running:
        yield running


Shared = Callable[[Home], str]


@pytest.fixture(scope="session")
def share(database_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """Put the releases of a home into a shared storage of its own; gives its address, which holds a password."""

    @cache
    def put(root: Path) -> str:
        named = database_server.database()
        place = parse(named, str(tmp_path_factory.mktemp("shared") / "lake"))
        assert place
        catch_up(Home(root), place)
        return named

    return lambda home: put(home.root)


BACKENDS = ("file", pytest.param("ducklake", marks=pytest.mark.storage))


@contextmanager
def read_from(backend: str, home: Home, request: pytest.FixtureRequest) -> Iterator[Home]:
    """Give the home to read from: the refreshed one, or an empty one that has only the shared storage."""
    if backend == "file":
        yield home
        return
    address = request.getfixturevalue("share")(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, address)
        yield Home(request.getfixturevalue("tmp_path_factory").mktemp("elsewhere"))


@pytest.fixture(params=BACKENDS)
def answering(request: pytest.FixtureRequest, released: Home) -> Iterator[Home]:
    """A home that answers from the bundled figures, on each backend."""
    with read_from(request.param, released, request) as home:
        yield home


@pytest.fixture
def storage(database_server: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty shared storage, set for this test: its address, which holds a password."""
    named = database_server.database()
    monkeypatch.setenv(VARIABLE, named)
    monkeypatch.setenv("ICTDEV_STORAGE_DATA", str(tmp_path / "lake"))
    return named
