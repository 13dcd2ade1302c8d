"""The passport of a number, down to the record as its publisher wrote it."""

import pyarrow as pa
import pytest

from schemas.errors import Unanswered
from warehouse.lineage import why
from warehouse.query import open_release
from warehouse.record import text_at


def _why(home, indicator, area, period, **dimensions):
    with open_release(home.root) as session:
        return why(session, home, indicator, area, period, dimensions)


def test_a_publishers_figure_leads_to_its_record(released):
    passport = next(
        one for one in _why(released, "internet_users", "SEN", "2018") if one.figure["source"] == "world_bank"
    )
    assert '"REF_AREA":"SEN"' in passport.raw
    assert '"TIME_PERIOD":"2018"' in passport.raw
    assert f'"OBS_VALUE":"{passport.figure["value"]:.15g}"' in passport.raw
    assert passport.source["licence"] == "CC-BY-4.0"
    assert passport.arrival is not None
    assert passport.checks
    assert all(check["passed"] for check in passport.checks)
    assert "31" in passport.paragraphs


def test_every_record_of_a_release_can_be_found_in_its_snapshot(released):
    """A sample of every source and series: the place named in the row holds the row's value."""
    with open_release(released.root) as session:
        rows = session.rows(
            "SELECT * FROM observation WHERE snapshot <> '' "
            "QUALIFY row_number() OVER (PARTITION BY source, series_code ORDER BY hash(ref_area, time_period)) <= 2"
        )
        assert len(rows) > 20
        for row in rows:
            dimensions = {name: row[name] for name in ("sex", "age", "urbanisation", "breakdown")}
            found = why(session, released, row["indicator"], row["ref_area"], row["time_period"], dimensions)
            passport = next(one for one in found if one.figure["source"] == row["source"])
            assert f'"REF_AREA":"{row["ref_area"]}"' in passport.raw
            assert f'"SERIES_CODE":"{row["series_code"]}"' in passport.raw


def test_a_gap_names_the_figures_it_was_made_from(released):
    (passport,) = _why(released, "internet_gender_gap", "AUT", "2010", age="Y16T74")
    roles = {row["role"]: (row["input_indicator"], row["input_sex"], row["input_areas"]) for row in passport.inputs}
    assert roles == {"women": ("internet_users", "F", ["AUT"]), "men": ("internet_users", "M", ["AUT"])}
    assert passport.raw == ""


def test_a_groups_figure_names_its_economies_and_its_weight(released):
    passport = next(one for one in _why(released, "internet_users", "LDC", "2020") if one.figure["source"] == "ictdev")
    roles = {row["role"]: row for row in passport.inputs}
    assert set(roles) == {"figures", "weight"}
    assert roles["weight"]["input_indicator"] == "population"
    assert len(roles["figures"]["input_areas"]) > 30


def test_every_derived_figure_has_its_derivation(released):
    with open_release(released.root) as session:
        missing = session.sql(
            "SELECT o.* FROM observation o ANTI JOIN derivation d USING (indicator, ref_area, time_period, sex, age, "
            "urbanisation, breakdown) WHERE o.source = 'ictdev'"
        )
        orphans = session.sql(
            "SELECT d.* FROM derivation d ANTI JOIN observation o USING (source, indicator, ref_area, time_period, "
            "sex, age, urbanisation, breakdown)"
        )
    assert (missing.num_rows, orphans.num_rows) == (0, 0)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("internet_users", "SEN", "1950"), "there are: "),
        (("internet_users", "ZZZ", "2020"), "indicators with figures: "),
        (("mobile_coverage", "SEN", "2017"), "breakdown 3G"),
        (("happiness", "SEN", "2020"), "internet_users"),
    ],
)
def test_what_is_not_there_says_what_is(released, place, words):
    with pytest.raises(Unanswered) as caught:
        _why(released, *place)
    assert words in caught.value.why


@pytest.mark.parametrize(
    ("content", "locator", "text"),
    [
        (b'[{"page":1},[{"a":1},{"a":2}]]', "json:/1/1", '{"a":2}'),
        (b"a,b\n1,2\n3,4\n", "row:2", '{"a":"3","b":"4"}'),
        (b'a,b\n"1\n1",2\n3,4\n', "row:2", '{"a":"3","b":"4"}'),
        (
            b'"Data Source","x",\n\n"Country Code","2019","2020",\n"SEN","1","2",\n',
            "row:1:2020",
            '{"Country Code":"SEN","2020":"2"}',
        ),
        (b"a\tb\n1\t2\n", "row:1", '{"a":"1","b":"2"}'),
    ],
)
def test_a_record_is_found_by_its_place(content, locator, text):
    assert text_at(content, locator) == text


@pytest.mark.parametrize("locator", ["json:/9", "row:99", "row:1:2050", "page:3", "x.csv!row:1", ""])
def test_a_record_that_is_not_there_is_told_and_not_raised(locator):
    assert "was not found" in text_at(b"a,b\n1,2\n", locator)


def test_a_long_record_is_cut():
    assert text_at(b"a\n" + b"x" * 5000, "row:1", limit=20).endswith(" …")


def test_lists_in_answers_stay_lists(released):
    with open_release(released.root) as session:
        found = session.sql("SELECT input_areas FROM derivation LIMIT 1")
    assert pa.types.is_list(found.schema.field(0).type)
