"""Answers that were fetched and shrink or jump: held, explained, and let through by a person who answers for it."""

import pytest

from flows import pending
from flows.accept import accept
from flows.rebuild import rebuild
from schemas.errors import Unanswered, Usage
from tests.conftest import write_bundle
from tests.exchanges import NET, page, row
from tests.flows.screens import screens
from tests.light import FEW_TABLES, lighten
from warehouse.query import open_release

pytestmark = pytest.mark.usefixtures("few")
PATH = f"/v2/country/all/indicator/{NET.code}"


@pytest.fixture
def few(monkeypatch):
    """Refreshes of few tables, with what a person let through."""
    lighten(monkeypatch.setattr, (*FEW_TABLES, "acceptance"))


@pytest.fixture
def publisher(httpserver, refresh, monkeypatch):
    """A publisher whose answer the test sets; gives a refresh from it."""
    monkeypatch.setattr("flows.arrive.wanted", lambda source: (NET,))

    def answer(*rows, updated="2026-07-13"):
        httpserver.clear()
        httpserver.expect_request(PATH).respond_with_data(page(*rows, updated=updated))
        return refresh(sources=["world_bank"], base_url={"world_bank": httpserver.url_for("/v2")})

    return answer


AREAS = ["SEN", "KEN", "GHA", "NGA", "MLI", "TGO"]


def _rows(value=50.0, areas=AREAS, years=(2019, 2020)):
    return [row(area, str(year), value) for area in areas for year in years]


def _current(home):
    with open_release(home.root) as session:
        return {
            (one["ref_area"], one["year"]): one["value"]
            for one in session.rows("SELECT ref_area, year, value FROM observation WHERE source = 'world_bank'")
        }


def test_an_answer_that_lost_a_year_is_held_and_the_last_good_figures_stay(home, publisher):
    first = publisher(*_rows())
    held = publisher(*_rows(years=(2019,)), updated="2026-08-01")
    (source,) = held.sources
    assert (held.exit_status, source.state, held.changed) == (3, "held", False)
    assert "the year 2020 vanishes" in " ".join(f"{one['what']} {one['why']}" for one in source.troubles)
    assert "ictdev release --accept world_bank" in source.troubles[0]["next"]
    assert held.vintage == first.vintage
    assert len(_current(home)) == 12


def test_status_explains_what_is_held_and_how_to_let_it_through(home, publisher):
    publisher(*_rows())
    publisher(*_rows(value=500.0 / 7), updated="2026-08-01")
    text = screens("status", home=home)
    assert "world_bank held" in text
    assert "revised by more than 10%" in text
    assert "release --accept world_bank" in text


def test_a_person_lets_it_through_and_that_is_written_down(home, publisher):
    publisher(*_rows())
    publisher(*_rows(years=(2019,)), updated="2026-08-01")
    report = accept(home, "world_bank", why="the year was withdrawn, see their notice", by="A. Diop")
    assert (report.exit_status, report.changed, report.sources[0].removed) == (0, True, 6)
    assert len(_current(home)) == 6
    with open_release(home.root) as session:
        (told,) = session.rows("SELECT * FROM acceptance")
    assert (told["source"], told["accepted_by"]) == ("world_bank", "A. Diop")
    assert "the year 2020 vanishes" in told["findings"]
    assert pending.waiting(home) == []


def test_the_same_answer_after_that_passes(publisher, home):
    publisher(*_rows())
    publisher(*_rows(years=(2019,)), updated="2026-08-01")
    accept(home, "world_bank", why="withdrawn")
    again = publisher(*_rows(years=(2019,)), updated="2026-08-01")
    assert (again.exit_status, again.changed) == (0, False)


def test_a_held_answer_that_the_publisher_mends_is_forgotten(publisher, home):
    publisher(*_rows())
    publisher(*_rows(years=(2019,)), updated="2026-08-01")
    assert [one["source"] for one in pending.waiting(home)] == ["world_bank"]
    assert publisher(*_rows(), updated="2026-08-02").exit_status == 0
    assert pending.waiting(home) == []


def test_held_again_it_says_since_when(publisher, home):
    publisher(*_rows())
    publisher(*_rows(years=(2019,)), updated="2026-08-01")
    since = pending.of(home, "world_bank")["since"]
    publisher(*_rows(years=(2019,)), updated="2026-08-01")
    assert pending.of(home, "world_bank")["since"] == since


def test_a_file_that_a_person_names_is_reported_and_passes(refresh, tmp_path):
    refresh(bundle=write_bundle(tmp_path / "one", [{"time_period": str(year)} for year in range(2000, 2020)]))
    fewer = write_bundle(tmp_path / "two", [{"time_period": "2000", "edition": "2022-01-01"}])
    side = (fewer / "made_up.json").read_text().replace("[2000, 2000]", "[2000, 2019]")
    (fewer / "made_up.json").write_text(side)
    report = refresh(bundle=fewer)
    assert (report.exit_status, report.sources[0].removed) == (0, 19)
    assert any("19 of 20 figures vanish" in warning for warning in report.sources[0].warnings)


def test_the_other_sources_of_the_run_are_published(home, httpserver, refresh, monkeypatch):
    """One source is held, another changes in the same run: its figures are in the release."""
    from schemas.source import Series  # noqa: PLC0415

    other = Series("population", "SP.POP.TOTL", "persons")
    monkeypatch.setattr("flows.arrive.wanted", lambda source: (NET,) if source == "world_bank" else (other,))
    base = {"world_bank": httpserver.url_for("/v2")}
    httpserver.expect_request(PATH).respond_with_data(page(*_rows()))
    refresh(sources=["world_bank"], base_url=base)
    httpserver.clear()
    httpserver.expect_request(PATH).respond_with_data(page(*_rows(years=(2019,)), updated="2026-08-01"))
    report = refresh(sources=["world_bank", "unsd_sdg"], base_url={**base, "unsd_sdg": httpserver.url_for("/sdg")})
    states = {one.source: one.state for one in report.sources}
    assert states["world_bank"] == "held"
    assert report.exit_status in {3, 4}
    assert len(_current(home)) == 12


def test_letting_through_what_is_not_held_says_what_is(home, publisher):
    publisher(*_rows())
    with pytest.raises(Unanswered, match="no answer of unsd_sdg is held"):
        accept(home, "unsd_sdg", why="because")


def test_letting_through_needs_a_reason(home, publisher):
    publisher(*_rows())
    with pytest.raises(Usage, match="needs a reason"):
        accept(home, "world_bank", why=" ")


def test_what_was_held_and_let_through_is_rebuilt_as_it_was(home, publisher):
    publisher(*_rows())
    publisher(*_rows(years=(2019,)), updated="2026-08-01")
    accept(home, "world_bank", why="withdrawn")
    made = rebuild(home)
    assert (made.runs, made.different) == (3, {})
    assert len(made.same) == 2
