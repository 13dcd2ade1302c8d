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
from tests.homes import Keep, home_of, linked
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
def pages(release: Session, keep: Keep) -> dict[str, Path]:
    def written(folder: Path) -> None:
        for code in BOTH:
            (folder / f"{code}.html").write_bytes(write(release, code, ".html"))

    folder = keep("report_pages", written)
    return {code: folder / f"{code}.html" for code in BOTH}


def poor_home(folder: Path, *editions: list[dict[str, Any]]) -> Home:
    """Give a home of one made-up publisher, with a release for each edition."""
    home = Home(folder / "home")
    for number, rows in enumerate(editions):
        bundle = write_bundle(folder / f"bundle-{number}", rows)
        run_plain(planning.make(home=home.root, bundle=bundle, files=[], sources=[], base_url={}, parquet=False))
    return home


@pytest.fixture(scope="session")
def poor(keep: Keep, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which one figure of one economy is all there is."""
    return home_of(linked(keep("poor", _poor), tmp_path_factory.mktemp("poor")))


def _poor(folder: Path) -> None:
    poor_home(folder, [{"ref_area": "SEN", "value": 46}])
