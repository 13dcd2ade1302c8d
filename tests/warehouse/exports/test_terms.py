"""Whose terms a figure carries, and that an open export holds nothing that rests on closed ones."""

import json

import duckdb
import pytest

from tests.warehouse.exports.conftest import CLOSED, exported
from warehouse.pointer import newest
from warehouse.query import open_release
from warehouse.terms import UNKNOWN, Terms, strictest

BY = Terms("CC-BY-4.0", "by", "u1", open=True)
UN = Terms("UN-terms", "un", "u2", open=True)
SA = Terms("CC-BY-SA-4.0", "sa", "u3", open=True)
NC = Terms("CC-BY-NC-SA-3.0-IGO", "nc", "u4", open=False)
ZERO = Terms("CC0-1.0", "zero", "u5", open=True)
FORMS = ("parquet", "csv", "xlsx", "sdmx-csv", "sdmx-ml", "datapackage")


@pytest.mark.parametrize(
    ("given", "licence", "is_open"),
    [
        ([ZERO, BY], "CC-BY-4.0", True),
        ([UN, BY, ZERO], "CC-BY-4.0 AND UN-terms", True),
        ([SA, BY], "CC-BY-SA-4.0", True),
        ([BY, NC, SA], CLOSED, False),
        ([NC, UNKNOWN], f"{CLOSED} AND unknown", False),
        ([], "unknown", False),
    ],
)
def test_the_strictest_terms_win_and_equals_hold_together(given, licence, is_open):
    found = strictest(given)
    assert (found.licence, found.open) == (licence, is_open)


def _inputs(con) -> dict[tuple[str, ...], set[str]]:
    """Walk `derivation` row by row, in Python: every derived figure with the publishers behind it."""
    names = ("indicator", "ref_area", "time_period", "sex", "age", "urbanisation", "breakdown")
    found: dict[tuple[str, ...], set[str]] = {}
    for *key, sources in con.execute(f"SELECT {', '.join(names)}, input_source FROM derivation").fetchall():
        found.setdefault(tuple(key), set()).update(sources.split(", "))
    return found


def _rows(folder) -> list[tuple[str, ...]]:
    with duckdb.connect() as con:
        return con.execute(
            "SELECT source, licence, indicator, ref_area, time_period, sex, age, urbanisation, breakdown "
            f"FROM read_parquet('{folder}/observation/*/*.parquet', hive_partitioning = true)"
        ).fetchall()


@pytest.fixture(scope="module")
def walked(mixed):
    with duckdb.connect(str(newest(mixed).database), read_only=True) as con:
        terms = dict(con.execute("SELECT id, licence FROM source").fetchall())
        closed = {row[0] for row in con.execute("SELECT id FROM source WHERE NOT licence_open").fetchall()}
        return _inputs(con), terms, closed


def test_a_derived_figure_carries_the_strictest_licence_of_its_inputs(mixed, walked, tmp_path):
    inputs, terms, _ = walked
    seen = set()
    for source, licence, *key in _rows(exported(mixed, "parquet", tmp_path / "out")):
        if source == "ictdev":
            behind = {terms[one] for one in inputs[tuple(key)]}
            assert licence == (CLOSED if CLOSED in behind else "CC-BY-4.0" if "CC-BY-4.0" in behind else "CC0-1.0")
            seen.add(licence)
        else:
            assert licence == terms[source]
    assert seen == {CLOSED, "CC-BY-4.0", "CC0-1.0"}


def test_an_open_export_holds_no_figure_that_rests_on_closed_terms(mixed, walked, tmp_path):
    inputs, _, closed = walked
    assert "itu_datahub" in closed
    whole = _rows(exported(mixed, "parquet", tmp_path / "whole"))
    held = _rows(exported(mixed, "parquet", tmp_path / "open", open_only=True))
    for source, _licence, *key in held:
        behind = inputs[tuple(key)] if source == "ictdev" else {source}
        assert not behind & closed
    allowed = [row for row in whole if not (inputs[tuple(row[2:])] if row[0] == "ictdev" else {row[0]}) & closed]
    assert sorted(held) == sorted(allowed)
    assert len(held) < len(whole)
    assert any(row[0] == "ictdev" for row in held)


def test_as_of_and_editions_walk_the_derivations_too(mixed, walked, tmp_path):
    inputs, _, closed = walked
    for number, asked in enumerate(({"as_of": "2099-01-01"}, {"edition_as_of": "2099-01-01"})):
        held = _rows(exported(mixed, "parquet", tmp_path / str(number), open_only=True, **asked))
        assert held
        for source, _licence, *key in held:
            assert not (inputs[tuple(key)] if source == "ictdev" else {source}) & closed


def test_a_derived_figure_without_told_inputs_is_never_open(mixed, tmp_path):
    home = _changed(mixed, tmp_path, "DELETE FROM derivation_history WHERE ref_area = 'LDC'")
    held = _rows(exported(home, "parquet", tmp_path / "out", open_only=True))
    assert not [row for row in held if row[0] == "ictdev" and row[3] == "LDC"]


def test_a_figure_of_ours_that_rests_on_ours_is_followed_to_the_publishers(mixed, tmp_path):
    """A gap that names our own aggregate as its input: what stands behind the aggregate decides."""
    statement = (
        "UPDATE derivation_history SET input_source = 'ictdev', input_indicator = 'internet_users', "
        "input_areas = ['LDC'], input_sex = '_T', input_breakdown = '_T' "
        "WHERE indicator = 'mobile_phone_owners' AND ref_area = 'LDC' AND sex = '_T'"
    )
    home = _changed(mixed, tmp_path, statement)
    rows = _rows(exported(home, "parquet", tmp_path / "out"))
    mine = [row for row in rows if row[0] == "ictdev" and row[2:4] == ("mobile_phone_owners", "LDC") and row[5] == "_T"]
    assert [row[1] for row in mine] == [CLOSED]
    open_rows = _rows(exported(home, "parquet", tmp_path / "open", open_only=True))
    assert not set(mine) & set(open_rows)


def _changed(home, tmp_path, *statements):
    from tests.warehouse.exports.copies import changed_copy  # noqa: PLC0415

    return changed_copy(home, tmp_path / "changed", *statements)


@pytest.mark.parametrize("form", FORMS)
def test_a_mixed_export_names_the_stricter_licence_in_file_and_name(mixed, form, tmp_path):
    folder = exported(mixed, form, tmp_path / "out", indicator="internet_users")
    named = [path for path in folder.rglob("*") if path.is_file() and CLOSED in path.name]
    assert [path for path in named if path.name.startswith("LICENCE")]
    assert [path for path in named if not path.name.startswith("LICENCE")], form
    assert CLOSED in (folder / f"LICENCE.{CLOSED}.md").read_text(encoding="utf-8")
    assert CLOSED in (folder / "CITATION.cff").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", FORMS)
def test_an_open_export_names_no_closed_source_and_says_what_it_left_out(mixed, form, tmp_path):
    folder = exported(mixed, form, tmp_path / "out", open_only=True, indicator="internet_users")
    assert not [path for path in folder.rglob("*") if CLOSED in path.name]
    notice = (folder / "LICENCE.md").read_text(encoding="utf-8")
    assert "itu_datahub: 69 figures" in notice.split("## Left out")[1]
    assert "Made up, 2021-01-01" in notice


def test_the_exported_sources_say_the_terms_of_ours(mixed, tmp_path):
    folder = exported(mixed, "csv", tmp_path / "out", open_only=True)
    with duckdb.connect() as con:
        found = dict(con.execute(f"SELECT id, licence FROM '{folder}/source.csv'").fetchall())
    assert found == {"ictdev": "CC-BY-4.0", "made_up": "CC0-1.0", "world_bank": "CC-BY-4.0"}


def test_a_bundle_names_each_source_s_own_terms(mixed, tmp_path):
    folder = exported(mixed, "sdmx-csv", tmp_path / "out")
    side = json.loads((folder / f"itu_datahub.{CLOSED}.json").read_bytes())
    assert (side["licence"]["id"], side["licence"]["open"]) == (CLOSED, False)
    assert json.loads((folder / "made_up.json").read_bytes())["licence"]["open"] is True
    assert (folder / "derived" / f"ictdev.{CLOSED}.csv").exists()


def test_the_passport_of_a_derived_figure_tells_its_own_terms(mixed):
    with open_release(mixed.root) as session:
        told = {
            indicator: [one.source["licence"] for one in session.why(indicator, "LDC", 2020)]
            for indicator in ("internet_users", "mobile_phone_owners")
        }
        assert session.rows("SELECT licence_open FROM source WHERE id = 'ictdev'") == [{"licence_open": False}]
    assert told == {"internet_users": [CLOSED], "mobile_phone_owners": ["CC-BY-4.0"]}
