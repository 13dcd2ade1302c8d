"""ITU's index as ITU published it: worked examples, and the table of 60 economies of the edition of 2024."""

import csv

import numpy as np
import pyarrow as pa
import pytest

from indicators import idi, idi_ranks, index_edition
from indicators.index_edition import TOTAL
from tests.payloads import payload

TABLE = "idi/idi_2024_60_economies.csv"
PUBLISHED = {
    TOTAL: "idi2024",
    "IDI_UNIVERSAL": "universal2024",
    "IDI_MEANINGFUL": "meaningful2024",
    "IDI_USERS": "s_users",
    "IDI_HOUSEHOLDS": "s_hh",
    "IDI_MOBILE_BROADBAND": "s_mbb",
    "IDI_COVERAGE": "s_cov",
    "IDI_MOBILE_TRAFFIC": "s_mobtraf",
    "IDI_FIXED_TRAFFIC": "s_fixtraf",
    "IDI_MOBILE_PRICE": "s_mobprice",
    "IDI_FIXED_PRICE": "s_fixprice",
    "IDI_PHONES": "s_phone",
}
"""Breakdown of ours → column of the table."""


def test_itu_s_worked_example_of_2024():
    """ITU, The ICT Development Index 2024, worked example: 89.5, every step printed, from inputs printed to 0.1."""
    edition = index_edition.of(2024)
    inputs = [87.4, 89.3, 105.7, 99.2, 98.5, 123.3, 2908.6, 1.0, 1.4, 93.8]
    printed = [89.5, 85.5, 93.4, 92.0, 94.0, 70.5, 98.8, 77.6, 86.6, 100.0, 98.8, 98.8]
    found = idi.scores(
        pa.table({"ref_area": ["XXX"] * 10, "input": edition.inputs, "value": inputs, "half_unit": [0.05] * 10}),
        edition,
    )
    assert found["score"].to_pylist() == pytest.approx(printed, abs=0.1)
    told = pa.table(
        {"ref_area": ["XXX"] * 12, "breakdown": edition.breakdowns, "value": printed, "half_unit": [0.05] * 12}
    )
    assert idi.residuals(found, told)["explained"].to_pylist() == [True] * 12


def test_korea_2010_by_the_first_method():
    """ITU, Measuring the Information Society 2011, Box 1.2: normalised values as printed, to two digits."""
    inputs = np.array([59.2, 105.4, 11878.4, 82, 97, 84, 36.6, 91.0, 97.9, 102.0, 99.0])
    found = idi.score_all(inputs, index_edition.of(2011))
    normalised = [0.99, 0.62, 0.75, 0.82, 0.97, 0.84, 0.61, 0.91, 0.98, 1.00, 0.99]
    assert found[4:] / 10 == pytest.approx(normalised, abs=0.0051)
    assert found[0] == pytest.approx(8.44, abs=0.005)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(payload(TABLE).read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def inputs(rows) -> pa.Table:
    names = index_edition.of(2024).inputs
    found = [
        {"ref_area": row["iso3"], "input": name, "value": float(row[name]), "half_unit": 0.05}
        for row in rows
        for name in names
        if row[name]
    ]
    return pa.Table.from_pylist(found)


@pytest.fixture(scope="module")
def published(rows) -> pa.Table:
    found = [
        {"ref_area": row["iso3"], "breakdown": code, "value": float(row[column]), "half_unit": 0.05}
        for row in rows
        for code, column in PUBLISHED.items()
        if row[column]
    ]
    return pa.Table.from_pylist(found)


@pytest.mark.payloads
def test_complete_economies_come_within_a_tenth_of_the_published_score(inputs, published):
    found = idi.residuals(idi.scores(inputs, index_edition.of(2024)), published).to_pylist()
    totals = [row["residual"] for row in found if row["breakdown"] == TOTAL and row["residual"] is not None]
    assert len(totals) == 35
    assert max(abs(one) for one in totals) <= 0.1


@pytest.mark.payloads
def test_rounding_explains_every_published_score_pillar_and_component(inputs, published):
    found = idi.residuals(idi.scores(inputs, index_edition.of(2024)), published).to_pylist()
    judged = [row for row in found if row["explained"] is not None]
    assert len(judged) > 600
    assert [row for row in judged if not row["explained"]] == []


@pytest.mark.payloads
def test_the_other_printed_threshold_of_the_fixed_price_does_not_reproduce_the_table(inputs, published):
    edition = index_edition.of(2024)
    data = edition.model_dump(exclude={"pillars"})
    pillars = [
        pillar.model_copy(
            update={
                "components": tuple(
                    one.model_copy(update={"threshold": 37.4}) if one.id == "fixed_price" else one
                    for one in pillar.components
                )
            }
        )
        for pillar in edition.pillars
    ]
    other = index_edition.Edition(**data, pillars=tuple(pillars))

    def worst(which) -> float:
        found = idi.residuals(idi.scores(inputs, which), published).to_pylist()
        return max(abs(row["residual"]) for row in found if row["breakdown"] == "IDI_FIXED_PRICE" and row["residual"])

    assert worst(edition) < 0.21
    assert worst(other) > 5


@pytest.mark.payloads
def test_pillars_as_published_average_to_the_published_index(rows):
    for row in rows:
        pillars = np.array([float(row["universal2024"]), float(row["meaningful2024"])])
        assert pillars.mean() == pytest.approx(float(row["idi2024"]), abs=0.1001), row["iso3"]


@pytest.mark.payloads
def test_the_published_order_lies_in_the_rank_intervals(inputs, rows):
    found = idi_ranks.rank_intervals(inputs, index_edition.of(2024)).to_pylist()
    scores = {row["iso3"]: float(row["idi2024"]) for row in rows}
    ranked = sorted((scores[row["ref_area"]] for row in found), reverse=True)
    assert len(found) == 35
    for row in found:
        score = scores[row["ref_area"]]
        best, ties = ranked.index(score) + 1, ranked.count(score)
        assert row["rank_lower"] <= best + ties - 1, row
        assert row["rank_upper"] >= best, row
