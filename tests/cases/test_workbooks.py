"""Workbooks are read as people see them, or refused by the address of the cell.

| case | kind | right value |
| --- | --- | --- |
| 04 | a share in a cell formatted as per cent | 0.568 under `0.0%` is 56.8 |
| 14 | one merged cell that speaks for two rows | women 51, men 59 |
| – | formula without a result, error value, TRUE, date, thousands, hidden, outside | refused, all of them named |
| – | a publisher's workbook with such a cell | the record is a reject that names the cell, the others get in |
| – | a file made to break a reader (cell XFD1048576, bombs, other kinds of files) | a typed error; the next is read |
"""

import io
import zipfile
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import bounded
from schemas.errors import Changed, Empty, IctdevError, Invalid
from schemas.number_format import shown
from schemas.source import Raw, Reading
from schemas.sources import readers
from schemas.workbook import Workbook
from schemas.workbook_process import Limits, Process
from tests.schemas.samples import PRICES, asked, book, form

_ROW = ("internet_users", 2023, "", "", "", "", 56.8, "A", "survey")


def _read(source: str, content: bytes, name: str = "file.xlsx", edition: str = "") -> Reading:
    return readers()[source].read(Raw(content, name, edition=edition, received="2026-11-24"), asked(source))


def _changed(content: bytes, change) -> bytes:
    """Open a workbook, change it, and save it as a spreadsheet program does."""
    made = openpyxl.load_workbook(io.BytesIO(content))
    change(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _form(change, *figures) -> Reading:
    return _read("submission", _changed(form(*(figures or (_ROW,))), change))


def _cell(address: str, value: object, code: str = "General"):
    def change(made):
        made["Data"][address].value = value
        made["Data"][address].number_format = code

    return change


def _patched(content: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """Change the XML of a member, as no spreadsheet program would write it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old_zip, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for info in old_zip.infolist():
            body = old_zip.read(info)
            if info.filename == member:
                assert old in body
                body = body.replace(old, new, 1)
            made.writestr(info.filename, body)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("value", "code", "seen"),
    [
        (0.568, "0.0%", 56.8),
        (0.55, "0%", 55),
        (0.61, "0.0%;-0.0%", 61),
        (0.1234, "[Red]0.00%", 12.34),
        (56.8, '0.0"%"', 56.8),
        (56.8, "0.0\\%", 56.8),
        (56.84, "0", 56.84),
        (56.8, '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)', 56.8),
        (56.8, "@", 56.8),
        ("56,8", "General", 56.8),
        (" 56.8 ", "General", 56.8),
        ("\u00a056.8\u00a0", "@", 56.8),
    ],
)
def test_a_figure_is_what_its_cell_shows(value, code, seen):
    reading = _form(_cell("G2", value, code))
    assert reading.observations["value"].to_pylist() == [seen]
    assert reading.observations["record"].to_pylist() == ["Data!row:2"]


@pytest.mark.parametrize(
    ("value", "code", "reason"),
    [
        ("=1/0", "General", "without a stored result"),
        (310_500, "#,##0,", "in thousands"),
        (310.5, '0.0" million"', "million"),
        (56.8, ";;;", "hides"),
        (0, '0.0;-0.0;"-"', "in place of"),
        (True, "General", "TRUE or FALSE"),
        (56.8, "yyyy-mm-dd", "date"),
        (0.5, "h:mm", "time of day"),
        ("1,234", "General", "could be two"),
        ("1.234.5", "General", "could be two"),
    ],
)
def test_a_figure_that_shows_something_else_is_refused_by_its_address(value, code, reason):
    with pytest.raises(Invalid, match=r"Data!G2\b") as caught:
        _form(_cell("G2", value, code))
    assert reason in caught.value.why
    assert caught.value.next_step


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!"])
def test_an_error_value_is_refused_by_its_address(error):
    with pytest.raises(Invalid, match=rf"Data!G2: it holds the error value {error}"):
        _form(_cell("G2", error))


def test_a_formula_with_a_result_is_its_result():
    content = _changed(form(_ROW), _cell("G2", "=50+6.8"))
    stored = _patched(content, "xl/worksheets/sheet2.xml", b"<f>50+6.8</f><v></v>", b"<f>50+6.8</f><v>56.8</v>")
    assert _read("submission", stored).observations["value"].to_pylist() == [56.8]


def test_all_cells_to_change_are_named_at_once():
    def change(made):
        sheet = made["Data"]
        for row in (2, 3, 4):
            sheet[f"G{row}"].value = "=1+1"
        sheet["G6"].value = "#N/A"
        sheet["L2"].value = "to be checked"
        sheet.row_dimensions[7].hidden = True

    with pytest.raises(Invalid) as caught:
        _form(change, *[_ROW] * 6)
    for address in (
        "G2:G4: it is a formula",
        "G6: it holds the error value #N/A",
        "L2: it stands outside",
        "G7: its row",
    ):
        assert address in caught.value.why
    assert "G5" not in caught.value.why


def test_a_merged_cell_speaks_for_its_rows():
    rows = [("internet_users", 2023, "F", "", "", "", 51), ("", 2023, "M", "", "", "", 59)]
    reading = _form(lambda made: made["Data"].merge_cells("A2:A3"), *rows)
    found = dict(zip(reading.observations["sex"].to_pylist(), reading.observations["value"].to_pylist(), strict=True))
    assert found == {"F": 51.0, "M": 59.0}


def test_a_figure_without_an_indicator_is_named_and_a_row_without_a_figure_is_none():
    rows = [_ROW, ("", 2023, "F", "", "", "", ""), ("", 2023, "M", "", "", "", 59)]
    assert _read("submission", form(*rows[:2])).observations.num_rows == 1
    with pytest.raises(Invalid, match="Data!row:4"):
        _read("submission", form(*rows))


@pytest.mark.parametrize("cells", ["G2:G3", "E2:G2"])
def test_merged_figures_are_refused(cells):
    with pytest.raises(Invalid, match="merged"):
        _form(lambda made: made["Data"].merge_cells(cells), *[(*_ROW[:4], "U", "", 56.8)] * 2)


@pytest.mark.parametrize("what", ["row", "column", "sheet"])
def test_what_nobody_saw_in_a_form_is_refused(what):
    def change(made):
        sheet = made["Data"]
        if what == "row":
            sheet.row_dimensions[2].hidden = True
        elif what == "column":
            sheet["C2"].value = "F"
            sheet.column_dimensions["C"].hidden = True
        else:
            sheet.sheet_state = "hidden"

    with pytest.raises(Invalid, match="hidden"):
        _form(change)


def test_a_hidden_column_without_content_is_no_matter():
    def change(made):
        made["Data"].column_dimensions["C"].hidden = True

    assert _form(change).observations.num_rows == 1


def test_a_period_that_became_a_date_is_read_as_the_month_it_shows():
    reading = _form(_cell("B2", datetime(2024, 3, 1), "mmm-yy"))
    assert reading.observations["time_period"].to_pylist() == ["2024-03"]


def test_blank_cells_are_blanks_and_no_figures():
    reading = _form(_cell("G2", None), _ROW, ("internet_users", 2022, "", "", "", "", 55))
    assert (reading.observations["time_period"].to_pylist(), reading.blanks) == (["2022"], 1)


def _prices(**cells) -> bytes:
    def change(made):
        for address, (value, code) in cells.items():
            made["economies_2008-2023"][address].value = value
            made["economies_2008-2023"][address].number_format = code

    return _changed(PRICES, change)


def test_a_cell_of_a_publisher_that_cannot_be_read_costs_its_record():
    reading = _read("itu_workbooks", _prices(F2=("#REF!", "General"), H2=(0.25, "0%")))
    assert reading.observations["value"].to_pylist() == [35.0, 25.0]
    assert reading.rejects["reason"].to_pylist() == ["not_a_number"]
    assert "economies_2008-2023!F2: it holds the error value #REF!" in reading.rejects["detail"].to_pylist()[0]


def test_a_code_of_a_publisher_that_cannot_be_read_refuses_the_sheet():
    with pytest.raises(Invalid, match="economies_2008-2023!E2"):
        _read("itu_workbooks", _prices(E2=("=X1", "General")))


def test_what_a_publisher_hides_is_read_and_noted():
    def change(made):
        made["economies_2008-2023"].column_dimensions["A"].hidden = True

    reading = _read("itu_workbooks", _changed(_prices(), change))
    assert reading.observations.num_rows == 2
    assert "hidden columns A were read" in reading.notices[0]


def test_the_old_kind_of_workbook_shows_the_same():
    made = xlwt.Workbook()
    sheet = made.add_sheet("economies_2008-2023")
    head: list[object] = ["IsoCode", "Economy", "basket", "Unit", "Code", "2017", "2018"]
    row: list[object] = ["SEN", "Senegal", "Fixed", "GNIpc", "i154_FBB_ts_GNI", 0.405, 35]
    lines: tuple[list[object], ...] = (head, row)
    for number, cells in enumerate(lines):
        for at, cell in enumerate(cells):
            sheet.write(number, at, cell, xlwt.easyxf(num_format_str="0.0%") if cell == 0.405 else xlwt.easyxf())
    buffer = io.BytesIO()
    made.save(buffer)
    reading = _read("itu_workbooks", buffer.getvalue(), "prices.xls")
    assert reading.observations["value"].to_pylist() == [40.5, 35.0]


_DIGITS = st.integers(0, 6)
_NUMBERS = st.decimals(min_value=Decimal(-9999), max_value=Decimal(99999), places=4)


@settings(max_examples=300, deadline=None)
@given(
    number=_NUMBERS, digits=_DIGITS, percent=st.booleans(), grouped=st.booleans(),
    before=st.sampled_from(["", "[Red]", "_(", "* ", "[$€-407] ", '"$"']),
    after=st.sampled_from(["", "_)", "\\ ", '" "']),
)  # fmt: skip
def test_any_format_of_a_number_shows_what_is_read(number, digits, percent, grouped, before, after):
    """What a spreadsheet shows, made here by decimal arithmetic, is the figure rounded to the format's digits."""
    whole = "#,##0" if grouped else "0"
    code = before + whole + ("." + "0" * digits if digits else "") + "%" * percent + after
    display = (number * 100 if percent else number).quantize(Decimal(1).scaleb(-digits))
    read = shown(repr(float(number)), code)
    assert not read.fault
    assert abs(Decimal(read.text) - display) <= Decimal("0.5").scaleb(-digits) + Decimal("1e-9")


@settings(max_examples=300, deadline=None)
@given(code=st.text(alphabet='0#?.,%;"-[]()_*\\@yMdhs/eE+ kR', max_size=14), number=_NUMBERS)
def test_any_text_as_a_format_gives_a_number_a_date_or_a_reason(code, number):
    found = shown(repr(float(number)), code)
    assert bool(found.text) != bool(found.fault)


def _sound() -> bytes:
    return book(Sheet1=[["a", "b"], ["x", 1]])


def _zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), body)
    return buffer.getvalue()


def _strict(content: bytes) -> bytes:
    """The same workbook in the namespaces of Strict Open XML."""
    names = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    for old, new in names.items():
        members = {name: body.replace(old, new) for name, body in members.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, body in members.items():
            made.writestr(name, body)
    return buffer.getvalue()


_SHEET = "xl/worksheets/sheet1.xml"
_FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
HOSTILE = {
    "every column filled in the last row": lambda: _patched(
        _sound(), _SHEET, b"</sheetData>",
        b'<row r="1048576">' + b"".join(b"<c><v>1</v></c>" for _ in range(16384)) + b"</row></sheetData>",
    ),
    "a cell that stands twice": lambda: _patched(_sound(), _SHEET, b"</sheetData>", b'<row r="2"><c r="A2"><v>9</v></c></row></sheetData>'),
    "a zip bomb": lambda: _patched(_sound(), _SHEET, b"</sheetData>", b" " * 50_000_000 + b"</sheetData>"),
    "a bomb of strings": lambda: _zip(xl__workbook_dot_xml=b"", xl__sharedStrings_dot_xml=b"<si/>" * 9_000_000),
    "an OpenDocument": lambda: _zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
    "a binary workbook": lambda: _zip(xl__workbook_dot_bin=b"\x00"),
    "Strict Open XML": lambda: _strict(_sound()),
    "no parts": lambda: _zip(xl__nothing=b""),
    "an entity bomb": lambda: _patched(
        _sound(), _SHEET, b"<worksheet",
        b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 9_000 + b'">' + b"".join(
            f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 50}">'.encode() for at in range(5)
        ) + b"]><worksheet a='&f;'",
    ),
    "encrypted": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
    "half a compound file": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x3e" * 2_000,
    "half a workbook": lambda: _sound()[:2_000],
    "a web page": lambda: b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>",
    "a spreadsheet of 2003 in XML": lambda: b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
    "nothing": lambda: b"",
}  # fmt: skip


def _whole(content: bytes) -> list[list[list[str]]]:
    found = Workbook(content, "file.xls")
    return [found.grid(sheet).rows for sheet in found.sheets]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_typed_error_and_the_next_one_is_read(name):
    content = HOSTILE[name]()
    with pytest.raises((Invalid, Changed, Empty)) as caught:
        _whole(content)
    assert caught.value.what
    assert Workbook(_sound(), "sound.xlsx").grid("Sheet1").rows == [["a", "b"], ["x", "1"]]


@pytest.mark.parametrize("source", ["submission", "itu_workbooks", "unsd_sdg", "classifications", "world_bank"])
@pytest.mark.parametrize("name", HOSTILE)
def test_no_reader_of_workbooks_fails_otherwise(name, source):
    with pytest.raises(IctdevError):
        _read(source, HOSTILE[name](), "file.xls")


def test_a_cell_at_the_far_end_of_a_form_is_refused_by_its_address():
    content = _patched(form(_ROW), "xl/worksheets/sheet2.xml", b"</sheetData>", _FAR)
    with pytest.raises(Invalid, match="Data!XFD1048576"):
        _read("submission", content)


def test_a_workbook_with_macros_is_read_and_they_are_not_run():
    macros = _patched(
        _sound(), "[Content_Types].xml", b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
    )  # fmt: skip
    assert Workbook(macros, "file.xlsm").grid("Sheet1").rows == [["a", "b"], ["x", "1"]]


def test_a_million_rows_that_are_only_claimed_are_no_matter():
    claimed = _patched(_sound(), _SHEET, b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert Workbook(claimed, "file.xlsx").grid("Sheet1").rows == [["a", "b"], ["x", "1"]]


@pytest.mark.parametrize(
    ("limits", "reasons"),
    [
        (Limits(memory=30_000_000), ("memory", "broke")),
        (Limits(seconds=0.01), ("longer",)),
        (Limits(bytes=20), ("larger",)),
    ],
)  # fmt: skip
def test_a_limit_that_is_reached_is_an_error_of_that_file(limits, reasons):
    content = book(Sheet1=[[f"text {row} {at}" for at in range(20)] for row in range(400)])
    process = Process(limits)
    with pytest.raises(Invalid) as caught:
        process.ask("key", content, "file.xlsx", {"do": "sheet", "sheet": "Sheet1", "wish": {}})
    process.close()
    assert any(reason in str(caught.value) for reason in reasons)
    assert caught.value.next_step


def test_a_child_that_breaks_costs_one_file(monkeypatch):
    process = Process()
    monkeypatch.setattr(bounded, "_START", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(Invalid, match="broke"):
        process.ask("key", _sound(), "file.xlsx", {"do": "open"})
    monkeypatch.undo()
    assert process.ask("key", _sound(), "file.xlsx", {"do": "open"})["sheets"] == ["Sheet1"]
    process.close()
