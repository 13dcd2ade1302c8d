"""Inputs and published scores of the ICT Development Index as somebody gives them: ITU's table, or a plain CSV.

ITU's table (report of 2024): a row per economy, `iso3`, the inputs by our names, and scores: `idi2024` and of earlier
editions the like, `universal2024`, `meaningful2024`, `s_users` … of the newest. Plain: `edition`, `ref_area`, any of
the inputs, and `published_score` where there is one; docs/methods.md lists the columns.
"""

import re
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import UNKNOWN, Layout, unknown_cells
from schemas.containers import is_workbook
from schemas.errors import Changed, Invalid
from schemas.reading import MISSING_MARKS, Origin, assemble
from schemas.source import Raw, Reading, Scope, Series
from schemas.tables import TableLayout, read_table
from schemas.tabular import cells_of, require_columns
from schemas.workbook import Workbook

INPUT = "IDI_IN:"
"""Begins our code of an input's series; its column's name follows."""
CODES = ("IDI_IN:", "IDI:")
"""What the codes of such series begin with."""
_UNITS = {
    "internet_users_pct": "percent_of_population", "hh_internet_pct": "percent_of_households",
    "mbb_subs_per100": "per_100_inhabitants", "cov3g_pct": "percent_of_population",
    "cov4g_pct": "percent_of_population", "mob_traffic_gb": "gigabytes_per_subscription",
    "fix_traffic_gb": "gigabytes_per_subscription", "mob_basket_pct_gni": "percent_of_gni",
    "fix_basket_pct_gni": "percent_of_gni", "own_mobile_pct": "percent_of_population",
    "fixed_telephone_per100": "per_100_inhabitants", "mobile_cellular_per100": "per_100_inhabitants",
    "bandwidth_bits_per_user": "bits_per_second_per_user", "hh_computer_pct": "percent_of_households",
    "fixed_broadband_per100": "per_100_inhabitants", "adult_literacy_pct": "percent", "mean_years_schooling": "years",
    "secondary_enrolment_pct": "percent", "tertiary_enrolment_pct": "percent",
}  # fmt: skip
"""Columns of inputs → unit."""
_SCORES = {
    "s_users": "IDI:i99H", "s_hh": "IDI:xHH6_IDI", "s_mbb": "IDI:i911mw_IDI", "s_cov": "IDI:Coverage",
    "s_mobtraf": "IDI:i136mwi_subs_IDI", "s_fixtraf": "IDI:i135tfb_subs_IDI",
    "s_mobprice": "IDI:i271mb_high_ts_GNI_IDI", "s_fixprice": "IDI:i154_FBB_ts_GNI_IDI", "s_phone": "IDI:xHH18_IDI",
}  # fmt: skip
"""Columns of the newest edition's component scores → series."""
_PILLARS = {"idi": "IDI:IDI", "universal": "IDI:U", "meaningful": "IDI:M"}
"""Beginnings of columns whose end names the edition → series."""
_OF_AN_EDITION = re.compile(rf"^({'|'.join(_PILLARS)})(\d{{4}})$")
_FIGURES = {*_UNITS, *_SCORES, "published_score", *(f"{name}{year}" for name in _PILLARS for year in range(2000, 2051))}
_TOLD = ("economy", "itu_region", "income", "note", "record")
"""Columns that carry no figure."""
_PLAIN = ("edition", "ref_area")
_YEAR = r"\d{4}"
_NAMES = ("series_code", "area", "time_period", "value", "unit", "record", UNKNOWN)
Record = tuple[str, ...]


def is_one(content: bytes) -> bool:
    """Tell whether the first line of a text names a column of such a table."""
    first = content[:10_000].decode("utf-8-sig", errors="replace").partition("\n")[0].rstrip("\r")
    return is_header(cells_of(first))


def is_header(cells: Sequence[str]) -> bool:
    """Tell whether a row of headings names a column of such a table."""
    return bool({name.strip() for name in cells} & {"iso3", *_PLAIN, *_UNITS})


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read either table. Raises Changed for one without inputs, Invalid where no row names an edition."""
    table, raw = read_table(raw, TableLayout(_needed(raw), values=_FIGURES))
    editions = sorted({match[2] for name in table.column_names if (match := _OF_AN_EDITION.match(name))})
    found = _of_itu(table, raw.name, editions[-1]) if editions else _plain(table, raw.name)
    records = [record for record in found if record[3].strip() not in MISSING_MARKS]
    columns = zip(*records, strict=True) if records else [()] * len(_NAMES)
    told = pa.table({name: pa.array(column, pa.string()) for name, column in zip(_NAMES, columns, strict=True)})
    years = [text for text in pc.unique(told["time_period"]).to_pylist() if re.fullmatch(_YEAR, text)]
    if told.num_rows and not years:
        raise Invalid(f"{raw.name} names no edition", next_step="an edition is a year: 2024")
    edition = raw.edition or max(years, default="")
    origin = Origin("itu_workbooks", "ref_area", edition or raw.received, raw, edition_assumed=not edition)
    return assemble(told, wanted, origin, scopes=_scopes(told))


def _needed(raw: Raw) -> tuple[str, ...]:
    """Give the columns by which the sheet of a workbook is found; a CSV is one table."""
    if not is_workbook(raw.content):
        return ()
    book = Workbook(raw.content, raw.name)
    return ("iso3",) if any(book.first_rows(name).header(["iso3"]) is not None for name in book.sheets) else _PLAIN


def _of_itu(table: pa.Table, name: str, newest: str) -> Iterator[Record]:
    require_columns(table, ("iso3",), name)
    series: dict[str, tuple[str, str, str]] = {}
    for column in table.column_names:
        if match := _OF_AN_EDITION.match(column):
            series[column] = (_PILLARS[match[1]], match[2], "score")
        elif column in _SCORES:
            series[column] = (_SCORES[column], newest, "score")
        elif column in _UNITS:
            series[column] = (INPUT + column, newest, _UNITS[column])
    strange = _others(table, ("iso3", *series))
    for row, told in zip(table.to_pylist(), strange, strict=True):
        for column, (code, edition, unit) in series.items():
            yield code, row["iso3"], edition, row[column], unit, row["record"], told


def _plain(table: pa.Table, name: str) -> Iterator[Record]:
    require_columns(table, _PLAIN, name)
    inputs = [column for column in table.column_names if column in _UNITS]
    if not inputs:
        raise Changed(f"{name} has no input of the ICT Development Index", next_step=_THERE_ARE)
    strange = _others(table, (*_PLAIN, "published_score", *inputs))
    for row, told in zip(table.to_pylist(), strange, strict=True):
        area, edition, place = row["ref_area"], row["edition"].strip(), row["record"]
        for column in inputs:
            yield INPUT + column, area, edition, row[column], _UNITS[column], place, told
        yield _PILLARS["idi"], area, edition, row.get("published_score", ""), _scale(edition), place, told


_THERE_ARE = f"inputs are {', '.join(_UNITS)}"
_FIRST_OF_100 = "2023"
"""First edition whose scores run to 100 and not to 10."""


def _scale(edition: str) -> str:
    return "score" if edition >= _FIRST_OF_100 else "score_of_10"


def _others(table: pa.Table, known: Sequence[str]) -> list[str]:
    """Say of each row which unknown columns tell it apart: a misspelt input must not count as a missing one."""
    said: list[str] = unknown_cells(table, Layout(known, ignored=_TOLD)).to_pylist()
    return said


def _scopes(told: pa.Table) -> list[Scope]:
    """A table speaks of all its series, for each edition of the economies that it names."""
    told = told.filter(pc.match_substring_regex(told["time_period"], f"^{_YEAR}$"))
    areas: dict[str, set[str]] = {}
    for year, area in zip(told["time_period"].to_pylist(), told["area"].to_pylist(), strict=True):
        areas.setdefault(year, set()).add(area)
    found = sorted(set(zip(told["series_code"].to_pylist(), told["time_period"].to_pylist(), strict=True)))
    return [Scope("itu_workbooks", code, tuple(sorted(areas[year])), (int(year), int(year))) for code, year in found]
