"""However an answer is parted into pages and files within one run, in whatever order, the history is the same."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.answers import Part, united
from flows.coverage import covering
from flows.plan import wanted
from schemas.observation import OBSERVATION
from schemas.source import Raw
from schemas.sources import readers
from tests.exchanges import page, row
from tests.schemas.samples import EURO_HEAD, ITU_HEAD, SDG_RECORD, book, form
from warehouse.history import stage
from warehouse.home import Home
from warehouse.snapshots import Receipt
from warehouse.store import Store

Record = tuple[str, int, float]
"""Area, year, value."""
AREAS = ("SEN", "GHA", "KEN")
YEARS = (2018, 2019, 2020)
PLACES = tuple((area, year) for area in AREAS for year in YEARS)
M49 = {"SEN": "686", "GHA": "288", "KEN": "404"}
ISO2 = {"SEN": "SE", "GHA": "FI", "KEN": "DK"}  # Eurostat has none of ours


@dataclass(frozen=True)
class Shape:
    """How a source's records are written, and the series that they are of."""

    source: str
    write: Callable[[Sequence[Record], int, str], bytes]
    """Of records, the number of records in the whole answer, and the edition."""
    series: str
    paged: bool = False
    """True where a publisher is asked and answers in pages; else they are files."""


def _lines(head: str, rows: Iterator[str]) -> bytes:
    return (head + "".join(rows)).encode()


def _world_bank_csv(records: Sequence[Record], _: int, edition: str) -> bytes:
    found = {(area, year): value for area, year, value in records}
    years = ",".join(f'"{year}"' for year in YEARS)
    head = (
        f'"Last Updated Date","{edition}",\n"Country Name","Country Code","Indicator Name","Indicator Code",{years},\n'
    )
    return _lines(
        head,
        (
            f'"{area}","{area}","Use","IT.NET.USER.ZS",'
            + ",".join(f'"{found.get((area, year), "")}"' for year in YEARS)
            + ",\n"
            for area in sorted({area for area, _, _ in records})
        ),
    )


def _world_bank_page(records: Sequence[Record], total: int, edition: str) -> bytes:
    return page(*(row(area, str(year), value) for area, year, value in records), total=total, updated=edition)


def _sdg_page(records: Sequence[Record], total: int, _: str) -> bytes:
    data = [
        {**SDG_RECORD, "geoAreaCode": M49[area], "timePeriodStart": float(year), "value": str(value)}
        for area, year, value in records
    ]
    return json.dumps({"totalElements": total, "totalPages": 9, "data": data}).encode()


def _sdg_csv(records: Sequence[Record], _: int, edition: str) -> bytes:
    head = "SeriesCode,GeoAreaCode,TimePeriod,Value,ReleaseName,Units,Nature,Sex\n"
    return _lines(
        head,
        (f"IT_USE_ii99,{M49[area]},{year},{value},{edition},PERCENT,C,BOTHSEX\n" for area, year, value in records),
    )


def _data360_csv(records: Sequence[Record], _: int, __: str) -> bytes:
    head = "STRUCTURE,INDICATOR,REF_AREA,SEX,AGE,URBANISATION,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
    return _lines(head, (f"d,ITU_DH_POP_COV_4G,{area},_T,_T,_T,{year},{value},A\n" for area, year, value in records))


def _data360_page(records: Sequence[Record], total: int, _: str) -> bytes:
    value = [
        {"INDICATOR": "ITU_DH_POP_COV_4G", "REF_AREA": area, "TIME_PERIOD": str(year), "OBS_VALUE": str(value)}
        for area, year, value in records
    ]
    return json.dumps({"count": total, "value": value}).encode()


def _itu(records: Sequence[Record], _: int, __: str) -> bytes:
    return _lines(ITU_HEAD, (f"1,i99H,Use,,{area},{value},{year},,ITU estimate.\n" for area, year, value in records))


def _eurostat(records: Sequence[Record], _: int, __: str) -> bytes:
    flow = "dataflow,ESTAT:isoc_ci_ifp_iu(1.0),A,I_IU3,PC_IND,IND_TOTAL"
    return _lines(EURO_HEAD, (f"{flow},{ISO2[area]},{year},{value},,\n" for area, year, value in records))


def _uis(records: Sequence[Record], _: int, __: str) -> bytes:
    one = {"indicatorId": "SCHBSP.1.WINTERN", "magnitude": None, "qualifier": None}
    found = [{**one, "geoUnit": area, "year": year, "value": value} for area, year, value in records]
    return json.dumps({"records": found}).encode()


def _prices(records: Sequence[Record], _: int, edition: str) -> bytes:
    found = {(area, year): value for area, year, value in records}
    head: list[object] = ["IsoCode", "Economy", "basket_combined_simplified", "Unit", "Code", *YEARS]
    rows: list[list[object]] = [
        [area, area, "Fixed", "GNIpc", "i154_FBB_ts_GNI", *(found.get((area, year), "NA") for year in YEARS)]
        for area in sorted({area for area, _, _ in records})
    ]
    sheets: dict[str, list[list[object]]] = {"economies_2008-2023": [head, *rows]}
    return book(Overview=[["Release date:", edition]], **sheets)


def _form(records: Sequence[Record], _: int, edition: str) -> bytes:
    figures = [("internet_users", str(year), "", "", "", "", value, "", "") for _, year, value in records]
    return form(*figures, area=records[0][0], day=edition)


def _submitted(records: Sequence[Record], _: int, edition: str) -> bytes:
    head = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,EDITION\n"
    return _lines(head, (f"internet_users,{area},{year},{value},{edition}\n" for area, year, value in records))


SHAPES = {
    "world_bank pages": Shape("world_bank", _world_bank_page, "IT.NET.USER.ZS", paged=True),
    "world_bank files": Shape("world_bank", _world_bank_csv, "IT.NET.USER.ZS"),
    "unsd_sdg pages": Shape("unsd_sdg", _sdg_page, "IT_USE_ii99", paged=True),
    "unsd_sdg files": Shape("unsd_sdg", _sdg_csv, "IT_USE_ii99"),
    "data360 pages": Shape("data360", _data360_page, "ITU_DH_POP_COV_4G", paged=True),
    "data360 files": Shape("data360", _data360_csv, "ITU_DH_POP_COV_4G"),
    "itu_datahub": Shape("itu_datahub", _itu, "i99H"),
    "eurostat": Shape("eurostat", _eurostat, "isoc_ci_ifp_iu:I_IU3:PC_IND"),
    "uis": Shape("uis", _uis, "SCHBSP.1.WINTERN"),
    "itu_workbooks": Shape("itu_workbooks", _prices, "i154_FBB_ts_GNI"),
    "submission csv": Shape("submission", _submitted, "internet_users"),
}
"""Every shape whose records can lie in several pages or files. Registers count their rows, tiles have one file each."""


def parts(shape: Shape, split: Sequence[Sequence[Record]], edition: str, *, whole: bool) -> list[Part]:
    """Read the parts of an answer."""
    total = sum(len(records) for records in split)
    found = []
    for number, records in enumerate(split, start=1):
        edition_told = "" if shape.source in {"world_bank", "submission", "itu_workbooks"} else edition
        raw = Raw(shape.write(records, total, edition), f"answer page {number}", "https://x/country/all/", edition_told)
        reading = readers()[shape.source].read(raw, wanted(shape.source))
        more: dict[str, Any] = {"series": (shape.series,)} if shape.paged else {}
        receipt = Receipt(
            raw.sha256, shape.source, "fetched" if shape.paged else "file", raw.name, raw.url, "2026-11-26", 1,
            page=number if shape.paged else 1, whole=whole or shape.paged, **more,
        )  # fmt: skip
        found.append(Part(receipt, covering(reading, receipt, readers()[shape.source].SOURCE)))
    return found


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(Home(tmp_path_factory.mktemp("split"))) as opened:
        yield opened


def history(store: Store, *runs: Sequence[Part]) -> list[tuple[Any, ...]]:
    """Stage runs one after the other, give the history without what tells one file from another, and take it back."""
    kept = [name for name in OBSERVATION.names if name not in {"snapshot", "record"}]
    clocks = "edition_date, edition_seen, edition_seen_date, vintage_from, vintage_to, cause_from, cause_to"
    store.con.execute("BEGIN")
    try:
        for day, run in enumerate(runs, start=1):
            for answer in united(run):
                stage(store.con, answer.reading, datetime(2026, 11, day), "source revised")
        rows = store.con.execute(f"SELECT {', '.join(kept)}, {clocks} FROM store.history ORDER BY ALL").fetchall()
    finally:
        store.con.execute("ROLLBACK")
    return rows


FIGURES = st.dictionaries(st.sampled_from(PLACES), st.integers(10, 60).map(float), min_size=2)


@st.composite
def splits(draw: st.DrawFn, records: list[Record]) -> list[list[Record]]:
    """Part records into pages in any order; some stand in two of them."""
    homes = [draw(st.sets(st.integers(0, 2), min_size=1, max_size=2)) for _ in records]
    found = [[one for one, places in zip(records, homes, strict=True) if at in places] for at in range(3)]
    return draw(st.permutations([part for part in found if part]))


@pytest.mark.parametrize("name", SHAPES)
@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_history_is_the_same_for_any_split(store: Store, name: str, data: st.DataObject) -> None:
    shape = SHAPES[name]
    before, now = ([(*place, value) for place, value in data.draw(FIGURES).items()] for _ in range(2))
    whole = data.draw(st.booleans())
    first = parts(shape, [before], "2026-01-01", whole=whole)
    one = history(store, first, parts(shape, [now], "2026-06-01", whole=whole))
    split = parts(shape, data.draw(splits(now)), "2026-06-01", whole=whole)
    assert history(store, first, split) == one
    assert history(store, first, split, split) == one


@pytest.mark.parametrize("name", [name for name in SHAPES if SHAPES[name].paged])
def test_pages_parted_inside_one_country_lose_nothing_and_change_nothing_again(store: Store, name: str) -> None:
    shape = SHAPES[name]
    records = [(area, year, 50.0) for area, year in PLACES]
    split = [records[:4], records[4:]]
    once = history(store, parts(shape, split, "2026-06-01", whole=True))
    assert len(once) == len(records)
    assert history(store, *[parts(shape, split, "2026-06-01", whole=True)] * 3) == once


@pytest.mark.parametrize("name", [name for name in SHAPES if SHAPES[name].paged])
def test_a_whole_answer_in_pages_removes_what_is_gone(store: Store, name: str) -> None:
    shape = SHAPES[name]
    records = [(area, year, 50.0) for area, year in PLACES]
    first = parts(shape, [records], "2026-01-01", whole=True)
    found = history(store, first, parts(shape, [records[1:4], records[4:]], "2026-06-01", whole=True))
    assert [cells[1:3] for cells in found if cells[-1] == "source removed"] == [("SEN", "2018")]


@pytest.mark.parametrize("name", SHAPES)
def test_files_of_years_with_others_between_are_whole_together(store: Store, name: str) -> None:
    shape = SHAPES[name]
    records = [("SEN", year, 50.0) for year in YEARS]
    first = parts(shape, [records], "2026-01-01", whole=True)
    one = history(store, first, parts(shape, [[records[0], records[2]]], "2026-06-01", whole=True))
    assert [cells[2] for cells in one if cells[-1] == "source removed"] == ["2019"]
    assert history(store, first, parts(shape, [records[:1], records[2:]], "2026-06-01", whole=True)) == one


def test_two_forms_of_one_country_are_one_answer(store: Store) -> None:
    shape = Shape("submission", _form, "internet_users")
    records = [("SEN", year, 50.0) for year in YEARS]
    whole = history(store, parts(shape, [records], "2026-06-01", whole=False))
    assert history(store, parts(shape, [records[2:], records[:2]], "2026-06-01", whole=False)) == whole
