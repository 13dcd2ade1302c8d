"""Bad input: a clear error, nothing of that source published, the last release untouched."""

import io
import json
import zipfile

import pytest

from schemas import sdmx_csv
from tests.conftest import observations, refreshed, write_bundle
from tests.exchanges import OUTAGE, page, row
from tests.homes import copied, home_of
from tests.light import lighten
from warehouse import releases
from warehouse.query import open_release

OTHER = {
    "source": "another",
    "series_code": "CEL",
    "indicator": "mobile_cellular_per_100",
    "unit": "per_100_inhabitants",
}


def _truncated_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("API_IT.NET.USER.ZS_DS2_en_csv_v2_1.csv", "Country Name,Country Code\n" * 500)
    return buffer.getvalue()[:-30]


BAD_FILES = {
    "empty": (b"", "is empty"),
    "html": (OUTAGE, "HTML page, not data"),
    "truncated zip": (_truncated_zip(), "damaged zip file"),
    "wrong columns": (b"year,value\n2020,1\n", "neither an API answer nor a World Bank download"),
    "duplicated key": (page(row(), row(value=60)), "Two figures claim the same place"),
    "unknown area": (page(row(area="ZZZ")), "area code of the publisher is not in our code list"),
    "140 % of population": (page(row(value=140)), "above the most that the indicator can be"),
    "year in the future": (page(row(year="2099")), "no figure speaks of the future"),
    "no value at all": (
        b'"Country Name","Country Code","Indicator Name","Indicator Code","2020"\n"x","SEN","x","IT.NET.USER.ZS",""\n',
        "no figure of a series",
    ),
    "blanks only": (page(row(value=None)), "1 records and no figure"),
    "text value": (page(row(value="many")), "a text that is no number"),
}


pytestmark = pytest.mark.usefixtures("light")


def _good(folder):
    first = folder / "first.json"
    first.write_bytes(page(row(value=50.0), updated="2025-01-01"))
    bundle = write_bundle(folder / "other", [OTHER], source="another")
    with pytest.MonkeyPatch.context() as patch:
        lighten(patch.setattr)
        refreshed(home_of(folder), bundle=bundle, files=[f"world_bank={first}"])


@pytest.fixture(scope="session")
def kept_good(keep):
    return keep("good", _good)


@pytest.fixture
def good(kept_good, tmp_path):
    """A home with a release: one figure of each of two publishers."""
    return home_of(copied(kept_good, tmp_path))


def _figures(home):
    with open_release(home.root) as session:
        return session.sql(
            "SELECT source, ref_area, value FROM observation WHERE source <> 'ictdev' ORDER BY ALL"
        ).to_pylist()


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_alone_publishes_nothing(good, refresh, tmp_path, case):
    content, words = BAD_FILES[case]
    path = tmp_path / "bad"
    path.write_bytes(content)
    before = releases.newest(good).vintage, _figures(good)
    report = refresh(files=[f"world_bank={path}"])
    assert report.exit_status == 4
    (trouble,) = report.sources[0].troubles
    assert words in trouble["what"]
    assert trouble["next"]
    assert not report.changed
    assert (releases.newest(good).vintage, _figures(good)) == before


@pytest.mark.parametrize("case", BAD_FILES)
def test_beside_a_bad_file_the_rest_is_published(good, refresh, tmp_path, case):
    path = tmp_path / "bad"
    path.write_bytes(BAD_FILES[case][0])
    newer = write_bundle(tmp_path / "newer", [{**OTHER, "value": 90, "edition": "2022-01-01"}], source="another")
    report = refresh(bundle=newer, files=[f"world_bank={path}"])
    assert report.exit_status == 3
    assert {one.source: one.state for one in report.sources} == {"another": "good", "world_bank": "held"}
    assert [(row["source"], row["value"]) for row in _figures(good)] == [("another", 90.0), ("world_bank", 50.0)]


@pytest.mark.parametrize("case", BAD_FILES)
def test_into_an_empty_home_nothing_is_published(home, refresh, tmp_path, case):
    path = tmp_path / "bad"
    path.write_bytes(BAD_FILES[case][0])
    report = refresh(files=[f"world_bank={path}"])
    assert (report.exit_status, report.release) == (4, "")
    assert releases.latest(home) is None


def test_the_bytes_of_a_bad_file_are_kept(good, refresh, tmp_path):
    path = tmp_path / "bad"
    path.write_bytes(OUTAGE)
    refresh(files=[f"world_bank={path}"])
    from warehouse.snapshots import Snapshots  # noqa: PLC0415

    snapshots = Snapshots(good.snapshots)
    assert OUTAGE in [snapshots.get(one.snapshot) for one in snapshots.receipts()]


def test_why_a_source_is_stale_stays_to_be_read(good, refresh, tmp_path):
    path = tmp_path / "bad"
    path.write_bytes(page(row(value=140)))
    refresh(files=[f"world_bank={path}"])
    state = {one["source"]: one for one in json.loads(good.state.read_bytes())["sources"]}["world_bank"]
    assert state["state"] == "held"
    assert "SEN 2020" in state["reason"]
    assert state["last_good"] < state["failing_since"]
    mended = tmp_path / "good.json"
    mended.write_bytes(page(row(value=51.0)))
    refresh(files=[f"world_bank={mended}"])
    state = {one["source"]: one for one in json.loads(good.state.read_bytes())["sources"]}["world_bank"]
    assert (state["state"], state["failing_since"], state["reason"]) == ("good", None, "")


def test_a_bundle_with_a_bad_figure_is_held(home, refresh, tmp_path):
    report = refresh(bundle=write_bundle(tmp_path / "b", [{"value": 140}]))
    assert report.exit_status == 4
    assert "SEN 2020" in report.sources[0].troubles[0]["what"]


def test_a_bundle_with_an_unknown_indicator_is_held(home, refresh, tmp_path):
    report = refresh(bundle=write_bundle(tmp_path / "b", [{"indicator": "happiness"}]))
    assert "indicators/catalogue/" in report.sources[0].troubles[0]["what"]


def test_a_bundle_file_that_cannot_be_opened_stops_before_anything_is_taken_in(home, refresh, tmp_path):
    from schemas.errors import Invalid  # noqa: PLC0415

    folder = write_bundle(tmp_path / "b", [{}])
    (folder / "made_up.json").write_text("{")
    with pytest.raises(Invalid, match="does not describe"):
        refresh(bundle=folder)
    assert not home.history.exists()


def test_a_bundle_without_figures_is_held(home, refresh, tmp_path):
    folder = write_bundle(tmp_path / "b", [{}])
    (folder / "made_up.csv").write_bytes(sdmx_csv.write(observations()))
    report = refresh(bundle=folder)
    assert report.exit_status == 4
    assert "no figure" in report.sources[0].troubles[0]["what"]
