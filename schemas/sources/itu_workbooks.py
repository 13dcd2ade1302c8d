"""ITU's workbooks: ICT price baskets (2008–2023, and the newer layout), internet use by sex and by town and country.

Tables of inputs and scores of the ICT Development Index, as CSV, come in by the same name (`schemas/idi_table.py`).

What a basket holds changed over the years; each definition is a breakdown of its own, so that no line is drawn
through a change of definition.
"""

import re
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from schemas import idi_table
from schemas.area_names import by_name
from schemas.columns import UNKNOWN, Layout, totals, unknown_cells
from schemas.containers import is_workbook, unpacked
from schemas.errors import Changed
from schemas.grid import Grid
from schemas.in_force import plain
from schemas.observation import TOTAL
from schemas.reading import Origin, assemble
from schemas.source import CC_BY_NC_SA_3_0_IGO, Raw, Reading, Request, Scope, Series, Source, no_facts, one_answer
from schemas.tables import noted
from schemas.workbook import Workbook, year_columns

SOURCE = Source(
    id="itu_workbooks",
    title="ITU, workbooks of ICT price baskets and of internet use by sex, tables of the ICT Development Index",
    publisher="International Telecommunication Union",
    address="https://www.itu.int/en/ITU-D/Statistics/Documents",
    licence=CC_BY_NC_SA_3_0_IGO,
    citation="ITU, {edition}",
    cadence="yearly",
    area_scheme="itu",
    routes=("download the workbook from itu.int and give it: ictdev refresh --from-file itu_workbooks=FILE.xlsx",),
    release_key="`Release date` on the sheet Overview; else day of arrival",
    economies=100,
    first_year=2008,
)

PRICES = "ICT_Prices/ITU_ICTPriceBaskets_2008-2025.xlsx"
BY_SEX = "individuals_by_sex"
"""Our code of the table of internet use by sex: the workbook has none."""
_BASKETS: tuple[tuple[str, int, int, str], ...] = (
    ("i154_FBB", 2008, 2017, "BASKET_FBB_1GB"),
    ("i154_FBB", 2018, 9999, "BASKET_FBB_5GB"),
    ("i271mb_low", 2018, 9999, "BASKET_LOW_70M_500MB"),
    ("i271mb_high", 2018, 2020, "BASKET_HIGH_140M_1500MB"),
    ("i271mb_high", 2021, 9999, "BASKET_HIGH_140M_2GB"),
    ("i271mb", 2008, 2017, "BASKET_DATA_PC_1GB"),
    ("i271mb", 2018, 2020, "BASKET_DATA_1500MB"),
    ("i271mb", 2021, 2024, "BASKET_DATA_2GB"),
    ("i271mb", 2025, 9999, "BASKET_DATA_5GB"),
    ("i154_MobLow", 2008, 2017, "BASKET_CELL_30C_100SMS"),
    ("i154_MobLow", 2018, 9999, "BASKET_CELL_70M_20SMS"),
)
"""Stem of the series' code, first and last year of data, our code of the definition (sheet BasketHistory)."""
_UNITS = {"GNIpc": "GNI", "PPP": "PPP", "USD": "$"}
_TRIALS = {"1GB": "BASKET_DATA_1GB_TRIAL", "2GB": "BASKET_DATA_2GB_TRIAL", "5GB": "BASKET_DATA_5GB_TRIAL",
           "10GB": "BASKET_DATA_10GB_TRIAL"}  # fmt: skip
_SEX_COLUMNS = ((4, TOTAL, TOTAL), (6, "M", TOTAL), (8, "F", TOTAL), (11, TOTAL, "U"), (13, "M", "U"), (15, "F", "U"),
                (18, TOTAL, "R"), (20, "M", "R"), (23, "F", "R"))  # fmt: skip
"""Place of a column in the table by sex, and what it tells: sex, residence."""
_COLUMNS = ("series_code", "area", "time_period", "value", "sex", "urbanisation", "breakdown", "obs_status", "record",
            UNKNOWN)  # fmt: skip
_LAYOUT = Layout(
    dimensions=("IsoCode", "Unit", "Code"),
    ignored=("Economy", "basket_combined_simplified", "Basket", "ITURegion", "LDC", "LLDC", "SIDS", "Income", ""),
    pattern=r"_\d+|\d{4}|Income_\d{4}|(?i:basket).*",
)  # fmt: skip
Record = tuple[str, ...]

next_page = one_answer
page_facts = no_facts


def plan(source: Source, series: Sequence[Series]) -> Iterator[Request]:
    """One request: the price workbook holds all baskets."""
    if any(one.code != BY_SEX and not one.code.startswith(idi_table.CODES) for one in series):
        yield Request(f"{source.address}/{PRICES}")


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read a workbook by its sheets, or a CSV of the index. Raises Changed for one that is none of them."""
    raw = unpacked(raw)
    if not is_workbook(raw.content) and idi_table.is_one(raw.content):
        return idi_table.read(raw, wanted)
    book = Workbook(raw.content, raw.name)
    prices = [name for name in book.sheets if name.lower().startswith("economies")]
    if prices:
        return _prices(book, prices[0], raw, wanted)
    if any(idi_table.is_header(book.first_rows(name).heading(1)) for name in book.sheets):
        return idi_table.read(raw, wanted)
    first = book.first_rows(book.sheets[0])
    if any("Individuals using the Internet" in cell for row in (1, 2, 3) for cell in first.heading(row)):
        return _by_sex(book, raw, wanted)
    raise Changed(
        f"{raw.name} is neither the price workbook nor the table of internet use by sex",
        why=f"it has the sheets {', '.join(book.sheets[:8])}",
        next_step="other workbooks of ITU have no reader yet",
    )


def _prices(book: Workbook, sheet: str, raw: Raw, wanted: Sequence[Series]) -> Reading:
    rows = _with_years(book.grid(sheet), 1)
    records = list(_price_records(rows, sheet, raw.name))
    trials = next((name for name in book.sheets if name.startswith("ExperimentalData")), "")
    if trials:
        records += _trial_records(book.grid(trials), trials)
    codes = sorted({record[0] for record in records})
    years = sorted(int(year) for year in year_columns(rows[0]))
    scopes = [Scope("itu_workbooks", code, None, (years[0], years[-1])) for code in codes]
    edition = _release_date(book)
    return _assembled(records, noted(raw, book), wanted, edition, scopes)


def _with_years(grid: Grid, header: int) -> list[list[str]]:
    """Give the rows of a table with a column per year; a figure that cannot be read says why."""
    years = {at for at in grid.columns if re.fullmatch(r"\d{4}", grid.text(header, at))}
    return grid.readable(years, below=header).rows


def _price_records(rows: Sequence[Sequence[str]], sheet: str, name: str) -> Iterator[Record]:
    """Give one record per economy, basket, unit and year that has a value."""
    header = list(rows[0])
    years = year_columns(rows[0])
    if not {"IsoCode", "Code"} <= set(header) or not years:
        raise Changed(f"sheet “{sheet}” of {name} lacks IsoCode, Code or years", why=f"it has {', '.join(header[:12])}")
    area_at, code_at = header.index("IsoCode"), header.index("Code")
    strange = _strange(rows, header)
    for number, row in enumerate(rows[1:], start=2):
        code, area = row[code_at], row[area_at]
        for year, at in years.items():
            value = row[at]
            if area and value not in ("", "NA"):
                place = f"{sheet}!row:{number}:{year}"
                yield code, area, year, value, TOTAL, TOTAL, basket_of(code, int(year)), "A", place, strange[number - 2]


def _strange(rows: Sequence[Sequence[str]], header: Sequence[str]) -> list[str]:
    """Say of each row below the header which cells under unknown headings tell it apart."""
    places = {name: header.index(name) for name in _LAYOUT.unknown(dict.fromkeys(header))}
    if not places:
        return [""] * (len(rows) - 1)
    columns = {name: pa.array([row[at] for row in rows[1:]], pa.string()) for name, at in places.items()}
    said: list[str] = unknown_cells(pa.table(columns), _LAYOUT).to_pylist()
    return said


def basket_of(code: str, year: int) -> str:
    """Give the definition of the basket behind a series' code in a year; the total where none is known."""
    stem = re.sub(r"(_ts)?(_GNI|_PPP|_USD|\$)$", "", code)
    return next((ours for name, first, last, ours in _BASKETS if name == stem and first <= year <= last), TOTAL)


def _trial_records(grid: Grid, sheet: str) -> Iterator[Record]:
    """Give the experimental baskets of the newest year, marked as experimental."""
    header_at = next((at for at in range(5) if grid.text(at + 1, 1) == "IsoCode"), None)
    if header_at is None:
        return
    rows = _with_years(grid, header_at + 1)
    years = year_columns(rows[header_at])
    for number, row in enumerate(rows[header_at + 1 :], start=header_at + 2):
        size = re.search(r"\((\d+GB)\)", row[2])
        unit = _UNITS.get(row[3])
        for year, at in years.items():
            if size and unit and row[at] not in ("", "NA"):
                code = "i271mb_ts$" if unit == "$" else f"i271mb_ts_{unit}"
                breakdown = _TRIALS.get(size.group(1), TOTAL)
                place = f"{sheet}!row:{number}:{year}"
                yield code, row[0], year, row[at], TOTAL, TOTAL, breakdown, "G", place, ""


def _release_date(book: Workbook) -> str:
    """Find the release date that the sheet Overview names."""
    if "Overview" not in book.sheets:
        return ""
    for cells in book.grid("Overview").rows:
        if any(cell.startswith("Release date") for cell in cells):
            return next((cell for cell in cells if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell)), "")
    return ""


def _by_sex(book: Workbook, raw: Raw, wanted: Sequence[Series]) -> Reading:
    """The table has two rows of headings, blank columns and names in place of codes."""
    rows = book.grid(book.sheets[0]).readable([at + 1 for at, _, _ in _SEX_COLUMNS], below=3).rows
    head = rows[2]
    if len(head) < 24 or head[1] != "Economy name" or (head[6], head[8]) != ("Male", "Female"):
        raise Changed(f"{raw.name} has other columns than the table by sex had", why=", ".join(filter(None, head)))
    body = [(number, row) for number, row in enumerate(rows[3:], start=4) if row[1] and row[3]]
    strange = {number: _beside(head, row) for number, row in body}
    names = [row[1] for _, row in body]
    areas = [code or name for code, name in zip(by_name(names).to_pylist(), names, strict=True)]
    where = f"{book.sheets[0]}!row"
    records = [
        (BY_SEX, area, row[3], row[at], sex, place, TOTAL, "A", f"{where}:{number}:{at + 1}", strange[number])
        for area, (number, row) in zip(areas, body, strict=True)
        for at, sex, place in _SEX_COLUMNS
    ]
    return _assembled(records, noted(raw, book), wanted, "", [], scheme="ref_area")


def _beside(head: Sequence[str], row: Sequence[str]) -> str:
    """Say which cells under headings that the table did not have tell a row apart."""
    own = {1, 3, *(at for at, _, _ in _SEX_COLUMNS)}
    further = {name: row[at] for at, name in enumerate(head[: len(row)]) if name and at not in own}
    return "; ".join(f"{name}={value}" for name, value in further.items() if plain(value) not in totals())


def _assembled(
    records: Sequence[Record],
    raw: Raw,
    wanted: Sequence[Series],
    edition: str,
    scopes: Sequence[Scope],
    scheme: str = "itu",
) -> Reading:
    columns = zip(*records, strict=True) if records else [()] * len(_COLUMNS)
    table = pa.table({name: pa.array(column, pa.string()) for name, column in zip(_COLUMNS, columns, strict=True)})
    known = pc.or_(pc.not_equal(table["breakdown"], TOTAL), pc.equal(table["series_code"], BY_SEX))
    unknown = pc.if_else(known, table["breakdown"], pa.scalar(None, pa.string()))
    table = table.set_column(table.column_names.index("breakdown"), "breakdown", unknown)
    table = table.append_column("raw_codes", pa.repeat(pa.scalar("basket without a known definition"), table.num_rows))
    told = edition or raw.edition
    origin = Origin("itu_workbooks", scheme, told or raw.received, raw, edition_assumed=not told)
    return assemble(table, wanted, origin, scopes=scopes)
