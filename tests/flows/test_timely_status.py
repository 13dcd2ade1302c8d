"""What people see of timeliness: on the screen, in the release, and of every source, not only those of the last run."""

from tests.conftest import write_bundle
from tests.flows.screens import screens
from warehouse.query import open_release


def test_an_old_edition_that_arrived_today_is_stale(home, refresh, tmp_path):
    refresh(bundle=write_bundle(tmp_path / "b", [{"edition": "2020-10-01"}], source="unsd_sdg", cadence="quarterly"))
    out = screens("status", home=home)
    assert "quarterly, stale" in out
    assert "quarterly, current" not in out
    assert "unsd_sdg stale: the newest edition is of 2020-10-01" in out
    (series,) = (line for line in out.splitlines() if line.startswith("internet_users\t"))
    assert series.endswith("\tstale")


def test_release_says_how_timely_every_source_is(home, refresh, tmp_path):
    """A source that a later run does not concern is looked at again all the same."""
    refresh(bundle=write_bundle(tmp_path / "one", [{"edition": "2020-10-01"}], source="unsd_sdg", cadence="quarterly"))
    refresh(bundle=write_bundle(tmp_path / "two", [{}]))
    with open_release(home.root) as session:
        rows = {row["source"]: row for row in session.rows("FROM source_state")}
    assert (rows["unsd_sdg"]["timeliness"], rows["unsd_sdg"]["newest_year"]) == ("stale", 2020)
    assert "2020-10-01" in rows["unsd_sdg"]["timeliness_reason"]
    assert (rows["made_up"]["timeliness"], rows["made_up"]["timeliness_reason"]) == ("no rhythm", "")


def test_figures_that_new_editions_only_repeat_are_frozen(home, refresh, tmp_path):
    for number, day in enumerate(("2018-01-01", "2022-01-01", "2026-06-01")):
        rows = [{"edition": day, "time_period": "2025"}]
        refresh(bundle=write_bundle(tmp_path / str(number), rows, source="itu_datahub", cadence="twice a year"))
    with open_release(home.root) as session:
        (row,) = session.rows("FROM source_state WHERE source = 'itu_datahub'")
    assert row["timeliness"] == "frozen"
    assert "2018-01-01" in row["timeliness_reason"]
