"""Today's downloads, and every container and dialect that a table comes in, are read as the plain table is.

| case | kind | right value |
| --- | --- | --- |
| 07 | the World Bank's Excel download, .xlsx and the older .xls | SEN 2021 58.1, 2022 60, edition 2024-06-28 |
| 08 | an extract of DataBank, CSV and Excel | IDN 2018 39.9, 2019 47.7; `..` is no figure; edition 2021-06-30 |
| 09 | M49 as Excel | 7 memberships of UGA and DZA |
| 11 | CSV saved by a spreadsheet: semicolons with decimal commas, Windows-1252 | 78.9; 56.8 with its comment |
| 12 | Eurostat's SDMX-CSV 1.0, 2.0 with labels, TSV, .gz | FRA 91.12, GRC 85.07 status B, edition 2024-12-17 |
| – | UNSD's exports with headings in brackets, without a release | read; the edition is the one that is given |
| – | World Bank's CLASS since 2021 (sheet compositions) | its members |
"""

import csv
import gzip
import io
import zipfile
from dataclasses import dataclass
from datetime import date

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.examine import examine
from schemas import containers
from schemas.errors import Changed, IctdevError, Invalid
from schemas.number_text import readings
from schemas.source import Raw, Reading
from schemas.sources import readers
from tests.schemas.samples import EURO_HEAD, M49, asked, book
from warehouse.record import text_at
from warehouse.snapshots import Receipt, Snapshots


def _read(source: str, content: bytes, name: str = "file", edition: str = "") -> Reading:
    return readers()[source].read(Raw(content, name, edition=edition, received="2026-11-24"), asked(source))


def _figures(reading: Reading) -> dict[tuple[str, str], float]:
    table = reading.observations
    keys = zip(table["ref_area"].to_pylist(), table["time_period"].to_pylist(), strict=True)
    return dict(zip(keys, table["value"].to_pylist(), strict=True))


_DATA = [
    ["Data Source", "World Development Indicators"],
    ["Last Updated Date", "2024-06-28"],
    [],
    ["Country Name", "Country Code", "Indicator Name", "Indicator Code", "2021", "2022"],
    ["Senegal", "SEN", "Use", "IT.NET.USER.ZS", 58.1, 60],
    ["Ghana", "GHA", "Use", "IT.NET.USER.ZS", None, 69.8],
]
_META = [["Country Code", "Region", "TableName"], ["SEN", "Sub-Saharan Africa", "Senegal"]]


def _xls(**sheets: list[list[object]]) -> bytes:
    made = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = made.add_sheet(name)
        for number, cells in enumerate(rows):
            for at, cell in enumerate(cells):
                sheet.write(number, at, cell)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", [book, _xls])
def test_the_world_bank_s_excel_download(kind):
    sheets = {"Data": _DATA, "Metadata - Countries": _META, "Metadata - Indicators": [["INDICATOR_CODE"]]}
    reading = _read("world_bank", kind(**sheets))
    assert _figures(reading) == {("SEN", "2021"): 58.1, ("SEN", "2022"): 60.0, ("GHA", "2022"): 69.8}
    assert (reading.edition, reading.edition_assumed) == ("2024-06-28", False)
    assert "Data!row:5:2021" in reading.observations["record"].to_pylist()


_EXTRACT = [
    ["Country Name", "Country Code", "Series Name", "Series Code", "2018 [YR2018]", "2019 [YR2019]", "2020 [YR2020]"],
    ["Indonesia", "IDN", "Use", "IT.NET.USER.ZS", "39.9", "47.7", ".."],
]
_FOOT = ["Data from database: World Development Indicators", "Last Updated: 06/30/2021"]


def _csv(rows, delimiter: str = ",") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue()


@pytest.mark.parametrize("padded", [True, False])
def test_an_extract_of_databank(padded):
    foot = [[], [], *([line] + [""] * 6 * padded for line in _FOOT)]
    text = _csv([*_EXTRACT, *([*line, *[""] * (7 - len(line))] if padded else line for line in foot)])
    reading = _read("world_bank", text.encode())
    assert _figures(reading) == {("IDN", "2018"): 39.9, ("IDN", "2019"): 47.7}
    assert reading.edition == "2021-06-30"
    assert '"2019":"47.7"' in text_at(text.encode(), "row:1:2019")


def test_an_extract_of_databank_in_excel():
    sheets = {"Data": [*_EXTRACT, [], *([line] for line in _FOOT)], "Series - Metadata": [["Code", "Topic"]]}
    reading = _read("world_bank", book(**sheets))
    assert (_figures(reading), reading.edition) == ({("IDN", "2018"): 39.9, ("IDN", "2019"): 47.7}, "2021-06-30")


def test_m49_in_excel_writes_codes_as_numbers():
    head = next(csv.reader([M49.splitlines()[0]], delimiter=";"))
    uga = [
        1,
        "World",
        2,
        "Africa",
        202,
        "Sub-Saharan Africa",
        14,
        "Eastern Africa",
        "Uganda",
        800,
        "UG",
        "UGA",
        "x",
        "x",
    ]
    dza = [1, "World", 2, "Africa", 15, "Northern Africa", None, None, "Algeria", 12, "DZ", "DZA"]
    table = _read("classifications", book(Sheet1=[head, uga, dza])).tables["classification"].to_pylist()
    found = {(row["ref_area"], row["group_code"]) for row in table}
    assert found == {("UGA", group) for group in ("002", "202", "014", "LDC", "LLDC")} | {
        ("DZA", "002"),
        ("DZA", "015"),
    }


@pytest.mark.parametrize("sheet", ["Groups", "compositions"])
def test_both_layouts_of_class(sheet):
    prefix = "WB_" if sheet == "compositions" else ""
    names = [f"{prefix}{name}" for name in ("Group_Code", "Group_Name", "Country_Code", "Country_Name")]
    head = names if prefix else [name.replace("_", "") for name in names]
    content = book(
        **{"List of economies": [["Economy", "Code"]], sheet: [head, ["SSF", "Sub-Saharan Africa", "SEN", "Senegal"]]}
    )
    table = _read("classifications", content).tables["classification"].to_pylist()
    assert [(row["group_code"], row["ref_area"]) for row in table] == [("SSF", "SEN")]


_LINEAR = (
    "DATAFLOW,LAST UPDATE,freq,indic_is,unit,ind_type,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
    "ESTAT:ISOC_CI_IFP_IU(1.0),17/12/24 23:00:00,A,I_IU3,PC_IND,IND_TOTAL,FR,2023,91.12,,\n"
    "ESTAT:ISOC_CI_IFP_IU(1.0),17/12/24 23:00:00,A,I_IU3,PC_IND,IND_TOTAL,EL,2023,85.07,b,\n"
)
_LABELLED = (
    "DATAFLOW:Individuals,LAST UPDATE,freq:Time frequency,indic_is:Indicator,unit:Unit,ind_type:Type,geo:Entity,"
    "TIME_PERIOD:Time,OBS_VALUE,OBS_FLAG:Flag,CONF_STATUS\n"
    "ESTAT:ISOC_CI_IFP_IU(1.0),17/12/24 23:00:00,A:Annual,I_IU3:Use,PC_IND:Per cent,IND_TOTAL:All,FR:France,2023,91.12,,\n"
    "ESTAT:ISOC_CI_IFP_IU(1.0),17/12/24 23:00:00,A:Annual,I_IU3:Use,PC_IND:Per cent,IND_TOTAL:All,EL:Greece,2023,85.07,b:break,\n"
)
_TSV = (
    "freq,indic_is,unit,ind_type,geo\\TIME_PERIOD\t2022 \t2023 \n"
    "A,I_IU3,PC_IND,IND_TOTAL,FR\t: \t91.12 \nA,I_IU3,PC_IND,IND_TOTAL,EL\t: c\t85.07 b\n"
)


@pytest.mark.parametrize(
    ("text", "name", "edition"),
    [
        (_LINEAR, "isoc_linear.csv", "2024-12-17"),
        (_LABELLED, "isoc_linear.csv", "2024-12-17"),
        (_TSV, "estat_isoc_ci_ifp_iu.tsv", "2026-11-24"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_the_forms_that_eurostat_offers(text, name, edition, packed):
    content = gzip.compress(text.encode()) if packed else text.encode()
    reading = _read("eurostat", content, name + ".gz" * packed)
    assert _figures(reading) == {("FRA", "2023"): 91.12, ("GRC", "2023"): 85.07}
    assert reading.observations["obs_status"].to_pylist() == ["A", "B"]
    assert (reading.edition, reading.rejects.num_rows) == (edition, 0)
    assert "85.07" in text_at(content, reading.observations["record"].to_pylist()[1])


def test_a_tsv_that_does_not_say_its_dataflow_is_refused_with_what_to_do():
    with pytest.raises(Changed, match="isoc_ci_ifp_iu"):
        _read("eurostat", _TSV.encode(), "download.tsv")


_TODAY = (
    "Goal,Target,Indicator,SeriesCode,SeriesDescription,GeoAreaCode,GeoAreaName,TimePeriod,Value,Time_Detail,Source,"
    "FootNote,[Age],[Location],[Nature],[Reporting Type],[Sex],[Units]\n"
    '17,17.8,17.8.1,IT_USE_ii99,Use,686,Senegal,2020,50.5,2020,ITU,"",ALLAGE,ALLAREA,C,G,FEMALE,PERCENT\n'
)


def test_headings_in_brackets_and_an_edition_that_is_given():
    reading = _read("unsd_sdg", _TODAY.encode(), "export.csv", edition="2026.Q2.G.02")
    (row,) = reading.observations.to_pylist()
    assert (row["ref_area"], row["sex"], row["value"], row["edition"]) == ("SEN", "F", 50.5, "2026.Q2.G.02")
    assert not reading.edition_assumed


@dataclass(frozen=True)
class Table:
    """A table of some source: header, a row with `{area}`, `{value}` and `{note}` in it, and areas."""

    source: str
    head: str
    row: str
    areas: tuple[str, ...] = ("SEN", "GHA", "KEN")
    name: str = "export"


TABLES = {
    "world_bank": Table(
        "world_bank", "Country Name,Country Code,Indicator Name,Indicator Code,2019", "{note},{area},Use,IT.NET.USER.ZS,{value}"
    ),
    "databank": Table(
        "world_bank", "Country Name,Country Code,Series Name,Series Code,2019 [YR2019]", "{note},{area},Use,IT.NET.USER.ZS,{value}"
    ),
    "unsd_sdg": Table(
        "unsd_sdg", "SeriesCode,GeoAreaCode,TimePeriod,Value,ReleaseName,FootNote,[Sex],[Units]",
        "IT_USE_ii99,{area},2019,{value},2020.Q4.G.02,{note},FEMALE,PERCENT", ("686", "288", "404"),
    ),
    "data360": Table(
        "data360", "STRUCTURE,INDICATOR,REF_AREA,SEX,AGE,URBANISATION,TIME_PERIOD,OBS_VALUE,OBS_STATUS,COMMENT_OBS",
        "d,ITU_DH_POP_COV_4G,{area},_T,_T,_T,2020,{value},A,{note}",
    ),
    "itu_datahub": Table(
        "itu_datahub", "seriesID,seriesCode,seriesName,seriesParent,entityIso,dataValue,dataYear,dataNote,dataSource",
        "1,i99H,Use,,{area},{value},2020,{note},survey",
    ),
    "eurostat": Table(
        "eurostat", EURO_HEAD.strip(), "dataflow,ESTAT:isoc_ci_ifp_iu(1.0),A,I_IU3,PC_IND,IND_TOTAL,{area},2020,{value},,",
        ("EL", "FR", "SE"),
    ),
    "submission": Table(
        "submission", "INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,COMMENT_OBS", "internet_users,{area},2025,F,{value},{note}"
    ),
    "idi": Table("itu_workbooks", "edition,ref_area,internet_users_pct,note", "2024,{area},{value},{note}"),
    "stocktaking": Table(
        "stocktaking", "Project ID,Title,Country,Year,Action Lines", "{area},{note},{area},2019,C2"
    ),
}  # fmt: skip
_NOTES = st.sampled_from(["", "survey", "Enquête auprès des ménages", "l’année", "a b, c d", "Encuesta de niños"])
_VALUES = st.decimals(min_value=0, max_value=100, places=2).map(lambda value: f"{value.normalize():f}")


def _rows(table: Table, values: list[str], notes: list[str]) -> list[list[str]]:
    row = table.row.split(",")
    filled = [
        [cell.format(area=area, value=value, note=note) for cell in row]
        for area, value, note in zip(table.areas, values, notes, strict=True)
    ]
    return [table.head.split(","), *filled]


def _typed(cell: str) -> object:
    """Type a cell as a spreadsheet does when a person types it."""
    try:
        return float(cell)
    except ValueError:
        return cell or None


def _zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
        archive.writestr("Metadata_Country_x.csv", "a,b\n")
        archive.writestr("__MACOSX/._x.csv", "a,b\n")
    return buffer.getvalue()


FORMS = {
    "csv": lambda rows: _csv(rows).encode(),
    "tsv": lambda rows: _csv(rows, "\t").encode(),
    "semicolon": lambda rows: _csv(rows, ";").encode("utf-8-sig"),
    "semicolon with a hint": lambda rows: b"sep=;\r\n" + _csv(rows, ";").encode(),
    "utf-16": lambda rows: _csv(rows, "\t").encode("utf-16"),
    "utf-16 without a mark": lambda rows: _csv(rows, "\t").encode("utf-16-le"),
    "windows-1252": lambda rows: _csv(rows).encode("cp1252"),
    "gz": lambda rows: gzip.compress(_csv(rows).encode()),
    "zip": lambda rows: _zipped("table.csv", _csv(rows).encode()),
    "zip of gz of utf-16": lambda rows: _zipped("table.csv.gz", gzip.compress(_csv(rows).encode("utf-16"))),
    "xlsx of texts": lambda rows: book(Notes=[["about"]], Sheet1=rows),
    "xlsx of numbers": lambda rows: book(Sheet1=[[_typed(cell) for cell in row] for row in rows]),
    "xls": lambda rows: _xls(Sheet1=rows),
    "zip of xlsx": lambda rows: _zipped("table.xlsx", book(Sheet1=rows)),
}


def _said(reading: Reading) -> list[dict[str, object]]:
    """What a reading says, without the place in the file."""
    left = ("snapshot", "record")
    rows = [*reading.observations.to_pylist(), *reading.rejects.to_pylist()]
    rows += [row for table in reading.tables.values() for row in table.to_pylist()]
    return [{name: value for name, value in row.items() if name not in left} for row in rows]


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=40, deadline=None)
@given(form=st.sampled_from(sorted(FORMS)), values=st.lists(_VALUES, min_size=3, max_size=3), notes=st.lists(_NOTES, min_size=3, max_size=3))  # fmt: skip
def test_a_table_says_the_same_in_every_form(name, form, values, notes):
    table = TABLES[name]
    rows = _rows(table, values, notes)
    expected = _read(table.source, _csv(rows).encode(), table.name)
    content = FORMS[form](rows)
    reading = _read(table.source, content, table.name)
    assert _said(reading) == _said(expected)
    for record in reading.observations["record"].to_pylist()[:1]:
        assert "was not found" not in text_at(content, record)


@pytest.mark.parametrize("name", [name for name in TABLES if name != "stocktaking"])
@settings(max_examples=15, deadline=None)
@given(values=st.lists(_VALUES, min_size=3, max_size=3), more=st.sampled_from(["0,5", "78,9", "12,3456"]))
def test_a_decimal_comma_is_a_decimal_comma(name, values, more):
    table = TABLES[name]
    values = [more.replace(",", "."), *values[1:]]
    expected = _read(table.source, _csv(_rows(table, values, [""] * 3)).encode(), table.name)
    written = [value.replace(".", ",") for value in values]
    reading = _read(table.source, _csv(_rows(table, written, [""] * 3), ";").encode("utf-8-sig"), table.name)
    assert _said(reading) == _said(expected)


@settings(max_examples=300, deadline=None)
@given(
    numbers=st.lists(st.decimals(min_value=0, max_value=9_999_999, places=3), min_size=1, max_size=6),
    comma=st.booleans(), grouped=st.booleans(),
)  # fmt: skip
def test_a_number_in_any_style_is_itself_or_none(numbers, comma, grouped):
    """Never another number: what could be two is none."""
    written = [f"{number:,f}" if grouped else f"{number:f}" for number in numbers]
    texts = [text.translate(str.maketrans(",.", ".,")) if comma else text for text in written]
    for text, read, number in zip(texts, readings(texts), numbers, strict=True):
        assert read is None or float(read) == float(number), text


def test_a_windows_file_is_read_and_noted():
    text = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,COMMENT_OBS\ninternet_users,SEN,2023,56.8,Enquête auprès des ménages\n"
    reading = _read("submission", text.encode("cp1252"))
    assert reading.observations["note"].to_pylist() == ["Enquête auprès des ménages"]
    assert "Windows-1252" in reading.notices[0]


def test_what_was_concluded_of_a_file_is_said_in_the_run(tmp_path):
    text = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,COMMENT_OBS\ninternet_users,SEN,2023,56.8,Enquête\n"
    snapshots = Snapshots(tmp_path)
    content = text.encode("cp1252")
    receipt = Receipt(snapshots.put(content), "submission", "file", "senegal.csv", "", "2026-11-24", len(content))
    outcome = examine("submission", [receipt], [], snapshots, date(2026, 11, 24))
    assert any("Windows-1252" in remark for remark in outcome.remarks)


@pytest.mark.parametrize(
    "note", ["Опрос домохозяйств".encode("cp1251"), "住户调查".encode("gb18030"), "Průzkum domácností".encode("cp1250"),
             "Enquête".encode("cp850"), "Enquête".encode("mac-roman"), "été".encode() + "é".encode("cp1252")]
)  # fmt: skip
def test_an_encoding_that_could_be_another_is_refused_with_what_to_do(note):
    with pytest.raises(Invalid, match="UTF-8"):
        _read(
            "submission",
            b"INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,COMMENT_OBS\ninternet_users,SEN,2023,56.8," + note + b"\n",
        )


_PLAIN = _csv(_rows(TABLES["data360"], ["1.5", "2.5", "3.5"], ["", "", ""])).encode()


@pytest.mark.parametrize(
    "content",
    [
        _PLAIN[: _PLAIN.rindex(b"2020")],
        gzip.compress(_PLAIN)[:-12],
        _zipped("table.csv", _PLAIN)[:-40],
        _PLAIN.decode().encode("utf-16")[:-3],
        (_PLAIN + "é".encode()[:1]),
    ],
)
def test_a_download_that_was_cut_off_is_called_so(content):
    with pytest.raises(IctdevError, match="cut off"):
        _read("data360", content)


@pytest.mark.parametrize(
    "content",
    [_PLAIN.replace(b"1.5,A,", b"1.5,A,a, b, c"), _PLAIN.replace(b"d,ITU", b"ITU", 1), _PLAIN.replace(b",", b":")],
)
def test_another_fault_is_not_called_a_download_cut_off(content):
    with pytest.raises(Changed) as caught:
        _read("data360", content)
    assert "cut" not in str(caught.value)


def test_a_zip_of_several_tables_says_which():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("a.csv", "b.csv"):
            archive.writestr(name, _PLAIN)
    with pytest.raises(Changed, match=r"2 members that fit.*a\.csv, b\.csv"):
        _read("data360", buffer.getvalue())


def test_a_workbook_with_such_a_table_on_two_sheets_says_which():
    rows = _rows(TABLES["data360"], ["1", "2", "3"], [""] * 3)
    with pytest.raises(Changed, match="on A, B"):
        _read("data360", book(A=rows, B=rows))


def test_bytes_of_a_gzip_bomb_are_not_unpacked(monkeypatch):
    monkeypatch.setattr(containers, "MAX_EXPANDED", 1_000_000)
    with pytest.raises(Invalid, match="larger than it may be"):
        _read("data360", gzip.compress(b"a,b\n" * 1_000_000))
