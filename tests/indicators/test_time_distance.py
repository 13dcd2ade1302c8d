import numpy as np
import pyarrow as pa
import pytest

from indicators.time_distance import LEADER, distance, frontier, reached, time_distances

WHO = {"indicator": "internet_users", "sex": "_T", "age": "_T", "urbanisation": "_T", "breakdown": "_T"}


def _line(**figures: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([float(year[1:]) for year in figures]), np.array(list(figures.values()), dtype="float64")


def _figures(**areas: dict[int, float]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {**WHO, "ref_area": area, "year": year, "value": float(value)}
            for area, figures in areas.items()
            for year, value in figures.items()
        ]
    )


def test_a_level_between_two_figures_is_read_off_the_line_between_them():
    assert reached(*_line(y2000=10, y2010=30), 20) == (2005.0, False)


def test_the_first_time_counts_when_a_series_goes_back():
    assert reached(*_line(y2000=0, y2001=20, y2002=10, y2003=20), 20) == (2001.0, False)


def test_a_level_never_reached_has_no_year_and_one_passed_before_is_a_bound():
    assert np.isnan(reached(*_line(y2000=10), 20)[0])
    assert reached(*_line(y2000=30, y2001=40), 20) == (2000.0, True)
    assert reached(*_line(y2000=20, y2001=40), 20) == (2000.0, False)


def test_who_is_behind_is_measured_at_its_own_level():
    found = distance(_line(y2010=5, y2020=20), _line(y2000=0, y2010=40, y2020=60))
    assert found == {"years_behind": 15.0, "level": 20.0, "kind": "exact"}


def test_who_is_ahead_is_measured_at_the_level_of_the_other():
    found = distance(_line(y2000=0, y2010=40, y2020=60), _line(y2010=5, y2020=20))
    assert found == {"years_behind": -15.0, "level": 20.0, "kind": "exact"}


def test_a_reference_that_begins_above_gives_a_least_distance_and_one_below_a_greatest():
    assert distance(_line(y2020=5), _line(y2000=10, y2020=60)) == {
        "years_behind": 20.0,
        "level": 5.0,
        "kind": "at_least",
    }
    assert distance(_line(y2000=10, y2020=60), _line(y2020=5)) == {
        "years_behind": -20.0,
        "level": 5.0,
        "kind": "at_most",
    }


def test_equal_series_are_no_years_apart_unless_one_came_there_earlier():
    assert distance(_line(y2019=1, y2020=5), _line(y2019=1, y2020=5))["years_behind"] == 0.0


def test_an_empty_series_has_no_distance():
    empty = (np.empty(0), np.empty(0))
    assert distance(empty, _line(y2020=5))["kind"] == ""
    assert np.isnan(distance(_line(y2020=5), empty)["years_behind"])


def test_the_leader_never_falls_back():
    figures = _figures(AAA={2000: 10, 2001: 30, 2002: 20}, BBB={2000: 5, 2001: 15, 2002: 25})
    leader = frontier(figures)
    assert leader["value"].to_pylist() == [10.0, 30.0, 30.0]
    assert set(leader["ref_area"].to_pylist()) == {LEADER}


def test_every_area_is_held_against_every_reference_but_itself():
    figures = _figures(AAA={2000: 10, 2010: 30}, BBB={2000: 5, 2010: 20}, WLD={2000: 8, 2010: 25})
    references = pa.concat_tables([_figures(WLD={2000: 8, 2010: 25}), frontier(figures)], promote_options="permissive")
    rows = time_distances(figures, references).to_pylist()
    found = {(row["ref_area"], row["reference"]): row["years_behind"] for row in rows}
    assert ("WLD", "WLD") not in found
    assert len(found) == 5
    assert found["AAA", LEADER] == 0
    assert found["BBB", LEADER] == pytest.approx(5)
    assert found["AAA", "WLD"] < 0 < found["BBB", "WLD"]


def test_series_of_another_breakdown_are_not_compared():
    women = _figures(WLD={2000: 1, 2010: 90}).set_column(1, "sex", pa.array(["F", "F"]))
    assert time_distances(_figures(AAA={2000: 10, 2010: 30}), women).num_rows == 0
