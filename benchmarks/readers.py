"""Each reader on a publisher's real file of more than 1 MB, against the fastest plain reading of the same bytes.

Plain reading: DuckDB's `read_csv` or `read_json` with explicit columns into a table, openpyxl's bare iteration for
workbooks. The plain reading understands nothing: it makes text of cells.
"""

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.cost import best
from schemas.source import Raw, Series

PAYLOADS = Path(os.environ.get("ICTDEV_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
PAGE = PAYLOADS / "world_bank/http_exchanges/wb_gdp_all.json"
GDP = Series(indicator="gni_per_capita", code="NY.GDP.MKTP.CD", unit="current_usd")

FILES = (
    ("itu_datahub", "itu/datahub_csv/individuals-using-the-internet_2025-08.csv"),
    ("itu_datahub", "itu/datahub_csv/fixed-broadband-subscriptions_2025-08.csv"),
    ("itu_datahub", "itu/datahub_csv/active-mobile-broadband-subscriptions_2025-08.csv"),
    ("data360", "world_bank/data360/ITU_DH_INT_USR_DAY.csv"),
    ("data360", "world_bank/data360/ITU_DH_POP_COV_4G.csv"),
    ("unsd_sdg", "unsd/portal_xlsx_2019Q1/Data_4.4.1_SE_ADT_ACTS.xlsx"),
    ("unsd_sdg", "unsd/portal_xlsx_2019Q1/Data_17.6.2_IT_NET_BBN.xlsx"),
    ("unsd_sdg", "unsd/portal_xlsx_2019Q1/Data_9.c.1_IT_MOB_NTWK.xlsx"),
    ("itu_workbooks", "itu/workbooks/ITU_ICTPriceBaskets_2008-2023.xlsx"),
)


def lines() -> Iterator[str]:
    """Give one line per file: figures a second, and how many times the plain reading ours takes."""
    yield page_line()
    from flows.plan import wanted
    from schemas.sources import readers

    for source, name in FILES:
        path = PAYLOADS / name
        if not path.exists():
            yield f"{name}: not measured, the real payload is not at hand (ICTDEV_TEST_DATA)"
            continue
        raw = Raw(path.read_bytes(), path.name, received="2026-11-24")
        figures = readers()[source].read(raw, wanted(source)).observations.num_rows
        own = best(lambda raw=raw, source=source: readers()[source].read(raw, wanted(source)))  # type: ignore[misc]
        plain = best(_plain(path))
        yield f"{path.name[:44]:<44} {figures / own:10,.0f} figures/s   {own / plain:.1f} × plain ({plain:.3f} s)"


def page_line() -> str:
    """Give the line of the 17,290-row page of the World Bank, against DuckDB's JSON reader with explicit columns."""
    from schemas.sources import world_bank

    if not PAGE.exists():
        return "page of 17,290 rows: not measured, the real payload is not at hand"
    body = json.loads(PAGE.read_text(encoding="utf-8"))[0]["response"]["body"]
    raw = Raw(body.encode(), "page", "https://api.worldbank.org/v2/country/all/indicator/NY.GDP.MKTP.CD")
    own, rows = best(lambda: world_bank.read(raw, [GDP])), json.loads(body)[1]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.json"
        path.write_text(json.dumps(rows), encoding="utf-8")
        plain = best(lambda: _duckdb(f"read_json('{path}', format = 'array', columns = {_JSON})"))
    return f"{'World Bank page':<44} {len(rows) / own:10,.0f} rows/s      {own / plain:.1f} × plain ({plain:.3f} s)"


_JSON = {
    "indicator": "STRUCT(id VARCHAR, value VARCHAR)", "country": "STRUCT(id VARCHAR, value VARCHAR)",
    "countryiso3code": "VARCHAR", "date": "VARCHAR", "value": "DOUBLE", "unit": "VARCHAR", "obs_status": "VARCHAR",
    "decimal": "INTEGER",
}  # fmt: skip


def _plain(path: Path) -> Callable[[], object]:
    if path.suffix == ".xlsx":
        return lambda: _iterate(path)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        columns = dict.fromkeys(next(csv.reader(handle)), "VARCHAR")
    options = f"header = true, auto_detect = false, delim = ',', quote = '\"', columns = {columns}"
    return lambda: _duckdb(f"read_csv('{path}', {options})")


def _duckdb(source: str) -> None:
    import duckdb

    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE plain AS FROM {source}")


def _iterate(path: Path) -> int:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True)
    return sum(1 for sheet in book.worksheets for _ in sheet.iter_rows(values_only=True))
