"""Which releases stay, and which go."""

import pytest

from schemas.errors import Invalid, Unanswered
from tests.conftest import write_bundle
from tests.flows.screens import screens
from warehouse import retention, verify
from warehouse.home import Home
from warehouse.query import open_release
from warehouse.releases import folders, newest

pytestmark = pytest.mark.usefixtures("light")


@pytest.fixture
def series(home, refresh, tmp_path):
    """Refresh with one more value each time."""

    def run(*values, **asked):
        for value in values:
            folder = write_bundle(tmp_path / str(value), [{"value": value, "edition": f"20{value}-01-01"}])
            refresh(bundle=folder, **asked)
        return [folder.name for folder in folders(home)]

    return run


def test_the_newest_stay_and_the_pointer_leads_to_the_last(home, series):
    names = series(10, 11, 12)
    assert len(series(13, keep_releases=2)) == 2
    assert newest(home).vintage not in names
    assert verify.home(home).damage == []


def test_nothing_goes_unless_it_is_asked_for(series):
    assert len(series(10, 11, 12)) == 3


def test_a_marked_release_stays(home, series):
    names = series(10, 11)
    text = screens("release", "--keep", names[0], "--why", "annual report", "--by", "A. Diop", home=home)
    assert names[0] in text
    left = series(12, 13, keep_releases=1)
    assert left[0] == names[0]
    assert len(left) == 2
    listed = screens("release", home=home)
    assert "A. Diop: annual report" in listed
    screens("release", "--let-go", names[0], home=home)
    assert names[0] not in series(14, keep_releases=1)


def test_a_release_that_is_open_can_be_read_on(home, series):
    series(10)
    with open_release(home.root) as session:
        vintage = session.release.vintage
        left = series(11, 12, keep_releases=1)
        assert vintage not in left
        assert session.rows("SELECT value FROM observation WHERE source = 'made_up'") == [{"value": 10.0}]


def test_what_went_is_still_answered_as_of_its_day(home, series):
    first = series(10)[0]
    series(11, 12, keep_releases=1)
    with open_release(home.root) as session:
        (row,) = session.sql("SELECT value FROM observation WHERE source = 'made_up'", as_of=first).to_pylist()
    assert row["value"] == 10.0


@pytest.mark.parametrize("option", ["--keep", "--let-go"])
def test_a_release_that_is_not_there_is_told(home, series, option):
    series(10)
    assert "20000101T000000Z" in screens("release", option, "20000101T000000Z", home=home, status=1)


def test_marking_what_is_not_there_names_what_is(home, series):
    (name,) = series(10)
    with pytest.raises(Unanswered, match=name):
        retention.mark(home, "20000101T000000Z", why="", by="")


def test_marks_that_cannot_be_read_let_nothing_be_removed(home, series):
    series(10, 11)
    home.kept.write_text("{")
    with pytest.raises(Invalid, match="no release is removed"):
        retention.retire(home, 1)
    assert len(folders(home)) == 2


def test_the_list_of_an_empty_home_says_how_to_begin(tmp_path):
    assert "ictdev refresh --bundled" in screens("release", home=Home(tmp_path / "none"), status=1)
