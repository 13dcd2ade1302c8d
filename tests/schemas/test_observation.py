from datetime import date

import pyarrow as pa
import pytest

from schemas.errors import Changed
from schemas.observation import OBSERVATION, conform, edition_date, empty


@pytest.mark.parametrize(
    ("edition", "day"),
    [
        ("2026-07-13", date(2026, 7, 13)),
        ("2026-07", date(2026, 7, 1)),
        ("2020.Q4.G.02", date(2020, 10, 1)),
        ("2026.Q2", date(2026, 4, 1)),
        ("2021", date(2021, 1, 1)),
        ("2026-02-31", None),
        ("spring", None),
        ("", None),
    ],
)
def test_edition_counts_as_its_first_possible_day(edition, day):
    assert edition_date(edition) == day


def test_editions_of_different_kinds_are_put_in_order():
    editions = ["2021", "2020.Q4", "2020-12-24", "2020.Q3"]
    assert sorted(editions, key=lambda text: edition_date(text) or date.min) == [
        "2020.Q3",
        "2020.Q4",
        "2020-12-24",
        "2021",
    ]


def test_conform_names_the_missing_column():
    with pytest.raises(Changed, match="unit"):
        conform(empty().drop_columns(["unit"]))


def test_conform_refuses_a_wrong_type():
    wrong = empty().drop_columns(["value"]).append_column("value", pa.array([], pa.binary()))
    row = pa.Table.from_pylist([dict.fromkeys(OBSERVATION.names, "x")])
    with pytest.raises(Changed, match="wrong type"):
        conform(row)
    assert conform(wrong.drop_columns(["value"]).append_column("value", pa.array([], pa.float64()))).num_rows == 0
