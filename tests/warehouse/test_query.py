"""Asking a release: answers, clocks, and what pasted SQL cannot do."""

import pytest

from schemas.errors import Invalid, Unanswered, Usage
from tests.conftest import write_bundle
from warehouse.query import open_release

REFUSED = {
    "write": "CREATE TABLE mine AS SELECT 1",
    "delete": "DELETE FROM observation",
    "insert": "INSERT INTO observation SELECT * FROM observation",
    "update": "UPDATE observation SET value = 0",
    "drop": "DROP TABLE observation",
    "read a file": "SELECT * FROM read_csv('{file}')",
    "read text": "SELECT * FROM read_text('{file}')",
    "file as table": "SELECT * FROM '{file}'",
    "list a folder": "SELECT * FROM glob('/*')",
    "reach the network": "SELECT * FROM read_csv('https://example.org/x.csv')",
    "copy out": "COPY observation TO '{out}'",
    "copy out in a query": "FROM query('COPY observation TO ''{out}''')",
    "export": "EXPORT DATABASE '{out}'",
    "attach": "ATTACH '{out}' AS other",
    "extension": "INSTALL httpfs",
    "load": "LOAD httpfs",
    "loosen the settings": "SET enable_external_access = true",
    "loosen by pragma": "PRAGMA enable_external_access",
    "call": "CALL pragma_version()",
    "explain and do": "EXPLAIN ANALYZE DELETE FROM observation",
    "environment": "SELECT getenv('HOME')",
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_release_can_be_read_and_nothing_else(answering, tmp_path, what):
    file, out = tmp_path / "secret.csv", tmp_path / "out.csv"
    file.write_text("a\nsecret\n")
    with open_release(answering.root) as session, pytest.raises((Unanswered, Usage)):
        session.sql(REFUSED[what].format(file=file, out=out))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv"]


@pytest.mark.parametrize("text", ["", "   ", "SELECT 1; SELECT 2", "SELECT 1; DROP TABLE observation"])
def test_one_statement_at_a_time(answering, text):
    with open_release(answering.root) as session, pytest.raises((Unanswered, Usage)):
        session.sql(text)


@pytest.mark.parametrize(
    "text",
    ["FROM observation LIMIT 1", "SHOW TABLES", "DESCRIBE observation", "SUMMARIZE latest", "EXPLAIN SELECT 1",
     "WITH a AS (SELECT 1) FROM a", "PIVOT latest ON sex IN ('F', 'M') USING count(*)",
     "select 'drop table x' as said"],
)  # fmt: skip
def test_every_kind_of_reading_is_answered(answering, text):
    with open_release(answering.root) as session:
        assert session.sql(text).num_rows > 0


def test_a_mistake_says_what_and_where(answering):
    with open_release(answering.root) as session, pytest.raises(Unanswered) as caught:
        session.sql("SELECT vlaue FROM observation")
    assert "vlaue" in caught.value.why
    assert "SHOW TABLES" in caught.value.next_step


def test_world_use_of_2017_stands_as_the_newest_edition_says(answering):
    with open_release(answering.root) as session:
        found = session.sql(
            "SELECT value FROM observation WHERE indicator = 'internet_users' AND ref_area = 'WLD' "
            "AND year = 2017 AND source = 'world_bank'"
        )
    assert found["value"].to_pylist() == [46.3]


@pytest.fixture
def revised(light, home, refresh, tmp_path):
    """A home in which one figure was revised by a newer edition, and an older one came last."""
    for edition, value in (("2021-01-01", 49), ("2023-01-01", 46), ("2019-01-01", 51)):
        refresh(bundle=write_bundle(tmp_path / edition, [{"value": value, "edition": edition}]))
    return home


def _values(home, **clock):
    with open_release(home.root) as session:
        return session.sql("SELECT value FROM observation WHERE source = 'made_up'", **clock)["value"].to_pylist()


def test_the_publishers_clock_tells_what_each_edition_said(revised):
    assert _values(revised) == [46]
    said = {"2018-12-31": [], "2019-06-01": [51], "2021-06-01": [49], "2022-12-31": [49], "2023-01-01": [46]}
    assert {day: _values(revised, edition_as_of=day) for day in said} == said


def test_our_own_clock_tells_what_we_held(revised):
    with open_release(revised.root) as session:
        vintages = session.rows("SELECT DISTINCT vintage FROM run WHERE vintage IS NOT NULL ORDER BY vintage")
    moments = [row["vintage"].strftime("%Y%m%dT%H%M%SZ") for row in vintages]
    assert [_values(revised, as_of=moment) for moment in moments] == [[49], [46], [46]]
    assert _values(revised, as_of="2020-01-01") == []


@pytest.mark.parametrize(
    "clock",
    [{"as_of": "yesterday"}, {"edition_as_of": "2026-13-01"}, {"as_of": "2026-01-01", "edition_as_of": "2026-01-01"}],
)
def test_a_clock_that_cannot_be_set_is_told(answering, clock):
    with open_release(answering.root) as session, pytest.raises(Usage):
        session.sql("SELECT 1", **clock)


def test_a_release_that_is_not_there_names_those_that_are(answering):
    with pytest.raises(Unanswered, match="there are: 2"):
        open_release(answering.root, "19990101T000000Z")


@pytest.mark.usefixtures("light")
def test_a_damaged_release_is_told(home, refresh, tmp_path):
    report = refresh(bundle=write_bundle(tmp_path / "b", [{}]))
    (home.root / "releases" / report.vintage / "ictdev.duckdb").write_bytes(b"gone" * 5000)
    with pytest.raises(Invalid, match="cannot be opened"), open_release(home.root):
        pass
