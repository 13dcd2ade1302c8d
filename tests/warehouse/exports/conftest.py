"""A home whose figures come from open and closed publishers, and figures of ours that rest on either or both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import plan as planning
from flows.run import run_plain
from schemas import codelist
from tests.conftest import write_bundle
from tests.homes import Keep, home_of, linked
from warehouse.exports.forms import export
from warehouse.exports.selection import Asked
from warehouse.home import Home
from warehouse.pointer import newest

CLOSED = "CC-BY-NC-SA-3.0-IGO"
NOTE = 'estimate; "rounded",\nsee the\tnote of Côte d\'Ivoire \\ 2020'


def members(code: str = "LDC") -> list[str]:
    """Economies of a group in 2020."""
    rows = codelist.membership().to_pylist()
    return sorted(
        {
            row["ref_area"]
            for row in rows
            if row["group_code"] == code
            and (row["valid_from"] is None or row["valid_from"].year <= 2020)
            and (row["valid_to"] is None or row["valid_to"].year > 2020)
        }
    )


def people() -> Iterator[dict[str, object]]:
    for number, area in enumerate(members()):
        for sex, share in (("_T", 2), ("F", 1), ("M", 1)):
            yield {
                "indicator": "population", "ref_area": area, "sex": sex, "value": 1000.0 * share * (number + 1),
                "unit": "persons", "source": "world_bank", "series_code": "SP.POP.TOTL", "edition": "2021-03-01",
            }  # fmt: skip


def users(source: str, areas: list[str], indicator: str = "internet_users") -> Iterator[dict[str, object]]:
    for number, area in enumerate(areas):
        for sex, extra in (("_T", 0.25), ("F", 0), ("M", 0.5)):
            yield {
                "indicator": indicator, "ref_area": area, "sex": sex, "value": 10 + number % 40 + extra,
                "source": source, "series_code": f"{source}-{indicator}", "note": NOTE if number == 0 else "",
            }  # fmt: skip


@pytest.fixture(scope="session")
def mixed(keep: Keep, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Internet users half from an open publisher, half from a closed one; phone owners from an open one alone."""
    return home_of(linked(keep("mixed", _mixed), tmp_path_factory.mktemp("mixed")))


def _mixed(place: Path) -> None:
    folder = place / "bundle"
    areas = members()
    half = len(areas) // 2
    write_bundle(folder, people(), source="world_bank")
    rows = [*users("made_up", areas[:half]), *users("made_up", areas, "mobile_phone_owners"), negative()]
    write_bundle(folder, rows, source="made_up")
    write_bundle(folder, users("itu_datahub", areas[half:]), source="itu_datahub")
    refreshed(place / "home", folder)


def negative() -> dict[str, object]:
    """A figure below zero, which must stay a number wherever text is made safe."""
    return {"indicator": "mobile_ownership_gender_gap", "value": -2.5, "unit": "percent", "series_code": "GAP"}


def refreshed(root: Path, bundle: Path) -> Home:
    """A home that took in a bundle."""
    home = Home(root)
    report = run_plain(planning.make(home=root, bundle=bundle, files=[], sources=[], base_url={}, parquet=False))
    assert all(one.state == "good" for one in report.sources), report
    return home


def exported(home: Home, form: str, out: Path, **asked: object) -> Path:
    """Export the newest release of a home; give the folder."""
    export(newest(home), form, out, Asked(**asked))  # type: ignore[arg-type]
    return out
