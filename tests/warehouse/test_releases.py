"""Releases: whole, immutable, described, and the pointer moves last."""

import hashlib
from datetime import datetime
from typing import Any

import duckdb
import orjson
import pytest

from flows.settle import TABLES, VIEWS
from schemas.errors import Invalid, Unanswered
from warehouse import releases
from warehouse.home import Home
from warehouse.query import Session, open_release
from warehouse.store import Store

FIRST, SECOND = datetime(2026, 1, 1), datetime(2026, 1, 2)
ONE = ("observation_history",)


def _publish(home: Home, vintage: datetime, value: int = 1, **more: Any) -> releases.Release:
    with Store(home) as store:
        keys = ("indicator", "ref_area", "time_period", "sex", "age", "urbanisation", "breakdown")
        given = ", ".join(f"'x' AS {name}" for name in keys)
        store.con.execute(
            f"CREATE OR REPLACE TEMP TABLE observation_history AS SELECT {given}, 2020 AS year, {value} AS value, "
            "'u' AS unit, 'A' AS obs_status, '' AS note, 's' AS source, 'c' AS series_code, 'e' AS edition, "
            "'' AS snapshot, '' AS record, DATE '2025-01-01' AS edition_date, "
            "TIMESTAMP '2026-01-01' AS vintage_from, NULL::TIMESTAMP AS vintage_to"
        )
        return releases.publish(store.con, home, vintage, ONE, {}, {"rules": "r"}, **more)


def test_the_manifest_tells_every_file_and_its_hash(home):
    found = _publish(home, FIRST)
    for name, note in found.manifest["files"].items():
        content = (found.folder / name).read_bytes()
        assert note == {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    assert set(found.manifest["files"]) == {"ictdev.duckdb", "parquet/observation_history.parquet"}
    assert releases.newest(home).vintage == "20260101T000000Z"


def test_pages_read_the_finished_release_before_it_has_its_name_and_are_hashed_with_it(home):
    def pages(release: releases.Release) -> None:
        assert not (home.releases / release.vintage).exists()
        with Session(release) as session:
            (row,) = session.rows("SELECT value FROM observation_history")
        (release.folder / "page.html").write_text(str(row["value"]))

    found = _publish(home, FIRST, value=7, pages=pages)
    assert (found.folder / "page.html").read_text() == "7"
    assert found.manifest["files"]["page.html"]["size"] == 1


def test_the_same_rows_have_the_same_content_hash_in_every_release(home):
    first, second, third = _publish(home, FIRST), _publish(home, SECOND), _publish(home, datetime(2026, 1, 3), value=2)
    hashes = [one.manifest["tables"]["observation_history"]["content_sha256"] for one in (first, second, third)]
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_release_is_readable_by_duckdb_1_2(home):
    found = _publish(home, FIRST)
    with duckdb.connect(str(found.database), read_only=True) as con:
        tags = con.execute("SELECT tags FROM duckdb_databases() WHERE NOT internal").fetchall()[0][0]
    assert "v1.2" in str(tags)


def test_a_crash_before_the_pointer_leaves_the_last_release_and_is_cleared(home, monkeypatch):
    _publish(home, FIRST)
    with monkeypatch.context() as broken:
        broken.setattr(releases, "_write_parquet", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            _publish(home, SECOND)
    assert releases.newest(home).vintage == "20260101T000000Z"
    assert (home.releases / ".building-20260102T000000Z").exists()
    _publish(home, datetime(2026, 1, 3))
    assert list(home.releases.glob(".building-*")) == []


def test_an_old_reader_keeps_its_release_while_a_new_one_is_published(home):
    found = _publish(home, FIRST)
    with duckdb.connect(str(found.database), read_only=True) as con:
        _publish(home, SECOND, value=2)
        assert con.execute("SELECT value FROM observation_history").fetchall() == [(1,)]
    assert releases.newest(home).vintage == "20260102T000000Z"


def test_without_a_release_the_next_step_is_told(home):
    home.create()
    assert releases.latest(home) is None
    with pytest.raises(Unanswered, match="ictdev refresh --bundled"):
        releases.newest(home)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"release": "releases/gone"}'])
def test_a_broken_pointer_is_told(home, content):
    home.create()
    home.pointer.write_bytes(content)
    with pytest.raises(Invalid, match="does not lead to a whole release"):
        releases.latest(home)


def test_every_table_and_column_has_a_comment(released):
    with open_release(released.root) as session:
        con = session.con
        tables = dict(con.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        views = "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal"
        tables |= dict(con.execute(views).fetchall())
        columns = con.execute(
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    assert set(tables) == {*TABLES, *VIEWS}
    assert [name for name, comment in tables.items() if not comment] == []
    assert [(table, column) for table, column, comment in columns if not comment] == []


def test_the_manifest_names_licence_and_editions_of_every_source(released):
    sources = {source["id"]: source for source in releases.newest(released).manifest["sources"]}
    assert sources["world_bank"]["licence"] == "CC-BY-4.0"
    assert "2026-07-13" in sources["world_bank"]["editions"]
    assert set(sources) == {"world_bank", "unsd_sdg", "unsd_gender", "ictdev"}


def test_the_pointer_names_folder_and_database(released):
    pointer = orjson.loads(released.pointer.read_bytes())
    assert (released.root / pointer["database"]).is_file()
    assert (released.root / pointer["release"] / "manifest.json").is_file()


def test_every_table_is_there_as_parquet(released):
    folder = releases.newest(released).folder / "parquet"
    assert {path.stem for path in folder.glob("*.parquet")} == {*TABLES, *VIEWS}
