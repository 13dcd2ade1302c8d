"""Corrections on their way: through the gates into history, release and passport, and out again when they expire."""

import pytest

from flows.rebuild import rebuild
from schemas import correction
from tests.conftest import write_bundle
from tests.flows.screens import screens
from tests.light import FEW_TABLES, lighten
from warehouse.query import open_release

ENTRY = {
    "indicator": "internet_users",
    "economy": "SEN",
    "years": [2020],
    "expect": 140,
    "reason": "a slip of the pen",
    "citation": "letter of 2021-03-01",
    "source": "made_up",
}
SET = {**ENTRY, "action": "set", "value": 41}
DROP = {**ENTRY, "action": "drop"}
WRONG = {"value": 140}
GOOD = {"ref_area": "GHA", "value": 60}


@pytest.fixture
def few(monkeypatch):
    """Refreshes of few tables, with what became of corrections."""
    lighten(monkeypatch.setattr, (*FEW_TABLES, "correction"))


@pytest.fixture
def declare(monkeypatch):
    def put(*entries):
        found = tuple(correction.Correction.model_validate(entry) for entry in entries)
        monkeypatch.setattr(correction, "declared", lambda source: found if source == "made_up" else ())
        for module in ("settle", "steps"):  # a declared correction is a file, and so another state of the rules
            monkeypatch.setattr(f"flows.{module}.fingerprint", lambda *_: f"rules with {entries}", raising=False)

    return put


def _rows(home, query):
    with open_release(home.root) as session:
        return session.rows(query)


def _revisions(home):
    found = _rows(home, "SELECT kind, value, cause FROM revision WHERE ref_area = 'SEN' ORDER BY vintage, kind")
    return [(row["kind"], row["value"], row["cause"]) for row in found]


@pytest.mark.usefixtures("few")
def test_a_wrong_value_that_would_hold_the_source_passes_when_it_is_corrected(home, refresh, tmp_path, declare):
    bundle = write_bundle(tmp_path / "one", [WRONG, GOOD])
    assert refresh(bundle=bundle).sources[0].state == "held"
    declare(SET)
    assert refresh(bundle=bundle).exit_status == 0
    (row,) = _rows(home, "SELECT value, obs_status, note FROM observation WHERE ref_area = 'SEN'")
    assert (row["value"], row["obs_status"]) == (41, "E")
    assert "the publisher says 140" in row["note"]
    (row,) = _rows(home, "FROM correction")
    assert (row["state"], row["raw_value"], row["corrected_value"]) == ("applied", 140, 41)


@pytest.mark.usefixtures("ungated")
def test_why_shows_the_raw_and_the_corrected_value(home, refresh, tmp_path, declare):
    declare(SET)
    refresh(bundle=write_bundle(tmp_path / "one", [WRONG, GOOD]))
    text = screens("why", "internet_users", "SEN", "2020", home=home)
    assert "the publisher says 140, now 41" in text
    assert "a slip of the pen · letter of 2021-03-01" in text
    assert "corrected" not in screens("why", "internet_users", "GHA", "2020", home=home)


@pytest.mark.usefixtures("ungated")
def test_why_tells_of_a_figure_that_a_correction_drops(home, refresh, tmp_path, declare):
    declare(DROP)
    refresh(bundle=write_bundle(tmp_path / "one", [WRONG, GOOD]))
    text = screens("why", "internet_users", "SEN", "2020", home=home, status=1)
    assert "made_up says 140, which a declared correction drops" in text


@pytest.mark.usefixtures("ungated")
def test_a_correction_that_expires_is_told_and_its_revision_says_so(home, refresh, tmp_path, declare):
    declare(SET)
    refresh(bundle=write_bundle(tmp_path / "one", [WRONG, GOOD]))
    mended = {"value": 44, "edition": "2022-01-01"}
    report = refresh(bundle=write_bundle(tmp_path / "two", [mended, {**GOOD, "edition": "2022-01-01"}]))
    assert any("has expired" in warning for warning in report.sources[0].warnings)
    assert report.exit_status == 0
    assert _revisions(home) == [("added", 41, "source added"), ("revised", 44, "correction expired")]
    assert _rows(home, "SELECT state FROM correction") == [{"state": "expired"}]
    assert "is not applied" in screens("why", "internet_users", "SEN", "2020", home=home)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("entry", "change"),
    [(SET, ("revised", 41.0, "correction applied")), (DROP, ("removed", None, "correction applied"))],
)
def test_a_correction_of_figures_that_are_held_is_the_cause_of_their_revision(
    home, refresh, tmp_path, declare, entry, change
):
    bundle = write_bundle(tmp_path / "one", [{"value": 90}, GOOD])
    refresh(bundle=bundle)
    declare({**entry, "expect": 90})
    assert refresh(bundle=bundle).changed
    assert _revisions(home) == [("added", 90, "source added"), change]
    assert not refresh(bundle=bundle).changed


@pytest.mark.usefixtures("few")
def test_a_correction_that_is_taken_out_of_its_file_expires(home, refresh, tmp_path, declare):
    bundle = write_bundle(tmp_path / "one", [{"value": 90}, GOOD])
    declare({**DROP, "expect": 90})
    refresh(bundle=bundle)
    declare()
    refresh(bundle=bundle)
    assert _revisions(home) == [("added", 90, "correction expired")]
    assert _rows(home, "FROM correction") == []


@pytest.mark.usefixtures("few")
def test_releases_with_corrections_are_rebuilt_the_same(home, refresh, tmp_path, declare):
    declare(SET)
    refresh(bundle=write_bundle(tmp_path / "one", [WRONG, GOOD]))
    later = [{"value": 44, "edition": "2022-01-01"}, {**GOOD, "edition": "2022-01-01"}]
    refresh(bundle=write_bundle(tmp_path / "two", later))
    made = rebuild(home)
    assert (len(made.same), made.different) == (2, {})
