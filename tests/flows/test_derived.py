"""Figures that are derived from made-up ones: each explained down to its inputs, each gap in the inputs told."""

from typing import Any

import pytest

from tests.conftest import refreshed, write_bundle
from tests.homes import home_of, linked
from warehouse.lineage import input_figures, why
from warehouse.query import open_release

PRICE = {"breakdown": "BASKET_DATA_2GB", "time_period": "2022", "edition": "2023-01-01"}
FIGURES: list[dict[str, Any]] = [
    {**PRICE, "indicator": "price_basket_usd", "unit": "current_usd", "value": 5.0, "series_code": "USD"},
    {**PRICE, "indicator": "price_basket_pct_gni", "unit": "percent_of_gni", "value": 3.9, "series_code": "PCT"},
    {**PRICE, "indicator": "price_basket_pct_gni", "unit": "percent_of_gni", "value": 9.1, "series_code": "PCT",
     "ref_area": "MLI"},
    {"indicator": "gni_per_capita", "unit": "current_usd", "value": 1500.0, "time_period": "2021",
     "series_code": "GNI"},
    *(
        {"indicator": "population", "unit": "persons", "value": count, "time_period": year, "series_code": "POP",
         "ref_area": area, "sex": sex}
        for area, count in (("SEN", 1000.0), ("MLI", 500.0))
        for year in ("2020", "2022")
        for sex, count in (("_T", count), ("F", count * 0.6), ("M", count * 0.4))
    ),
    {"sex": "F", "value": 40.0}, {"sex": "M", "value": 50.0},
    {"sex": "F", "value": 20.0, "ref_area": "MLI"}, {"sex": "M", "value": 30.0, "ref_area": "MLI"},
    {"urbanisation": "R", "value": 21.25}, {"urbanisation": "U", "value": 62.5},
]  # fmt: skip


def _derived(folder):
    refreshed(home_of(folder), bundle=write_bundle(folder / "b", FIGURES))


@pytest.fixture(scope="session")
def home(keep, tmp_path_factory):
    """A home that derived what it could from the figures above. Only to be read."""
    return home_of(linked(keep("derived", _derived), tmp_path_factory.mktemp("derived")))


@pytest.fixture
def session(home):
    with open_release(home.root) as opened:
        yield opened


def test_a_share_of_income_is_explained_by_price_and_income(session, home):
    found = why(session, home, "price_basket_pct_gni", "SEN", "2022", {"breakdown": "BASKET_DATA_2GB"})
    ours = next(one for one in found if one.figure["source"] == "ictdev")
    assert ours.figure["value"] == pytest.approx(4.0)
    assert ours.formula == "price / (GNI per capita / 12) × 100"
    inputs = {row["role"]: input_figures(session, row) for row in ours.inputs}
    assert {role: [(one["indicator"], one["time_period"]) for one in figures] for role, figures in inputs.items()} == {
        "price": [("price_basket_usd", "2022")],
        "income": [("gni_per_capita", "2021")],
    }
    assert all(one["snapshot"] for figures in inputs.values() for one in figures)


def test_a_share_that_cannot_be_recomputed_stays_as_published(session):
    (row,) = session.rows("SELECT * FROM affordability WHERE ref_area = 'MLI'")
    assert (row["published_pct_gni"], row["price_pct_gni"], row["reason"]) == (9.1, None, "no price is held")


def test_a_groups_median_price_names_its_economies_and_no_weight(session, home):
    found = why(session, home, "price_basket_pct_gni", "M49_011", "2022", {"breakdown": "BASKET_DATA_2GB"})
    assert found[0].figure["edition"] == "median-1"
    assert [row["role"] for row in found[0].inputs] == ["figures"]
    assert found[0].inputs[0]["input_areas"] == ["MLI", "SEN"]
    assert found[0].figure["value"] == pytest.approx(6.5)


def test_the_head_count_of_a_group_is_the_sum_of_its_economies(session):
    rows = session.rows(
        "SELECT ref_area, headcount_gap FROM gender_gap WHERE indicator = 'internet_users' AND year = 2020"
    )
    found = {row["ref_area"]: row["headcount_gap"] for row in rows}
    assert found["SEN"] == pytest.approx(600 * 0.6 - 400 * 0.5)
    assert found["M49_011"] == pytest.approx(found["SEN"] + 300 * 0.8 - 200 * 0.7)


def test_rural_and_urban_stand_in_the_table_of_divides(session):
    (row,) = session.rows("SELECT * FROM divide WHERE kind = 'residence'")
    assert (row["ref_area"], row["part"], row["compared_with"], row["comparable"]) == ("SEN", "R", "U", True)
    assert row["difference"] == pytest.approx(41.25)


def test_every_derived_figure_has_its_derivation_and_every_role_its_figures(session):
    key = "indicator, ref_area, time_period, sex, age, urbanisation, breakdown"
    assert (
        session.rows(f"SELECT * FROM observation o ANTI JOIN derivation d USING ({key}) WHERE o.source = 'ictdev'")
        == []
    )
    for row in session.rows("SELECT * FROM derivation"):
        assert len(input_figures(session, row)) == len(row["input_areas"]), row


def test_without_prices_the_table_is_there_and_empty_and_says_where_they_come_from(released):
    with open_release(released.root) as session:
        assert session.rows("SELECT * FROM affordability") == []
        (row,) = session.rows("SELECT comment FROM duckdb_tables() WHERE table_name = 'affordability'")
    assert "--from-file itu_workbooks=FILE" in row["comment"]
