"""Before a release: a fault holds the source that brought it in, or keeps everything from being published."""

import orjson
import pytest

from flows import third_gate
from flows.rebuild import rebuild
from schemas import rules
from tests.conftest import refreshed, write_bundle
from tests.flows.screens import screens
from tests.homes import home_of, linked
from warehouse import releases, verify
from warehouse.guards import Finding
from warehouse.query import open_release

OTHER = {"indicator": "mobile_phone_owners", "source": "other", "series_code": "OWN", "value": 60}


def _cover(four, two=60.0, **given):
    usual = {"indicator": "mobile_coverage", "series_code": "COV", **given}
    return [{**usual, "breakdown": "4G", "value": four}, {**usual, "breakdown": "2G", "value": two}]


def _bundle(folder, rows, value=60):
    write_bundle(folder, rows)
    return write_bundle(folder, [{**OTHER, "value": value}], source="other")


def _rows(home, query):
    with open_release(home.root) as session:
        return session.rows(query)


def test_a_planted_fault_holds_its_source_and_the_rest_is_published(home, refresh, tmp_path):
    report = refresh(bundle=_bundle(tmp_path / "one", _cover(95)))
    assert report.exit_status == 3
    (trouble,) = next(one for one in report.sources if one.source == "made_up").troubles
    assert (
        "published_coverage_far_from_nested: A newer network generation covers over 30 points more" in trouble["what"]
    )
    assert "1 rows, for example made_up mobile_coverage SEN 2020 4G" in trouble["what"]
    assert "schemas/corrections/" in trouble["next"]
    assert {row["source"] for row in _rows(home, "FROM observation")} == {"other"}
    assert _rows(home, "SELECT state FROM source_state WHERE source = 'made_up'") == [{"state": "held"}]


def test_figures_that_are_mended_come_through(home, refresh, tmp_path):
    refresh(bundle=_bundle(tmp_path / "one", _cover(95)))
    assert refresh(bundle=_bundle(tmp_path / "two", _cover(55))).exit_status == 0
    assert len(_rows(home, "FROM observation WHERE source = 'made_up'")) == 2
    made = rebuild(home)
    assert (len(made.same), made.different) == (2, {})


def test_a_fault_that_no_answer_of_the_run_brought_keeps_the_last_release(home, refresh, tmp_path, monkeypatch):
    """A rule that is new finds a fault in figures that are held: nothing is published, nothing is lost."""
    every = rules.published()
    fault = "published_coverage_far_from_nested"
    lenient = {name: one for name, one in every.items() if name != fault}
    with monkeypatch.context() as patch:
        patch.setattr(rules, "published", lambda: lenient)
        patch.setattr("schemas.suites.published.published", lambda: lenient)
        first = refresh(bundle=_bundle(tmp_path / "one", _cover(95)))
        assert first.exit_status == 0
    later = refresh(bundle=write_bundle(tmp_path / "two", [{**OTHER, "value": 61}], source="other"))
    assert (later.exit_status, later.changed) == (4, False)
    assert fault in later.refused["what"]
    assert releases.newest(home).vintage == first.vintage
    mended = refresh(bundle=_bundle(tmp_path / "three", _cover(55), value=61))
    assert mended.exit_status == 0
    assert _rows(home, "SELECT value FROM observation WHERE source = 'other'") == [{"value": 61}]


@pytest.mark.usefixtures("ungated")
def test_what_was_refused_is_told_on_the_screen(tmp_path, monkeypatch, home, refresh):
    refresh(bundle=write_bundle(tmp_path / "one", [{}]))
    refused = third_gate.Refused([Finding("published_x", "published_x: it is wrong.", "mend it")])

    def refuse(*_):
        raise refused

    monkeypatch.setattr(third_gate, "enforce", refuse)
    bundle = write_bundle(tmp_path / "two", [{"value": 51, "edition": "2022-01-01"}])
    report = refresh(bundle=bundle)
    assert report.refused == {"what": "published_x: it is wrong.", "why": report.refused["why"], "next": "mend it"}


def test_a_target_that_stands_otherwise_is_an_event(home, refresh, tmp_path):
    def world(value, edition):
        return [
            {"ref_area": "WLD", "time_period": str(year), "value": value, "edition": edition} for year in (2014, 2015)
        ]

    refresh(bundle=write_bundle(tmp_path / "one", world(40, "2021-01-01")))
    report = refresh(bundle=write_bundle(tmp_path / "two", world(60, "2021-01-01")))
    assert report.exit_status == 0
    assert any("world_more_than_half" in event and "missed → met" in event for event in report.events)


def _warned(folder):
    home = home_of(folder)
    refreshed(home, bundle=_bundle(folder / "one", [*_cover(70), {"note": "<script>"}]))


@pytest.fixture(scope="session")
def warned(keep, tmp_path_factory):
    """A home whose release breaks a rule that only warns. Only to be read."""
    return home_of(linked(keep("warned", _warned), tmp_path_factory.mktemp("warned")))


def test_the_quality_report_belongs_to_the_release(warned):
    home = warned
    folder = releases.newest(home).folder
    named = releases.newest(home).manifest["files"]
    assert {"quality.html", "quality.json"} <= set(named)
    assert verify.home(home).damage == []
    note = orjson.loads((folder / "quality.json").read_bytes())
    assert [one["check_id"] for one in note["failed"] if one["severity"] == "warn"] == ["published_coverage_nested"]
    (row,) = [one for one in note["indicators"] if one["indicator"] == "mobile_phone_owners"]
    assert (row["figures"], row["economies"], row["newest_year"], row["share_estimated"]) == (1, 1, 2020, 0)
    page = (folder / "quality.html").read_text(encoding="utf-8")
    assert "published_coverage_nested" in page
    assert "http://" not in page
    assert "https://" not in page
    gates = {path.name.split("-")[0] for path in (folder / "quality_engine").iterdir()}
    assert gates == {"received", "stored", "published", "resolution"}


def test_the_engine_s_records_can_be_loaded_by_the_engine(warned):
    from great_expectations.core import ExpectationSuiteValidationResult  # noqa: PLC0415

    paths = list((releases.newest(warned).folder / "quality_engine").iterdir())
    assert paths
    for path in paths:
        told = orjson.loads(path.read_bytes())
        assert ExpectationSuiteValidationResult(**{**told, "id": None}).results
        assert told["results"][0]["expectation_config"]["meta"]["check"]


def test_the_tables_of_checks_answer(home, refresh, tmp_path):
    refresh(bundle=_bundle(tmp_path / "one", [{**OTHER, "source": "made_up", "value": 58}]))
    assert _rows(home, "FROM quality_check")
    (row,) = _rows(home, "FROM agreement")
    assert (row["shared"], row["share_equal"], row["largest_difference"]) == (1, 0, 2)


def test_why_names_the_checks_of_the_release_that_a_figure_fails(warned):
    text = screens("why", "mobile_coverage", "SEN", "2020", "--breakdown", "4G", home=warned)
    assert "not passed: published_coverage_nested" in text
    assert "not passed" not in screens("why", "internet_users", "SEN", "2020", home=warned)
