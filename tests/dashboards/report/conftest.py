"""The report of the bundled release and of a poor one, made once for all tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboards.report import LANGUAGES, write
from dashboards.report.blocks import Report
from dashboards.report.compose import compose
from flows import plan as planning
from flows.run import run_plain
from tests.conftest import write_bundle
from warehouse.home import Home
from warehouse.query import Session, open_release

BOTH = tuple(LANGUAGES)


@pytest.fixture(scope="session")
def release(released: Home) -> Iterator[Session]:
    with open_release(released.root) as session:
        yield session


@pytest.fixture(scope="session")
def reports(release: Session) -> dict[str, Report]:
    return {code: compose(release, code) for code in BOTH}


@pytest.fixture(scope="session")
def pages(release: Session, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    found = {code: folder / f"{code}.html" for code in BOTH}
    for code, path in found.items():
        path.write_bytes(write(release, code, ".html"))
    return found


def poor_home(folder: Path, *editions: list[dict[str, Any]]) -> Home:
    """Give a home of one made-up publisher, with a release for each edition."""
    home = Home(folder / "home")
    for number, rows in enumerate(editions):
        bundle = write_bundle(folder / f"bundle-{number}", rows)
        run_plain(planning.make(home=home.root, bundle=bundle, files=[], sources=[], base_url={}, parquet=False))
    return home


@pytest.fixture(scope="session")
def poor(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which one figure of one economy is all there is."""
    return poor_home(tmp_path_factory.mktemp("poor"), [{"ref_area": "SEN", "value": 46}])
