"""Small releases made by hand, so that what is committed can be chosen."""

from pathlib import Path

import duckdb
import orjson

from schemas.observation import OBSERVATION
from warehouse.home import Home
from warehouse.lake.address import Address, parse
from warehouse.releases import AS_OF, content

ONE, TWO, THREE = "20260101T000000Z", "20260102T000000Z", "20260103T000000Z"


def put(home: Home, vintage: str, tables: dict[str, str]) -> None:
    """Publish a release of tables, each given as a query; the history is there in any case."""
    folder = home.releases / vintage
    folder.mkdir(parents=True)
    columns = ", ".join(f"NULL::VARCHAR AS {name}" for name in OBSERVATION.names)
    history = (
        f"SELECT {columns}, NULL::TIMESTAMP AS vintage_from, NULL::TIMESTAMP AS vintage_to, NULL::DATE AS edition_date"
    )
    notes = {}
    with duckdb.connect(str(folder / "ictdev.duckdb")) as con:
        con.execute("ATTACH ':memory:' AS nowhere")
        for name, query in {"observation_history": history, **tables}.items():
            con.execute(f"CREATE TABLE {name} AS {query}")
        con.execute("CREATE VIEW observation AS SELECT * FROM observation_history WHERE vintage_to IS NULL")
        con.execute(AS_OF)
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{folder / 'ictdev.duckdb'}' AS release (READ_ONLY)")
        notes = {name: content(con, f"release.{name}") for name in ("observation_history", *tables)}
    (folder / "manifest.json").write_bytes(orjson.dumps({"vintage": vintage, "tables": notes}))
    point(home, vintage)


def point(home: Home, vintage: str) -> None:
    """Let the pointer name a release."""
    home.pointer.write_bytes(orjson.dumps({"vintage": vintage, "release": f"releases/{vintage}"}))


def values(*rows: str) -> str:
    """Give a table `n, text` of rows, such as `1, 'a'`."""
    return f"FROM (VALUES {', '.join(f'({row})' for row in rows)}) t(n, text)"


def place_of(text: str, data: str = "") -> Address:
    """Give a shared storage by its address."""
    found = parse(text, data)
    assert found
    return found


def home_of(folder: Path, *releases: tuple[str, dict[str, str]]) -> Home:
    """Make a home of such releases."""
    home = Home(folder)
    for vintage, tables in releases:
        put(home, vintage, tables)
    return home
