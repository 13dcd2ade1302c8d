"""Data files in a bucket: who is let in, what is told when nobody is, and that readers reach nothing else there."""

import fsspec
import pytest

from schemas.errors import Unanswered, Unshared
from tests.buckets import SECRET
from tests.warehouse.lake.shelf import ONE, TWO, home_of, place_of
from warehouse import sandbox
from warehouse.home import Home
from warehouse.lake import bucket, connection, reading
from warehouse.lake.address import VARIABLE
from warehouse.lake.commit import catch_up, vintages
from warehouse.lake.missing import MissingExtra
from warehouse.query import open_release

PLACE = "s3://figures/lake/"
MANY = {"many": "FROM range(1000)"}
"""So many rows that they go into a file; the catalogue keeps a few itself."""
COUNT = "SELECT count(DISTINCT range) AS n FROM many"


@pytest.fixture
def named(tmp_path):
    """The address of a storage whose catalogue is a file."""
    return f"ducklake:{tmp_path / 'catalogue.ducklake'}"


@pytest.fixture
def writer(tmp_path):
    return home_of(tmp_path / "writer", (ONE, MANY), (TWO, {"many": "FROM range(2000)"}))


@pytest.fixture
def elsewhere(tmp_path, named, writer, s3, monkeypatch):
    """A home that reads a storage with its data files in a bucket."""
    catch_up(writer, place_of(named, f"{s3}/lake"))
    monkeypatch.setenv(VARIABLE, named)
    return Home(tmp_path / "elsewhere")


def test_a_reader_needs_neither_place_nor_copy(elsewhere, s3):
    assert fsspec.filesystem("s3").glob(f"{s3}/lake/main/many/*.parquet")
    with open_release(elsewhere.root, ONE) as former, open_release(elsewhere.root) as session:
        assert [one.sql(COUNT)["n"].to_pylist() for one in (former, session)] == [[1000], [2000]]
    assert sandbox.run(reading.newest(elsewhere), COUNT)["n"].to_pylist() == [2000]


def test_what_was_pasted_reaches_no_other_object_and_no_secret(elsewhere, s3, s3_server):
    beside = f"{s3}/beside.csv"
    with fsspec.open(beside, "w") as file:
        file.write("a\nsecret\n")
    with open_release(elsewhere.root) as session:
        for query in (f"FROM '{beside}'", f"FROM read_text('{s3_server}/')", "CREATE SECRET mine (TYPE s3)"):
            with pytest.raises(Unanswered):
                session.sql(query)
        assert SECRET not in str(session.sql("FROM duckdb_secrets()").to_pylist())


def test_a_bucket_that_is_not_there_is_told_and_made_up_for(named, writer, s3):
    nowhere = place_of(named, "s3://no-such-bucket-of-ours/lake")
    with pytest.raises(Unshared) as told:
        catch_up(writer, nowhere)
    assert SECRET not in f"{told.value} {told.value.why}"
    assert "bucket" in told.value.what
    fsspec.filesystem("s3").mkdir("no-such-bucket-of-ours")
    assert catch_up(writer, nowhere) == [ONE, TWO]
    fsspec.filesystem("s3").rm("no-such-bucket-of-ours", recursive=True)


def test_a_server_that_is_away_is_told(elsewhere, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        with open_release(elsewhere.root) as session, pytest.raises(Unanswered, match=r"127\.0\.0\.1:9"):
            session.sql(COUNT)
        with pytest.raises(Unshared, match="cannot be reached"):
            reading.newest(elsewhere).database  # noqa: B018
    assert list(elsewhere.shared.iterdir()) == []


def test_without_access_nothing_is_tried(monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(Unshared, match="no access to the bucket") as told:
        bucket.secret(PLACE)
    assert "AWS_ACCESS_KEY_ID" in told.value.next_step


def test_a_profile_that_nobody_made_is_told(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(Unshared) as told:
        bucket.secret(PLACE)
    assert "nobody" in told.value.why


def test_access_is_the_machines(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "it's me")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "for an hour")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    told = bucket.secret(PLACE)
    for part in ("KEY_ID 'it''s me'", "SESSION_TOKEN 'for an hour'", "REGION 'eu-central-1'", f"SCOPE '{PLACE}'"):
        assert part in told
    assert "ENDPOINT" not in told
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://objects.example.org")
    assert "ENDPOINT 'objects.example.org', URL_STYLE 'path', USE_SSL true" in bucket.secret(PLACE)


def test_packages_that_are_missing_are_named_before_anything_is_done(named, s3, monkeypatch):
    monkeypatch.setattr(bucket, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra) as told:
        bucket.secret(PLACE)
    assert "ictdev[ducklake,s3]" in told.value.next_step
    monkeypatch.setattr(connection, "find_spec", lambda name: None if "httpfs" in name else __import__(name).__spec__)
    connection.ready(place_of(named, "/srv/lake"))
    with pytest.raises(MissingExtra, match="packages"):
        connection.ready(place_of(named, f"{s3}/lake"))


def test_a_folder_needs_none_of_it(named, writer, tmp_path, monkeypatch):
    monkeypatch.setattr(bucket, "secret", None)
    place = place_of(named, str(tmp_path / "lake"))
    assert catch_up(writer, place) == [ONE, TWO]
    con = connection.reading(place)
    assert list(vintages(con)) == [ONE, TWO]
    con.close()
