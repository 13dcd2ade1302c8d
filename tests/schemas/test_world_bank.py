import io
import json
import zipfile

import pyarrow.compute as pc
import pytest

from schemas.errors import Changed, Empty, IctdevError, Invalid, Unavailable
from schemas.source import Raw, Reading, Request
from schemas.sources import world_bank
from tests.exchanges import GDP, NET, OUTAGE, REFUSAL, page, recorded, row
from tests.payloads import payload


def _raw(content: bytes, name: str = "answer", url: str = "", edition: str = "") -> Raw:
    return Raw(content, name, url, edition)


def _value(reading: Reading, area: str, year: int) -> float:
    rows = reading.observations.filter((pc.field("ref_area") == area) & (pc.field("year") == year))
    assert rows.num_rows == 1
    return rows["value"][0].as_py()


def _download(name: str) -> Raw:
    path = payload(f"world_bank/ds2_csv/{name}")
    return Raw(path.read_bytes(), path.name)


OLD, NEW = "API_IT.NET.USER.ZS_DS2_en_csv_v2_889089.csv", "API_IT.NET.USER.ZS_DS2_en_csv_v2_33086.csv"


@pytest.mark.payloads
@pytest.mark.parametrize(("name", "edition", "value"), [(OLD, "2020-03-18", 49.72), (NEW, "2026-07-13", 46.3)])
def test_world_use_of_2017_differs_between_two_downloads(name, edition, value):
    reading = world_bank.read(_download(name), [NET])
    assert (reading.edition, reading.edition_assumed) == (edition, False)
    assert _value(reading, "WLD", 2017) == pytest.approx(value, abs=0.005)


@pytest.mark.payloads
def test_every_filled_cell_of_a_download_becomes_a_figure():
    raw = _download(NEW)
    lines = raw.content.decode("utf-8-sig").splitlines()
    header = next(number for number, line in enumerate(lines) if line.startswith("Country Name"))
    cells = sum(sum(bool(cell) for cell in line.split(",")[-66:]) for line in lines[header + 1 :])
    reading = world_bank.read(raw, [NET])
    assert reading.observations.num_rows + reading.rejects.num_rows == cells
    assert reading.rejects.num_rows == 0


@pytest.mark.payloads
def test_a_zip_reads_as_the_csv_inside_it():
    raw = _download(OLD)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Metadata_Country_API_IT.NET.USER.ZS.csv", "x")
        archive.writestr(raw.name, raw.content)
    packed = world_bank.read(_raw(buffer.getvalue(), "download.zip"), [NET])
    plain = world_bank.read(raw, [NET])
    assert packed.observations["value"].equals(plain.observations["value"])
    assert packed.observations["record"][0].as_py() == f"{raw.name}!{plain.observations['record'][0].as_py()}"


@pytest.mark.payloads
def test_a_page_of_17290_rows_is_read_whole():
    body = recorded("wb_gdp_all")["body"].encode()
    reading = world_bank.read(
        _raw(body, url="https://api.worldbank.org/v2/country/all/indicator/NY.GDP.MKTP.CD"), [GDP]
    )
    filled = sum(1 for one in json.loads(body)[1] if one["value"] is not None)
    assert reading.observations.num_rows + reading.rejects.num_rows == filled
    assert reading.blanks == 17290 - filled
    assert reading.rejects.num_rows == 0
    assert reading.edition == "2025-07-01"


@pytest.mark.payloads
def test_income_groups_without_alpha3_code_are_told_by_their_two_letters():
    path = payload("world_bank/api_v2/IT.NET.USER.ZS.json")
    reading = world_bank.read(Raw(path.read_bytes(), path.name, edition="2025-01-01"), [NET])
    areas = set(reading.observations["ref_area"].to_pylist())
    assert {"HIC", "LIC", "LMC", "UMC", "WLD", "LDC"} <= areas
    assert reading.rejects.num_rows == 0


@pytest.mark.payloads
def test_an_answer_for_some_economies_speaks_of_no_others():
    path = payload("world_bank/api_v2/wb_IT.NET.SECR.P6.json")
    address = json.loads(path.with_name(f"{path.name}.meta.json").read_text())["url"]
    servers = type(NET)(indicator="secure_servers", code="IT.NET.SECR.P6", unit="per_million_inhabitants")
    reading = world_bank.read(Raw(path.read_bytes(), path.name, address), [servers])
    assert reading.scopes == ()
    assert len(set(reading.observations["ref_area"].to_pylist())) == 12


def test_a_whole_answer_speaks_of_every_economy():
    address = "https://api.worldbank.org/v2/country/all/indicator/IT.NET.USER.ZS?date=2010:2024"
    reading = world_bank.read(_raw(page(row()), url=address), [NET])
    assert [(scope.series_code, scope.areas, scope.years) for scope in reading.scopes] == [
        (NET.code, None, (2010, 2024))
    ]
    assert reading.edition == "2026-07-13"


def test_pages_are_asked_for_until_the_envelope_says_enough():
    first = next(iter(world_bank.plan(world_bank.SOURCE, [NET])))
    second = world_bank.next_page(first, page(row(), pages=2))
    assert isinstance(second, Request)
    assert second.params["page"] == "2"
    assert world_bank.next_page(second, page(row(), number=2, pages=2)) is None


def test_the_figure_keeps_number_status_note_and_place():
    reading = world_bank.read(_raw(page(row(value=50.123456789012, obs_status="E", footnote="a note"))), [NET])
    figure = reading.observations.to_pylist()[0]
    assert figure["value"] == 50.123456789012
    assert (figure["obs_status"], figure["note"], figure["record"]) == ("E", "a note", "json:/1/0")


def test_an_unknown_area_becomes_a_reject_that_names_it():
    reading = world_bank.read(_raw(page(row(), row(area="ZZZ"))), [NET])
    assert reading.observations.num_rows == 1
    assert reading.rejects.to_pylist()[0] == {
        "source": "world_bank",
        "snapshot": reading.rejects["snapshot"][0].as_py(),
        "record": "json:/1/1",
        "reason": "unmapped_area",
        "detail": "ZZZ",
        "series_code": NET.code,
    }


def _zip_cut_off() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("API_X.csv", "Country Name,Country Code\n" * 50)
    return buffer.getvalue()[:-40]


BAD = {
    "empty": (b"", Empty, "empty"),
    "html": (OUTAGE, Changed, "HTML"),
    "xml": (b"<?xml version='1.0'?><wb:error/>", Changed, "World Bank"),
    "refused with status 200": (REFUSAL, Unavailable, "Invalid value"),
    "cut off": (page(row())[:-20], Changed, "not JSON"),
    "another envelope": (b'{"data": []}', Changed, "two-part list"),
    "no rows": (page(), Empty, "no rows"),
    "row without a date": (json.dumps([{"page": 1, "pages": 1}, [{"indicator": {"id": "X"}}]]).encode(), Changed, ""),
    "zip cut off": (_zip_cut_off(), Invalid, "damaged zip"),
    "zip of something else": (b"PK\x05\x06" + bytes(18), Changed, "0 members"),
    "csv of something else": (b"a,b\n1,2\n", Changed, "neither an API answer nor"),
    "download without years": (
        b"Country Name,Country Code,Indicator Name,Indicator Code\nA,SEN,x,IT.NET.USER.ZS\n",
        Changed,
        "year",
    ),
    "another series": (page(row(indicator={"id": "XX", "value": ""})), Empty, "no figure of a series"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_answer_is_told_apart(case):
    content, kind, words = BAD[case]
    with pytest.raises(kind) as caught:
        world_bank.read(_raw(content), [NET])
    assert isinstance(caught.value, IctdevError)
    assert words in str(caught.value)
