"""The read API as an analyst's notebook uses it."""

from typing import Any

import pytest

import warehouse
from schemas.errors import Unanswered, Usage
from tests.conftest import BACKENDS, read_from, refreshed, write_bundle
from tests.homes import home_of, linked
from warehouse import open_release
from warehouse.exports.forms import export
from warehouse.exports.selection import Asked


@pytest.fixture(scope="session")
def three(keep, tmp_path_factory):
    """A home of three releases: one figure was revised, one came in; then an older edition was taken in."""
    return home_of(linked(keep("read_api", _three), tmp_path_factory.mktemp("read_api")))


def _three(folder):
    home = home_of(folder)
    refreshed(home, bundle=write_bundle(folder / "one", [{"value": 50}]))
    newer: list[dict[str, Any]] = [{"value": 51}, {"ref_area": "KEN"}]
    refreshed(home, bundle=write_bundle(folder / "two", [{**row, "edition": "2022-01-01"} for row in newer]))
    refreshed(home, bundle=write_bundle(folder / "old", [{"value": 49, "edition": "2020-01-01"}]))


@pytest.fixture(params=BACKENDS)
def two(request, three):
    """A home to ask for them, on each backend."""
    with read_from(request.param, three, request) as home:
        yield home


def _vintages(session):
    rows = session.rows("SELECT DISTINCT vintage FROM run ORDER BY 1")
    return [row["vintage"].strftime("%Y%m%dT%H%M%SZ") for row in rows]


def test_figures_come_with_unit_and_source(two):
    with open_release(two.root) as release:
        table = release.observations("internet_users", "SEN", source="made_up")
    assert table.select(["value", "unit", "source"]).to_pylist() == [
        {"value": 51.0, "unit": "percent_of_population", "source": "made_up"}
    ]


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({}, 2),
        ({"area": ["SEN", "KEN"]}, 2),
        ({"area": "KEN"}, 1),
        ({"period": 2020}, 2),
        ({"period": "2020"}, 2),
        ({"period": (2000, 2019)}, 0),
        ({"area": "ZZZ"}, 0),
    ],
)
def test_figures_can_be_narrowed(two, given, count):
    with open_release(two.root) as release:
        assert release.observations("internet_users", source="made_up", **given).num_rows == count


def test_every_way_to_ask_as_of_a_moment_gives_the_same(two, tmp_path):
    with open_release(two.root) as release:
        for vintage in _vintages(release):
            api = release.observations("internet_users", as_of=vintage, source="made_up")
            where = "indicator = 'internet_users' AND source = 'made_up' ORDER BY ref_area"
            sql = _asked(two, f"FROM observation WHERE {where}", vintage)
            macro = release.sql(f"FROM observation_as_of(strptime('{vintage}', '%Y%m%dT%H%M%SZ')) WHERE {where}")
            out = tmp_path / vintage
            export(release.release, "parquet", out, Asked(as_of=vintage))
            assert api.to_pylist() == sql.to_pylist() == macro.to_pylist()
            assert _exported(out) == api.select(["ref_area", "value"]).to_pylist()


def _asked(home, query, vintage):
    with open_release(home.root) as release:
        return release.sql(query, as_of=vintage)


def _exported(folder):
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows = pq.read_table(folder / "observation").to_pylist()
    kept = [row for row in rows if row["indicator"] == "internet_users" and row["source"] == "made_up"]
    return [{"ref_area": row["ref_area"], "value": row["value"]} for row in kept]


def test_an_older_edition_changes_neither_what_is_current_nor_a_past_day(two):
    with open_release(two.root) as release:
        values = [
            release.observations("internet_users", "SEN", as_of=vintage, source="made_up")["value"].to_pylist()
            for vintage in _vintages(release)
        ]
        assert values == [[50.0], [51.0], [51.0]]
        query = "SELECT value FROM observation WHERE ref_area = 'SEN' AND source = 'made_up'"
        said = release.sql(query, edition_as_of="2020-06-30")
    assert said.to_pylist() == [{"value": 49.0}]


def test_revisions_between_two_moments(two):
    with open_release(two.root) as release:
        first, *_ = _vintages(release)
        found = release.revisions(first, source="made_up").to_pylist()
    assert [(row["kind"], row["ref_area"]) for row in found] == [("revised", "SEN"), ("added", "KEN")]


def test_targets_that_flipped_between_two_moments(two):
    with open_release(two.root) as release:
        first, *_ = _vintages(release)
        flips = release.flips("2000-01-01").to_pylist()
        assert {row["status_before"] for row in flips} == {None}
        stood = release.rows(
            "SELECT DISTINCT mandate, target, basis, source FROM target_status WHERE vintage_to IS NULL"
        )
        assert len(flips) == len(stood) > 0
        assert release.flips(release.release.vintage).num_rows == 0
        assert (
            release.moment(first).isoformat() == release.rows("SELECT min(vintage) AS v FROM run")[0]["v"].isoformat()
        )
        with pytest.raises(Usage):
            release.flips("yesterday")


def test_why_explains_a_figure(two):
    with open_release(two.root) as release:
        (passport,) = release.why("internet_users", "SEN", 2020)
        assert passport.figure["value"] == 51
        assert [version["value"] for version in passport.versions] == [49, 50, 51]
        assert passport.vintage == release.release.vintage


def test_an_unknown_indicator_names_those_there_are(two):
    with open_release(two.root) as release, pytest.raises(Unanswered, match="internet_users"):
        release.observations("happiness")


def test_a_text_that_is_no_date_is_refused(two):
    with open_release(two.root) as release, pytest.raises(Usage, match="is not a date"):
        release.observations("internet_users", as_of="last week")


def test_the_room_has_no_other_door():
    with pytest.raises(AttributeError):
        warehouse.something_else  # noqa: B018


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_an_export_goes_into_a_new_folder_only(two, tmp_path, form):
    with open_release(two.root) as release:
        files = export(release.release, form, tmp_path / "out")
        tables = {path.relative_to(tmp_path / "out").parts[0].partition(".")[0] for path in files}
        assert tables >= {"observation", "revision", "source", "assessment"}
        with pytest.raises(Usage, match="not empty"):
            export(release.release, form, tmp_path / "out")


def test_an_export_that_cannot_be_written_leaves_nothing(two, tmp_path):
    from schemas.errors import IctdevError  # noqa: PLC0415

    (tmp_path / "file").write_text("")
    with open_release(two.root) as release, pytest.raises(IctdevError, match="could not be written"):
        export(release.release, "csv", tmp_path / "file" / "out")


def test_code_lists_come_with_their_names(two):
    with open_release(two.root) as release:
        units = release.codes("unit")
        assert units.column_names == ["code", "name_en", "name_zh"]
        assert {"code": "ratio", "name_en": "Ratio", "name_zh": "比率"} in units.to_pylist()
        with pytest.raises(Unanswered) as caught:
            release.codes("../secrets")
    assert "breakdown" in caught.value.why
