"""Each form read back by a tool that is not ours, the same bytes twice, and every sad path."""

import csv
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from schemas.errors import IctdevError, Unanswered, Usage
from schemas.observation import OBSERVATION
from tests.warehouse.exports.conftest import CLOSED, NOTE, exported, refreshed
from tests.warehouse.exports.copies import changed_copy
from warehouse.exports.forms import FORMS, export
from warehouse.exports.selection import Asked
from warehouse.home import Home
from warehouse.pointer import newest
from warehouse.query import open_release

_KEYS = ["indicator", "ref_area", "time_period", "sex", "age", "urbanisation", "breakdown", "source"]


def _held(home: Home, query: str = "FROM observation") -> pa.Table:
    with open_release(home.root) as session:
        return (
            session.sql(query)
            .select(OBSERVATION.names)
            .cast(OBSERVATION)
            .sort_by([(name, "ascending") for name in _KEYS])
        )


@pytest.fixture(scope="module")
def folders(mixed, tmp_path_factory) -> dict[str, Path]:
    """Every form of one release."""
    return {form: exported(mixed, form, tmp_path_factory.mktemp(form) / "out") for form in FORMS}


def test_two_exports_of_one_release_are_the_same_bytes(mixed, folders, tmp_path):
    for form, first in folders.items():
        again = exported(mixed, form, tmp_path / form)
        assert _hashes(first) == _hashes(again), form


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_parquet_is_read_whole_by_pandas_and_polars(mixed, folders):
    frame = pd.read_parquet(folders["parquet"] / "observation")
    held = _held(mixed)
    assert len(frame) == held.num_rows
    assert frame["value"].sum() == pytest.approx(sum(held["value"].to_pylist()))
    lazy = pl.scan_parquet(folders["parquet"] / "observation" / "**/*.parquet", hive_partitioning=True)
    assert lazy.select(pl.len()).collect().item() == held.num_rows
    table = lazy.collect().to_arrow().select(OBSERVATION.names).cast(OBSERVATION)
    assert table.sort_by([(name, "ascending") for name in _KEYS]).equals(held)


def test_parquet_files_name_release_and_licence_inside(mixed, folders):
    with duckdb.connect() as con:
        rows = con.execute(
            "SELECT file_name, decode(key), decode(value) "
            f"FROM parquet_kv_metadata('{folders['parquet']}/**/*.parquet')"
        ).fetchall()
    told = {(name.rpartition("/out/")[2], key): value for name, key, value in rows}
    closed = f"observation/indicator=internet_users/figures.{CLOSED}.parquet"
    assert told[closed, "licence"] == CLOSED
    assert told["observation/indicator=population/figures.parquet", "licence"] != CLOSED
    assert {value for (_, key), value in told.items() if key == "release"} == {newest(mixed).vintage}


def test_csv_reads_back_to_the_same_figures(mixed, folders):
    with (folders["csv"] / f"observation.{CLOSED}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    held = _held(mixed).to_pylist()
    assert [{**row, "value": float(row["value"]), "year": int(row["year"])} for row in rows] == [
        {**one, "licence": row["licence"]} for one, row in zip(held, rows, strict=True)
    ]
    assert NOTE in {row["note"] for row in rows}
    assert "-2.5" in {row["value"] for row in rows}


def test_a_byte_order_mark_stands_in_front_when_it_is_wanted(mixed, tmp_path):
    folder = exported(mixed, "csv", tmp_path / "out", bom=True, indicator="population")
    content = (folder / "observation.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfindicator,ref_area,")
    assert content.count(b"\xef\xbb\xbf") == 1
    assert pd.read_csv(folder / "observation.csv").columns[0] == "indicator"


def test_a_workbook_has_typed_cells_frozen_heads_and_its_sources(mixed, folders):
    (path,) = folders["xlsx"].glob("*.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["observation"]
    heads = [cell.value for cell in sheet[1]]
    assert sheet.freeze_panes == "A2"
    assert heads == [*OBSERVATION.names, "licence"]
    rows = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]
    held = _held(mixed).to_pylist()
    # openpyxl writes 16 significant digits, one more than a spreadsheet shows
    assert [(row["value"], row["year"], row["note"] or "") for row in rows] == [
        (pytest.approx(one["value"], rel=1e-15), one["year"], one["note"]) for one in held
    ]
    assert {type(row["value"]) for row in rows} <= {int, float}
    told = {row[0]: row for row in book["sources"].iter_rows(min_row=5, values_only=True)}
    assert told["itu_datahub"][3] == CLOSED
    assert told["world_bank"][6] == "2021-03-01"


def test_a_sheet_that_is_full_goes_on_in_the_next(mixed, tmp_path, monkeypatch):
    from warehouse.exports import workbook  # noqa: PLC0415

    monkeypatch.setattr(workbook, "MAX_ROWS", 101)
    (path,) = exported(mixed, "xlsx", tmp_path / "out").glob("*.xlsx")
    book = openpyxl.load_workbook(path, read_only=True)
    sheets = [name for name in book.sheetnames if name.startswith("observation")]
    total = sum(sum(1 for _ in book[name].iter_rows(min_row=2)) for name in sheets)
    assert sheets[:2] == ["observation", "observation 2"]
    assert total == _held(mixed).num_rows


def test_a_bundle_goes_into_an_empty_home_without_loss(mixed, folders, tmp_path):
    again = refreshed(tmp_path / "again", folders["sdmx-csv"])
    names = [
        name for name in OBSERVATION.names if name not in {"snapshot", "record"}
    ]  # the bundle is their snapshot now
    assert _held(again).select(names).equals(_held(mixed).select(names))
    for table in ("derivation", "group_aggregate", "gender_gap"):
        with open_release(mixed.root) as one, open_release(again.root) as other:
            query = f"FROM {table} ORDER BY ALL"
            assert one.sql(query).equals(other.sql(query)), table
    with open_release(again.root) as session:
        terms = {row["id"]: row["licence"] for row in session.rows("SELECT id, licence FROM source")}
    assert terms["itu_datahub"] == CLOSED


def test_what_a_bundle_leaves_out_stays_told(mixed, tmp_path):
    from warehouse.exports import sdmx_csv  # noqa: PLC0415
    from warehouse.exports.content import Content  # noqa: PLC0415

    row = "'made_up' AS source, 'left_out' AS reason, 'SEN 2020: 120 is outside' AS detail, 'NET' AS series_code"
    rest = "'' AS snapshot, 'side:1' AS record"
    copy = changed_copy(mixed, tmp_path / "copy", f"INSERT INTO reject BY NAME SELECT {row}, {rest}")
    with Content(newest(copy), Asked()) as content:
        (told,) = sdmx_csv._left_out(content, "made_up")
    assert (told.ref_area, told.time_period, told.reason) == ("SEN", "2020", "120 is outside")


def test_an_open_bundle_is_worked_out_again_among_open_sources(mixed, tmp_path):
    bundle = exported(mixed, "sdmx-csv", tmp_path / "open", open_only=True)
    again = refreshed(tmp_path / "again", bundle)
    with open_release(again.root) as session:
        sources = session.rows("SELECT DISTINCT unnest(string_split(input_source, ', ')) AS source FROM derivation")
        found = session.rows("SELECT count(*) AS n FROM observation WHERE source = 'ictdev'")
    assert {row["source"] for row in sources} == {"made_up", "world_bank"}
    assert found[0]["n"] > 0


def test_the_package_passes_frictionless(mixed, tmp_path):
    from frictionless import Package, validate  # noqa: PLC0415

    folder = exported(mixed, "datapackage", tmp_path / "out", open_only=True)
    report = validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "title", "note"])
    assert Package(str(folder / "datapackage.json")).get_resource("observation").schema.primary_key == [
        "source", *[name for name in _KEYS if name != "source"]
    ]  # fmt: skip
    (folder / "observation.csv").write_text((folder / "observation.csv").read_text("utf-8").replace(",-2.5,", ",x,"))
    assert not validate(str(folder / "datapackage.json")).valid


def test_the_package_is_described_for_harvesters(mixed, folders):
    folder = folders["datapackage"]
    on_the_web = json.loads((folder / "csv-metadata.json").read_bytes())
    for table in on_the_web["tables"]:
        with (folder / table["url"]).open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == [column["titles"] for column in table["tableSchema"]["columns"]]
    catalogue = json.loads((folder / "dcat.jsonld").read_bytes())
    for one in catalogue["dcat:dataset"][0]["dcat:distribution"]:
        content = (folder / one["dcat:downloadURL"]["@id"]).read_bytes()
        assert one["spdx:checksum"]["spdx:checksumValue"]["@value"] == hashlib.sha256(content).hexdigest()
    named = json.loads((folder / "schema-org.jsonld").read_bytes())
    assert "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/" in named["license"]
    assert {one["contentUrl"] for one in named["distribution"]} == {path.name for path in folder.glob("*.csv")}


@pytest.mark.parametrize("asked", [{"as_of": "1999-01-01"}, {"edition_as_of": "1999-01-01"}])
@pytest.mark.parametrize("form", FORMS)
def test_a_moment_before_all_figures_is_an_empty_export_and_no_error(mixed, form, asked, tmp_path):
    folder = exported(mixed, form, tmp_path / "out", open_only=True, **asked)
    assert (folder / "CITATION.cff").exists()


def test_an_export_as_of_a_day_is_what_sql_says(mixed, tmp_path):
    vintage = newest(mixed).vintage
    folder = exported(mixed, "parquet", tmp_path / "out", as_of=vintage)
    with duckdb.connect() as con:
        query = f"FROM read_parquet('{folder}/observation/*/*.parquet', hive_partitioning = true)"
        found = con.execute(query).to_arrow_table().select(OBSERVATION.names).cast(OBSERVATION)
    with open_release(mixed.root) as session:
        held = session.sql("FROM observation", as_of=vintage)
    order = [(name, "ascending") for name in _KEYS]
    assert found.sort_by(order).equals(held.select(OBSERVATION.names).cast(OBSERVATION).sort_by(order))


def test_a_folder_that_holds_something_is_refused(mixed, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Usage, match="not empty"):
        export(newest(mixed), "csv", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("form", "asked", "error", "word"),
    [
        ("dbf", {}, Usage, "parquet, csv, xlsx"),
        ("csv", {"indicator": "internet_user"}, Unanswered, "internet_users"),
        ("csv", {"indicator": "x' OR '1'='1"}, Unanswered, "there is no indicator"),
        ("csv", {"as_of": "yesterday"}, Usage, "is not a date"),
        ("csv", {"as_of": "2026-01-01", "edition_as_of": "2026-01-01"}, Usage, "cannot be combined"),
        ("parquet", {"bom": True}, Usage, "--bom is for csv"),
    ],
)
def test_what_cannot_be_is_told_and_leaves_nothing(mixed, form, asked, error, word, tmp_path):
    with pytest.raises(error) as told:
        export(newest(mixed), form, tmp_path / "out", Asked(**asked))
    assert word in str(told.value)
    assert not list(tmp_path.iterdir())


_SHORT_OF_SPACE = """
import resource, sys
from pathlib import Path
from schemas.errors import IctdevError
from warehouse.exports.forms import export
from warehouse.home import Home
from warehouse.pointer import newest
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    export(newest(Home(Path(sys.argv[1]))), sys.argv[2], Path(sys.argv[3]))
except IctdevError as error:
    sys.exit(f"{error.exit_status} {error}")
"""


@pytest.mark.parametrize("form", ["parquet", "xlsx", "sdmx-ml"])
def test_a_full_disk_is_told_and_leaves_nothing(mixed, form, tmp_path):
    """The system lets no file grow beyond 20 kB, as a full disk would."""
    command = [sys.executable, "-c", _SHORT_OF_SPACE, str(mixed.root), form, str(tmp_path / "out")]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert "could not be written" in done.stderr, done.stderr
    assert "nothing was left half-written" in done.stderr
    assert not list(tmp_path.iterdir())


def test_codes_that_no_list_holds_are_refused(mixed, tmp_path):
    copy = changed_copy(mixed, tmp_path / "copy", "UPDATE observation_history SET sex = 'QQ' WHERE value = -2.5")
    with pytest.raises(IctdevError, match="codes of SEX that its list does not hold: QQ"):
        export(newest(copy), "sdmx-ml", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_refresh_ignores_what_is_no_bundle_file(folders):
    from flows import plan as planning  # noqa: PLC0415

    plan = planning.make(home=Path("unused"), bundle=folders["sdmx-csv"], files=[], sources=[], base_url={})
    from flows.arrive import sources  # noqa: PLC0415

    assert sources(plan) == ["itu_datahub", "made_up", "world_bank"]
