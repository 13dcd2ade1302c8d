"""The ICT Development Index in a release: from a table that somebody gives, or from the catalogue's series."""

import orjson
import pytest

from flows.rebuild import rebuild
from indicators import idi_inputs, index_edition
from schemas.codelist import codes
from tests.conftest import write_bundle
from tests.flows.screens import screens
from tests.payloads import payload
from warehouse import releases
from warehouse.query import open_release

pytestmark = pytest.mark.usefixtures("ungated")
TABLE = "idi/idi_2024_60_economies.csv"
WORKED = [87.4, 89.3, 105.7, 99.2, 98.5, 123.3, 2908.6, 1.0, 1.4, 93.8]
"""Inputs of ITU's worked example of 2024, whose index is 89.5."""
KOREA = [59.2, 105.4, 11878.4, 82, 97, 84, 36.6, 91.0, 97.9, 102.0, 99.0]
"""Inputs of the Republic of Korea in the edition of 2011, whose index by them is 8.44."""


def _csv(path, edition, rows, **more):
    """Write a plain table of inputs: by economy the values in the order of the edition, None where missing."""
    names = [*index_edition.of(edition).inputs, *more]
    lines = [",".join(("edition", "ref_area", *names))]
    for area, values in rows.items():
        cells = ["" if value is None else str(value) for value in (*values, *more.values())]
        lines.append(",".join((str(edition), area, *cells)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return f"itu_workbooks={path}"


def _rows(home, query):
    with open_release(home.root) as session:
        return session.rows(query)


def test_every_input_has_a_code_and_a_series():
    names = {name for edition in index_edition.load().values() for name in edition.inputs}
    assert {idi_inputs.breakdown_of(name) for name in names} <= set(codes("breakdown").to_pylist())


@pytest.mark.payloads
def test_the_table_of_sixty_economies(home, refresh):
    refresh(files=[f"itu_workbooks={payload(TABLE)}"])
    rows = _rows(home, "SELECT * FROM idi WHERE edition = 2024")
    whole = [row for row in rows if row["score"] is not None]
    assert (len(rows), len(whole)) == (60, 35)
    assert all(row["published"] is not None for row in rows)
    assert max(abs(row["residual"]) for row in whole) <= 0.1
    assert all(row["explained"] and row["rank_lower"] <= row["rank"] <= row["rank_upper"] for row in whole)
    assert min(row["rank"] for row in whole) == 1
    assert {row["ranked"] for row in whole} == {35}
    parts = _rows(home, "SELECT count(*) AS n, count(*) FILTER (NOT explained) AS unexplained FROM idi_part "
                        "WHERE explained IS NOT NULL")  # fmt: skip
    assert parts == [{"n": 637, "unexplained": 0}]


@pytest.mark.payloads
def test_an_economy_of_the_table_without_inputs_says_so_beside_its_published_score(home, refresh):
    refresh(files=[f"itu_workbooks={payload(TABLE)}"])
    (row,) = _rows(home, "SELECT * FROM idi WHERE edition = 2024 AND ref_area = 'MRT'")
    assert (row["inputs"], row["score"], row["published"]) == (0, None, 55.5)
    assert row["reason"] == "cannot say: no input is held"


def test_a_plain_table_gives_itu_s_worked_example(home, refresh, tmp_path):
    refresh(files=[_csv(tmp_path / "inputs.csv", 2024, {"SEN": WORKED}, published_score=89.5)])
    (row,) = _rows(home, "SELECT * FROM idi")
    assert row["score"] == pytest.approx(89.5, abs=0.1)
    assert (row["published"], row["explained"], row["reason"], row["inputs"]) == (89.5, True, "", 10)
    assert (row["rank"], row["rank_lower"], row["rank_upper"]) == (1, 1, 1)
    assert row["sources"] == ["itu_workbooks"]


def test_the_first_method_gives_scores_of_ten(home, refresh, tmp_path):
    refresh(files=[_csv(tmp_path / "inputs.csv", 2011, {"KOR": KOREA})])
    (row,) = _rows(
        home, "SELECT value, unit, year FROM observation WHERE source = 'ictdev' AND breakdown = 'IDI_TOTAL'"
    )
    assert row["value"] == pytest.approx(8.44, abs=0.005)
    assert (row["unit"], row["year"]) == ("score_of_10", 2011)


def test_a_score_names_its_inputs(home, refresh, tmp_path):
    refresh(files=[_csv(tmp_path / "inputs.csv", 2024, {"SEN": WORKED})])
    told = orjson.loads(
        screens("why", "idi_score", "SEN", "2024", "--breakdown", "IDI_COVERAGE", "--format", "json", home=home)
    )
    (passport,) = told
    assert passport["figure"]["value"] == pytest.approx(0.4 * 99.2 + 0.6 * 98.5)
    values = {role: rows[0]["value"] for role, rows in passport["input_figures"].items()}
    assert values == {"cov3g_pct": 99.2, "cov4g_pct": 98.5}
    assert "weighted mean of pillars" in passport["formula"]


def test_a_missing_input_leaves_bounds_and_four_of_ten_a_reason(home, refresh, tmp_path):
    rows = {"SEN": [*WORKED[:9], None], "MLI": [*WORKED[:4], *[None] * 6]}
    refresh(files=[_csv(tmp_path / "inputs.csv", 2024, rows)])
    mali, senegal = _rows(home, "SELECT * FROM idi ORDER BY ref_area")
    assert senegal["lower"] < 89.5 < senegal["upper"]
    assert senegal["reason"] == "9 of 10 inputs are known: bounds instead of a score"
    assert (mali["lower"], mali["reason"][:40]) == (None, "cannot say: 4 of 10 inputs are official ")
    assert _rows(home, "SELECT * FROM observation WHERE source = 'ictdev' AND breakdown = 'IDI_TOTAL'") == []


def test_an_edition_that_is_not_held_and_a_foreign_input_are_told(home, refresh, tmp_path):
    (tmp_path / "a.csv").write_text(
        "edition,ref_area,internet_users_pct,adult_literacy_pct\n2024,SEN,50.0,60.0\n2019,SEN,50.0,\n"
    )
    refresh(files=[f"itu_workbooks={tmp_path / 'a.csv'}"])
    unknown, known = _rows(home, "SELECT edition, inputs, reason FROM idi ORDER BY edition")
    assert unknown["reason"] == "cannot say: no parameters of the index's edition 2019 are held"
    assert known["inputs"] == 1
    assert known["reason"].endswith("; not an input of 2024: adult_literacy_pct")


CARRIED = {
    ("internet_users", "_T"): 60.0, ("households_with_internet", "_T"): 55.0, ("mobile_coverage", "3G"): 99.0,
    ("mobile_coverage", "4G"): 97.0, ("mobile_phone_owners", "_T"): 80.0,
    ("price_basket_pct_gni", "BASKET_FBB_5GB"): 4.0,
}  # fmt: skip


UNITS = {"households_with_internet": "percent_of_households", "price_basket_pct_gni": "percent_of_gni"}


def test_publishers_series_serve_where_nobody_gave_a_table(home, refresh, tmp_path):
    figures = [
        {
            "indicator": name,
            "breakdown": code,
            "value": value,
            "time_period": "2022",
            "series_code": f"{name}{code}",
            "unit": UNITS.get(name, "percent_of_population"),
        }
        for (name, code), value in CARRIED.items()
    ]
    refresh(bundle=write_bundle(tmp_path / "b", figures))
    (row,) = _rows(home, "SELECT * FROM idi")
    assert (row["edition"], row["ref_area"], row["inputs"], row["sources"]) == (2024, "SEN", 6, ["made_up"])
    assert row["lower"] < row["upper"]
    refresh(files=[_csv(tmp_path / "inputs.csv", 2024, {"SEN": WORKED})])
    (row,) = _rows(home, "SELECT * FROM idi")
    assert (row["inputs"], row["sources"]) == (10, ["itu_workbooks"])


def test_without_inputs_the_tables_are_empty(home, refresh, tmp_path):
    refresh(bundle=write_bundle(tmp_path / "b", [{"indicator": "population", "value": 1e6, "unit": "persons"}]))
    for table in ("idi", "idi_part", "inequality", "time_distance", "projection"):
        assert _rows(home, f"SELECT * FROM {table}") == [], table


def test_a_release_with_index_and_outlook_is_rebuilt_with_the_same_content(home, refresh, tmp_path):
    areas = ("SEN", "MLI", "FRA", "IND", "KEN")
    people = [{"indicator": "population", "unit": "persons", "ref_area": area, "time_period": str(year),
               "series_code": "POP", "value": 1e6 * (at + 1)}
              for at, area in enumerate(areas) for year in range(2010, 2021)]  # fmt: skip
    users = [{"ref_area": area, "time_period": str(year), "value": 10.0 + 7 * at + year - 2010}
             for at, area in enumerate(areas) for year in range(2010, 2021)]  # fmt: skip
    moved = {area: [value * (1 - at / 50) for value in WORKED] for at, area in enumerate(areas)}
    refresh(bundle=write_bundle(tmp_path / "b", [*people, *users]))
    refresh(files=[_csv(tmp_path / "inputs.csv", 2024, moved)])
    told = releases.manifest(home, releases.folders(home)[-1].name)
    assert told is not None
    for table in ("idi", "idi_part", "inequality", "time_distance", "projection"):
        assert told["tables"][table]["rows"] > 0, table
    made = rebuild(home)
    assert (made.runs, len(made.same), made.different) == (2, 2, {})


BAD = {
    "edition,ref_area,internet_user_pct,cov3g_pct\n2024,SEN,1,2\n": "internet_user_pct=1",
    "ref_area,internet_users_pct\nSEN,1\n": "lacks the columns edition",
    "edition,ref_area\n2024,SEN\n": "no input of the ICT Development Index",
    "edition,ref_area,cov3g_pct\nJune,SEN,1\n": "names no edition",
    "edition,ref_area,cov3g_pct\n2024,SEN,n.a.\n": "no record at all",
    "iso3,idi2024,cov5g_pct\nSEN,1,2\n": "cov5g_pct=2",
}
ONE_ROW = {
    "edition,ref_area,cov3g_pct\n2024,QQQ,90.0\n2024,SEN,80.0\n": "QQQ",
    "edition,ref_area,cov3g_pct\n2024,SEN,many\n2024,MLI,80.0\n": "many",
    "edition,ref_area,cov3g_pct\nJune,SEN,90.0\n2024,MLI,80.0\n": "June",
}
"""Tables of which one row is not understood: it is set aside by name, and the other goes in."""


@pytest.mark.parametrize(("content", "words"), BAD.items(), ids=BAD.values())
def test_a_table_with_other_columns_is_refused_with_the_reason(refresh, tmp_path, content, words):
    path = tmp_path / "inputs.csv"
    path.write_text(content, encoding="utf-8")
    (source,) = refresh(files=[f"itu_workbooks={path}"]).sources
    (trouble,) = source.troubles
    assert words in f"{trouble['what']} {trouble['why']}"
    assert source.added == 0


@pytest.mark.parametrize(("content", "told"), ONE_ROW.items(), ids=ONE_ROW.values())
def test_one_row_that_is_not_understood_costs_itself(refresh, tmp_path, content, told):
    path = tmp_path / "inputs.csv"
    path.write_text(content, encoding="utf-8")
    (source,) = refresh(files=[f"itu_workbooks={path}"]).sources
    assert (source.troubles, source.added, source.rejected) == ([], 1, 1)
    assert any(told in warning for warning in source.warnings)
