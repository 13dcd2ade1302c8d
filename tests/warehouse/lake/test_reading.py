"""Reading releases from a shared storage on a machine that has nothing else."""

import duckdb
import orjson
import pytest

from schemas.errors import Invalid, Unanswered, Unshared
from tests.warehouse.lake.shelf import ONE, TWO, home_of, place_of, values
from warehouse import sandbox
from warehouse.home import Home
from warehouse.lake import reading
from warehouse.lake.address import VARIABLE
from warehouse.lake.commit import catch_up
from warehouse.query import open_release
from warehouse.releases import content

FIRST, SECOND = (
    {"a": values("1, 'x'", "2, NULL")},
    {"a": values("1, 'x'", "3, 'new'"), "b": values("1, 'b'"), "many": "FROM range(1000)"},
)


@pytest.fixture
def writer(tmp_path):
    return home_of(tmp_path / "writer", (ONE, FIRST), (TWO, SECOND))


@pytest.fixture
def named(tmp_path, writer, monkeypatch):
    """The address of a storage with two releases, set in the environment."""
    text = f"ducklake:{tmp_path / 'catalogue.ducklake'}"
    catch_up(writer, place_of(text))
    monkeypatch.setenv(VARIABLE, text)
    return text


@pytest.fixture
def elsewhere(tmp_path, named):
    return Home(tmp_path / "elsewhere")


def _a(session):
    return session.sql("FROM a ORDER BY n")["text"].to_pylist()


def test_a_release_is_read_at_its_snapshot_whatever_comes_after(elsewhere, writer, tmp_path):
    with open_release(elsewhere.root, ONE) as former, open_release(elsewhere.root) as session:
        assert (former.release.vintage, session.release.vintage) == (ONE, TWO)
        assert (_a(former), _a(session)) == (["x", None], ["x", "new"])
        with pytest.raises(Unanswered, match="Table with name b does not exist"):
            former.sql("FROM b")


def test_a_home_that_has_releases_of_its_own_reads_those(writer, named):
    with open_release(writer.root) as session:
        assert not isinstance(session.release, reading.SharedRelease)


def test_an_unknown_vintage_names_those_that_are_there(elsewhere):
    with pytest.raises(Unanswered, match=f"there are: {ONE}, {TWO}"):
        open_release(elsewhere.root, "19990101T000000Z")


def test_a_query_runs_under_limits_on_a_file_that_is_fetched_once(elsewhere, monkeypatch):
    release = reading.newest(elsewhere)
    assert sandbox.run(release, "FROM a ORDER BY n")["text"].to_pylist() == ["x", "new"]
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{release.database}' AS release (READ_ONLY)")
        for table, note in release.manifest["tables"].items():
            assert content(con, f"release.{table}") == note
    monkeypatch.setattr(reading, "_fetch", None)
    assert sandbox.run(reading.newest(elsewhere), "FROM observation").num_rows == 1


def test_a_fetch_that_broke_off_is_not_taken_for_a_release(elsewhere, monkeypatch):
    release = reading.newest(elsewhere)
    with monkeypatch.context() as patch:
        patch.setattr(reading, "write_atomically", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            release.database  # noqa: B018
    assert list(elsewhere.shared.iterdir()) == []
    assert release.database.exists()


def test_a_machine_that_reads_keeps_the_newest_two(elsewhere):
    for vintage in ("20250101T000000Z", "20250102T000000Z"):
        (elsewhere.shared / vintage).mkdir(parents=True)
    assert reading.newest(elsewhere).database.exists()
    assert sorted(path.name for path in elsewhere.shared.iterdir()) == ["20250102T000000Z", TWO]


def test_data_files_that_are_gone_are_told(elsewhere, tmp_path):
    for path in (tmp_path / "catalogue.ducklake.files").rglob("*.parquet"):
        path.unlink()
    with pytest.raises(Unshared, match="the shared storage refused"):
        reading.newest(elsewhere).database  # noqa: B018
    assert list(elsewhere.shared.iterdir()) == []


def test_content_that_is_not_what_the_manifest_says_is_refused(elsewhere):
    found = reading.newest(elsewhere)
    assert isinstance(found, reading.SharedRelease)
    told = {**found.manifest, "tables": {**found.manifest["tables"], "a": {"rows": 2, "content_sha256": "0" * 64}}}
    forged = reading.SharedRelease(found.folder, orjson.loads(orjson.dumps(told)), found.address, found.snapshot)
    with pytest.raises(Invalid, match="other content than its manifest says"):
        forged.database  # noqa: B018
    assert list(elsewhere.shared.iterdir()) == []


def test_what_was_pasted_reaches_neither_files_nor_the_password(elsewhere, tmp_path):
    (tmp_path / "secret.csv").write_text("a\nsecret\n")
    with open_release(elsewhere.root) as session:
        for query in (f"FROM '{tmp_path / 'secret.csv'}'", "SET enable_external_access = true", "DELETE FROM a"):
            with pytest.raises(Unanswered):
                session.sql(query)
