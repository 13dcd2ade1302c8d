"""Any text as a note or an area's name: it comes through every form, and no spreadsheet runs it."""

import csv
import re
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from schemas.sdmx_csv import contents, open_file, read
from tests.warehouse.exports.conftest import exported
from tests.warehouse.exports.copies import changed_copy
from warehouse.exports.text_cells import NO_XML, without_apostrophe

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", '"=1', "'=1", "''=1", "'", "＝1+1", "\u00a0=1",
    '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "Côte d'Ivoire", 'a "quoted" text', "a,b;c\td", "line\nbreak",
    "line\r\nbreak", "\\n \\", "<b>&amp;</b>", "]]>", "\x00", "a\x00b", "\x0b\x1f", "\ufeffmark", "العربية", "中文", "🇸🇳",
    "_x000D_", "%s {0} ${x}", "NULL", "NaN", "-", "", " ", "a" * 40_000, "\u2028line", "\ufffe", "it's \\'",
]  # fmt: skip
"""Texts that some reader is known to stumble over."""


def _random() -> list[str]:
    found: list[str] = []

    @settings(max_examples=300, database=None, suppress_health_check=list(HealthCheck))
    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return found[:300]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [*HOSTILE, *_random()]


@pytest.fixture(scope="module")
def odd(mixed, texts, tmp_path_factory):
    """A release with one text after the other as notes of figures and as names of areas."""
    notes = "UPDATE observation_history SET note = t.text FROM texts t WHERE observation_history.rowid = t.place"
    names = "UPDATE area SET name_en = t.text FROM texts t WHERE area.rowid = t.place"
    listed = ", ".join(f"({number}, {_literal(text)})" for number, text in enumerate(texts))
    table = f"CREATE TEMP TABLE texts AS SELECT * FROM (VALUES {listed}) t(place, text)"
    return changed_copy(mixed, tmp_path_factory.mktemp("odd") / "home", table, notes, names)


def _literal(text: str) -> str:
    quoted = "'" + text.replace("'", "''").replace("\0", "' || chr(0) || '") + "'"
    return f"({quoted})"


def _in_xml(text: str) -> str:
    return re.sub(NO_XML, "\ufffd", text)


def test_parquet_keeps_every_text(odd, texts, tmp_path):
    folder = exported(odd, "parquet", tmp_path / "out")
    notes = pq.read_table(folder / "observation")["note"].to_pylist()
    names = pq.read_table(folder / "area.parquet")["name_en"].to_pylist()
    assert set(texts) <= set(notes)
    assert names[: len(texts)] == texts


@pytest.mark.parametrize("form", ["csv", "datapackage"])
def test_csv_keeps_every_text_and_runs_none(odd, texts, form, tmp_path):
    folder = exported(odd, form, tmp_path / "out")
    csv.field_size_limit(1_000_000)
    wanted = [text.replace("\0", "\ufffd") for text in texts]
    (figures,) = folder.glob("observation.*csv")
    for path, column in ((figures, "note"), (folder / "area.csv", "name_en")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert set(wanted) <= {without_apostrophe(row[column]) for row in rows}
        for row in rows:
            _assert_runs_nothing({name: cell for name, cell in row.items() if name not in {"value", "year"}})
    with (folder / "area.csv").open(encoding="utf-8", newline="") as file:
        assert [without_apostrophe(row["name_en"]) for row in csv.DictReader(file)][: len(texts)] == wanted


def _assert_runs_nothing(row: dict[str, str]) -> None:
    """Hold a cell against the rule as it is written down, not against our own pattern."""
    for cell in row.values():
        bare = cell.lstrip(' \n\u00a0\ufeff"’‘“”＇＂')
        assert not bare.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")), repr(cell)


def test_a_workbook_keeps_every_text_as_text(odd, texts, tmp_path):
    (path,) = exported(odd, "xlsx", tmp_path / "out").glob("*.xlsx")
    book = openpyxl.load_workbook(path)
    wanted = [_in_xml(text)[:32_767] for text in texts]
    sheet = book["area"]
    heads = [cell.value for cell in sheet[1]]
    cells = [row[heads.index("name_en")] for row in sheet.iter_rows(min_row=2)]
    assert [_openpyxl(cell.value) for cell in cells][: len(texts)] == [_openpyxl(text) for text in wanted]
    for sheet in book.worksheets:
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type in {"f", "e"}]


def _openpyxl(text: object) -> str:
    """Bring a text to what openpyxl reads of it: line ends as XML has them, its own escapes undone, nothing as empty."""
    read = re.sub("_x([0-9A-Fa-f]{4})_", lambda mark: chr(int(mark[1], 16)), str(text or ""))
    return read.replace("\r\n", "\n").replace("\r", "\n")


def test_sdmx_csv_gives_every_note_to_a_refresh(odd, texts, tmp_path):
    folder = exported(odd, "sdmx-csv", tmp_path / "out")
    notes = set()
    for path, side in [*contents(folder), *contents(folder / "derived")]:
        notes |= set(read(open_file(path), side).observations["note"].to_pylist())
    assert {text.replace("\0", "\ufffd") for text in texts} <= notes


@pytest.mark.parametrize("version", ["2.1", "3.0"])
def test_sdmx_ml_keeps_every_text(odd, texts, version, tmp_path):
    folder = exported(odd, "sdmx-ml", tmp_path / "out") / version
    wanted = {_in_xml(text) for text in texts}
    notes = {""}
    for path in folder.glob("*.xml"):
        if path.name != "structure.xml":
            notes |= {one.get("COMMENT_OBS", "") for one in _parsed(path).iter("Obs")}
    assert wanted <= notes
    lists = {one.get("id"): one for one in _parsed(folder / "structure.xml").iter("{*}Codelist")}
    names = {code.findtext("{*}Name") for code in lists["CL_REF_AREA"].iter("{*}Code")}
    assert {_in_xml(text.strip()) or "–" for text in texts} <= names


def _parsed(path: Path) -> Any:
    return etree.parse(path, etree.XMLParser(huge_tree=True)).getroot()
