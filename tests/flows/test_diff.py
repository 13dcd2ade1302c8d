"""What changed between two vintages: each kind, with cause, in every form."""

import csv
import io
import json
import re
from typing import Any

import pytest

from flows import diff_forms
from flows.diff import compare
from indicators import gap
from schemas.errors import Unanswered, Usage
from tests.conftest import refreshed, write_bundle
from tests.flows.screens import screens
from tests.homes import home_of, linked
from warehouse.query import open_release
from warehouse.revisions import Only

FIRST = [
    {"ref_area": "SEN", "value": 50},
    {"ref_area": "KEN", "value": 40},
    {"ref_area": "GHA", "value": 30},
    {"ref_area": "NGA", "value": 20},
    {"ref_area": "MLI", "value": 10},
]
SECOND = [
    {"ref_area": "SEN", "value": 75},
    {"ref_area": "KEN", "value": 40.4},
    {"ref_area": "GHA", "value": 30, "obs_status": "E"},
    {"ref_area": "NGA", "value": 20, "note": "<script>alert(1)</script> | *star*"},
    {"ref_area": "TGO", "value": 5},
]


pytestmark = pytest.mark.usefixtures("ungated")


def _two(folder):
    home = home_of(folder)
    refreshed(home, bundle=write_bundle(folder / "one", FIRST))
    refreshed(home, bundle=write_bundle(folder / "two", [{**row, "edition": "2022-01-01"} for row in SECOND]))


@pytest.fixture(scope="session")
def two(keep, tmp_path_factory):
    """A home of two releases that differ in every way. Only to be read."""
    return home_of(linked(keep("two_that_differ", _two), tmp_path_factory.mktemp("diff")))


def _found(home, start=None, end=None, **only):
    with open_release(home.root) as session:
        return compare(session, start, end, Only(**{"source": "made_up", **only}))


def test_every_kind_of_change_is_told_apart(two):
    rows = {row["ref_area"]: row for row in _found(two).changes.to_pylist()}
    assert {area: (row["kind"], row["cause"]) for area, row in rows.items()} == {
        "SEN": ("revised", "source revised"),
        "KEN": ("revised", "source revised"),
        "GHA": ("flag_only", "source revised"),
        "NGA": ("metadata_only", "source revised"),
        "TGO": ("added", "source added"),
        "MLI": ("removed", "source removed"),
    }
    assert (rows["SEN"]["value_before"], rows["SEN"]["value"], rows["SEN"]["change"]) == (50, 75, 25)
    assert rows["SEN"]["change_pct"] == 50
    assert (rows["GHA"]["status_before"], rows["GHA"]["obs_status"]) == ("A", "E")
    assert (rows["SEN"]["edition_before"], rows["SEN"]["edition"]) == ("2021-01-01", "2022-01-01")


def test_the_largest_revision_comes_first(two):
    assert [row["ref_area"] for row in _found(two).changes.slice(0, 2).to_pylist()] == ["SEN", "KEN"]


def test_the_view_of_revisions_says_the_same(two):
    with open_release(two.root) as session:
        view = session.sql(
            "SELECT ref_area, kind, cause FROM revision WHERE source = 'made_up' "
            "AND vintage = (SELECT max(vintage) FROM run) ORDER BY ref_area"
        ).to_pylist()
    told = [{name: row[name] for name in ("ref_area", "kind", "cause")} for row in _found(two).changes.to_pylist()]
    assert view == sorted(told, key=lambda row: row["ref_area"])


def test_it_is_counted_by_source_indicator_and_cause(two):
    found = _found(two)
    counts = {"added": 1, "revised": 2, "flag_only": 1, "metadata_only": 1, "removed": 1}
    assert found.counts("source") == [{"source": "made_up", **counts}]
    assert found.counts("indicator") == [{"indicator": "internet_users", **counts}]
    assert [row["cause"] for row in found.counts("cause")] == ["source added", "source removed", "source revised"]


def test_figures_that_changed_and_changed_back_are_no_change(home, refresh, tmp_path):
    for number, value in enumerate((50, 60, 50)):
        row = {"value": value, "edition": f"202{number}-01-01"}
        refresh(bundle=write_bundle(tmp_path / str(number), [row]))
    with open_release(home.root) as session:
        start = session.rows("SELECT min(vintage) AS first FROM run")[0]["first"].strftime("%Y%m%dT%H%M%SZ")
    assert _found(home, start).changes.num_rows == 0
    assert _found(home).changes.num_rows == 1


@pytest.mark.parametrize(
    ("only", "areas"),
    [
        ({"area": "SEN"}, {"SEN"}),
        ({"indicator": "population"}, set()),
        ({"year": "2019"}, set()),
        ({"source": "world_bank"}, set()),
        ({"year": "2020", "area": "TGO"}, {"TGO"}),
    ],
)
def test_it_can_be_narrowed(two, only, areas):
    assert set(_found(two, **only).changes["ref_area"].to_pylist()) == areas


def test_csv_and_json_hold_every_change(two):
    rows = list(csv.DictReader(io.StringIO(screens("diff", "--source", "made_up", "--format", "csv", home=two))))
    assert len(rows) == 6
    told = json.loads(screens("diff", "--source", "made_up", "--format", "json", home=two))
    assert len(told["changes"]) == 6
    assert told["by_cause"][0] == {
        "cause": "source added", "added": 1, "revised": 0, "flag_only": 0, "metadata_only": 0, "removed": 0,
    }  # fmt: skip


def test_the_screen_shows_counts_and_the_largest_changes(two):
    text = screens("diff", "--source", "made_up", "--limit", "2", home=two)
    assert "1 added, 2 revised, 1 with another status only, 1 with another note only, 1 removed" in text
    assert "Largest changes, 2 of 6" in text
    assert "internet_users · Senegal (SEN) · 2020\t50\t75\t+50.0 %\tsource revised" in text


def test_the_page_stands_on_its_own_and_a_name_cannot_break_it(two, tmp_path):
    screens("diff", "--format", "html", "--out", str(tmp_path / "diff.html"), home=two)
    page = (tmp_path / "diff.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.findall(r"(?:src|href)=", page)
    assert "Senegal (SEN)" in page


def test_the_note_for_prefect_escapes_marks(two):
    row = {"name_en": "A|B*", "ref_area": "ABC"}
    found = _found(two)
    text = diff_forms.as_markdown(found)
    assert "| revised | made_up |" in text
    assert diff_forms._plain(row["name_en"]) == "A\\|B\\*"


PEOPLE: list[dict[str, Any]] = [
    {"indicator": "population", "unit": "persons", "ref_area": area, "value": 1000, "series_code": "POP"}
    for area in ("CAN", "USA", "BMU")
]


def test_a_group_s_change_is_split_into_data_and_composition(home, refresh, tmp_path):
    """Two economies make up a region; one is revised, a third comes in."""
    one = [{"ref_area": "CAN", "value": 40}, {"ref_area": "USA", "value": 60}]
    two = [{"ref_area": "CAN", "value": 50}, {"ref_area": "USA", "value": 60}, {"ref_area": "BMU", "value": 100}]
    refresh(bundle=write_bundle(tmp_path / "one", [*one, *PEOPLE]))
    refresh(bundle=write_bundle(tmp_path / "two", [{**row, "edition": "2022-01-01"} for row in [*two, *PEOPLE]]))
    found = _found(home, source="")
    (group,) = [row for row in found.groups if row["group_code"] == "M49_021"]
    assert (group["before"], group["after"], group["entered"], group["left"]) == (50, 70, 1, 0)
    assert (group["by_data"], group["by_composition"]) == (5, 15)
    assert "+5 data, +15 coverage and membership (1 came, 0 left)" in diff_forms.group_line(group)


def test_targets_that_flip_are_told(home, refresh, tmp_path):
    """The least developed countries cross the line of a target."""

    def world(value, edition):
        return [
            {"ref_area": "WLD", "time_period": str(year), "value": value + year - 2016, "edition": edition}
            for year in range(2016, 2021)
        ]

    refresh(bundle=write_bundle(tmp_path / "one", world(30, "2021-01-01")))
    refresh(bundle=write_bundle(tmp_path / "two", world(60, "2022-01-01")))
    flips = [row for row in _found(home).targets if row["source"] == "made_up"]
    assert flips
    assert all(row["status_before"] != row["status"] for row in flips)
    assert any(row["status"] == "met" for row in flips)
    assert "→ met" in " ".join(diff_forms.target_line(row) for row in flips)


def test_a_first_release_has_nothing_before_it(home, refresh, tmp_path):
    refresh(bundle=write_bundle(tmp_path / "one", FIRST))
    with pytest.raises(Unanswered, match=r"first release.*--from"):
        _found(home)
    assert _found(home, "2000-01-01").changes.num_rows == len(FIRST)


@pytest.mark.parametrize(("start", "end"), [("2030-01-01", None), ("2020-01-02", "2020-01-01"), ("yesterday", None)])
def test_moments_that_make_no_sense_are_refused(two, start, end):
    with pytest.raises(Usage):
        _found(two, start, end)


@pytest.mark.parametrize("version", ["1", "2"])
def test_our_method_as_the_cause(home, refresh, tmp_path, monkeypatch, version):
    """The same publisher's figures, another formula, with or without another version: the derived figures say so."""
    rows = [{"sex": "F", "value": 45}, {"sex": "M", "value": 55}]
    refresh(bundle=write_bundle(tmp_path / "one", rows))
    measures = gap.measures
    monkeypatch.setattr(gap, "VERSION", version)
    monkeypatch.setattr(gap, "measures", lambda *rates: {name: found + 1 for name, found in measures(*rates).items()})
    monkeypatch.setattr("flows.third_gate.enforce", lambda *_: None)  # the gate refuses a formula that is wrong
    monkeypatch.setattr("flows.settle.fingerprint", lambda: "other rules")
    refresh(bundle=tmp_path / "one")
    changed = _found(home, source="ictdev", area="SEN").changes.to_pylist()
    assert {(row["indicator"], row["cause"]) for row in changed} == {
        ("internet_gender_gap", "our method changed"),
        ("internet_gender_parity", "our method changed"),
    }
    assert {row["edition"] for row in changed} == {f"gender_gap-{version}"}


def test_another_version_that_gives_the_same_value_is_named_and_is_no_change(home, refresh, tmp_path, monkeypatch):
    rows = [{"sex": "F", "value": 45}, {"sex": "M", "value": 55}]
    refresh(bundle=write_bundle(tmp_path / "one", rows))
    monkeypatch.setattr(gap, "VERSION", "2")
    monkeypatch.setattr("flows.settle.fingerprint", lambda: "other rules")
    refresh(bundle=tmp_path / "one")
    assert _found(home, source="ictdev", indicator="internet_gender_gap").changes.num_rows == 0
    with open_release(home.root) as session:
        (row,) = session.rows("SELECT edition FROM observation WHERE indicator = 'internet_gender_gap'")
    assert row["edition"] == "gender_gap-2"


def test_group_membership_as_the_cause(home, refresh, tmp_path, monkeypatch):
    """An economy leaves a group by a newer list: the group's figure changes and says why."""
    import pyarrow.compute as pc  # noqa: PLC0415

    from schemas import codelist  # noqa: PLC0415

    rows = [{"ref_area": area, "value": value} for area, value in (("CAN", 40), ("USA", 60), ("BMU", 100))]
    refresh(bundle=write_bundle(tmp_path / "one", [*rows, *PEOPLE]))
    whole = codelist.membership()
    gone = pc.and_(pc.equal(whole["ref_area"], "BMU"), pc.equal(whole["group_code"], "M49_021"))
    fewer = whole.filter(pc.invert(gone))
    assert fewer.num_rows < whole.num_rows
    monkeypatch.setattr("schemas.codelist.membership", lambda: fewer)
    monkeypatch.setattr("flows.settle.fingerprint", lambda: "other lists")
    refresh(bundle=tmp_path / "one")
    changed = [row for row in _found(home, source="ictdev").changes.to_pylist() if row["ref_area"] == "M49_021"]
    assert {row["cause"] for row in changed} == {"group membership changed"}
