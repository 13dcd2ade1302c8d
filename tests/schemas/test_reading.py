import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import Empty
from schemas.reading import MISSING_MARKS, Origin, assemble
from schemas.source import Raw, Series

SERIES = (
    Series(indicator="internet_users", code="NET", unit="percent_of_population"),
    Series(indicator="mobile_coverage", code="COV4", unit="percent_of_population", breakdown="4G"),
)
ORIGIN = Origin("made_up", "ref_area", "2021-01-01", Raw(b"x", "made up"))


def _records(*rows: dict[str, str]) -> pa.Table:
    usual = {"series_code": "NET", "area": "SEN", "time_period": "2020", "value": "50"}
    full = [{**usual, "record": f"row:{number}", **row} for number, row in enumerate(rows, start=1)]
    return pa.Table.from_pylist(full)


def _reasons(reading):
    return reading.rejects["reason"].to_pylist()


@pytest.mark.parametrize("mark", MISSING_MARKS)
def test_a_mark_for_no_figure_is_counted_and_is_no_reject(mark):
    reading = assemble(_records({}, {"value": mark, "time_period": "2021"}), SERIES, ORIGIN)
    assert (reading.observations.num_rows, reading.blanks, reading.rejects.num_rows) == (1, 1, 0)


@pytest.mark.parametrize("text", ["<0.1", "> 95", "≥99.5", "<=1"])
def test_a_bound_in_place_of_a_figure_is_kept_as_one(text):
    reading = assemble(_records({"value": text}, {"time_period": "2021"}), SERIES, ORIGIN)
    assert _reasons(reading) == ["censored"]
    assert reading.observations.num_rows == 1


@pytest.mark.parametrize("text", ["many", "1,234", "12%", "1 234", "0x10", "inf", "--5", "<many"])
def test_a_text_that_is_no_number_is_kept_as_a_reject(text):
    reading = assemble(_records({"value": text}, {"time_period": "2021"}), SERIES, ORIGIN)
    assert _reasons(reading) == ["not_a_number"]
    assert reading.rejects["detail"].to_pylist() == [text]


@pytest.mark.parametrize(("text", "number"), [(" 5 ", 5), ("-1.5", -1.5), ("1e3", 1000), (".5", 0.5), ("+2.", 2)])
def test_numbers_are_read_as_they_are_written(text, number):
    assert assemble(_records({"value": text}), SERIES, ORIGIN).observations["value"].to_pylist() == [number]


@pytest.mark.parametrize("period", ["20", "2020.0", "2020-13", "2020-Q5", "Y2020", ""])
def test_a_period_that_is_none_is_a_reject(period):
    assert _reasons(assemble(_records({}, {"time_period": period}), SERIES, ORIGIN)) == ["bad_period"]


@pytest.mark.parametrize(("period", "year"), [("2020", 2020), ("2020-Q3", 2020), ("2019-07", 2019)])
def test_the_year_stands_beside_the_period(period, year):
    reading = assemble(_records({"time_period": period}), SERIES, ORIGIN)
    assert reading.observations["year"].to_pylist() == [year]


def test_a_series_fixes_its_dimensions():
    reading = assemble(_records({"series_code": "COV4"}), SERIES, ORIGIN)
    figure = reading.observations.to_pylist()[0]
    assert (figure["indicator"], figure["breakdown"], figure["sex"]) == ("mobile_coverage", "4G", "_T")


def test_the_same_thing_said_twice_is_one_figure_and_one_reject():
    reading = assemble(_records({}, {}), SERIES, ORIGIN)
    assert (reading.observations.num_rows, _reasons(reading)) == (1, ["repeated"])


def test_contradicting_records_both_stay_for_the_gate_to_find():
    reading = assemble(_records({}, {"value": "51"}), SERIES, ORIGIN)
    assert (reading.observations.num_rows, reading.rejects.num_rows) == (2, 0)


def test_nothing_that_is_asked_for_is_an_empty_answer():
    with pytest.raises(Empty, match="no figure of a series"):
        assemble(_records({"series_code": "OTHER"}), SERIES, ORIGIN)


RECORD = st.fixed_dictionaries(
    {
        "series_code": st.sampled_from(["NET", "COV4", "OTHER"]),
        "area": st.sampled_from(["SEN", "WLD", "ZZZ", ""]),
        "time_period": st.sampled_from(["2019", "2020", "2020-Q1", "soon"]),
        "value": st.sampled_from(["1", "2.5", "x", "", "..", "-3"]),
    }
)


@settings(max_examples=200, deadline=None)
@given(st.lists(RECORD, min_size=1, max_size=30))
def test_every_record_ends_as_exactly_one_thing(rows):
    try:
        reading = assemble(_records(*rows), SERIES, ORIGIN)
    except Empty:
        assert all(row["series_code"] == "OTHER" or row["value"] in MISSING_MARKS for row in rows)
        return
    ends = reading.observations.num_rows + reading.rejects.num_rows + reading.blanks + reading.skipped
    assert ends == len(rows)
