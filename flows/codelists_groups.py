"""Who belongs to which group, and from when to when: LDC, LLDC, SIDS, M49 and ITU regions, income groups."""

import csv
import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl

Row = dict[str, str]
ADOPTED = date(2017, 7, 6)
"""Day on which E/RES/2017/21 was adopted."""
INCOME = {"L": "LIC", "LM": "LMC", "LM*": "LMC", "UM": "UMC", "H": "HIC"}
ITU_REGIONS = {
    "Africa": "ITU_AFR",
    "The Americas": "ITU_AMS",
    "Arab States": "ITU_ARB",
    "Asia & Pacific": "ITU_ASP",
    "CIS countries": "ITU_CIS",
    "Europe countries": "ITU_EUR",
}
DEVELOPMENT = {"Developed": "M49_514", "Developing": "M49_515"}
_NOT_APART = {"GGY", "JEY"}
"""Held by the World Bank only together, as CHI: the world would count them twice."""
_IN_NO_GROUP = {"ASC"}
_FORMER_WITH_INCOME = {"ANT"}
"""Former economies of which publishers give figures, and which the World Bank sorted while they lasted."""


def memberships(data: Path, out: Path, areas: Sequence[Mapping[str, str]]) -> list[Row]:
    """Give every membership, in order of group, area and date."""
    economies = [row["ref_area"] for row in areas if row["kind"] == "economy"]
    codes = {code: row["ref_area"] for row in areas if row["kind"] == "economy" for code in row["itu"].split()}
    rows = [
        *_world(economies),
        *_ldc(out),
        *_m49(data),
        *_itu(data, codes),
        *_developed(data),
        *_income(data, {*economies, *_FORMER_WITH_INCOME}),
    ]
    rows += list(_frozen(rows))
    return sorted(rows, key=lambda row: (row["group_code"], row["ref_area"], row["valid_from"]))


def _member(group: str, area: str, authority: str, **more: str) -> Row:
    row = {"group_code": group, "ref_area": area, "valid_from": "", "valid_to": "", "authority": authority}
    return {**row, "status": "confirmed", "note": "", **more}


def _world(economies: Sequence[str]) -> Iterator[Row]:
    for area in economies:
        if area not in _NOT_APART | _IN_NO_GROUP:
            note = "stands for Guernsey and Jersey" if area == "CHI" else ""
            yield _member("WLD", area, "UNSD M49, World Bank", note=note)


def _ldc(out: Path) -> Iterator[Row]:
    """Dated membership, and the list as it was on the day of the resolution."""
    with (out / "ldc_dates.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            start = f"{row['included']}-01-01" if row["included"] else ""
            more = {"status": row["status"], "note": row["note"]}
            authority = "UN Committee for Development Policy"
            yield _member("LDC", row["ref_area"], authority, valid_from=start, valid_to=row["graduated"], **more)
            if not row["graduated"] or date.fromisoformat(row["graduated"]) > ADOPTED:
                yield _member("LDC_2017", row["ref_area"], authority, status=row["status"])


def _m49(data: Path) -> Iterator[Row]:
    path = data / "classification" / "UNSD_Methodology_M49_2025-08.csv"
    with path.open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle, delimiter=";"):
            area = row["ISO-alpha3 Code"]
            for level in ("Region", "Sub-region", "Intermediate Region"):
                if row[f"{level} Code"]:
                    yield _member(f"M49_{row[f'{level} Code'].zfill(3)}", area, "UNSD M49, August 2025")
            for column, group in (("Land Locked", "LLDC"), ("Small Island", "SIDS")):
                if any(name.startswith(column) and value.strip() for name, value in row.items()):
                    yield _member(group, area, "UN-OHRLLS via UNSD M49, August 2025", note="undated")


def _itu(data: Path, codes: Mapping[str, str]) -> Iterator[Row]:
    """Regions of ITU, as its price basket workbook of 2024 sorts 222 economies."""
    path = data / "itu" / "workbooks" / "ITU_ICTPriceBaskets_2008-2023.xlsx"
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = book["economies_2008-2023"].iter_rows(values_only=True, max_col=6)
    header = [str(cell) for cell in next(rows)]
    area_at, region_at = header.index("IsoCode"), header.index("ITURegion")
    pairs = {(str(row[area_at]), str(row[region_at])) for row in rows if row[area_at]}
    for code, region in sorted(pairs):
        if region in ITU_REGIONS and code in codes:
            yield _member(ITU_REGIONS[region], codes[code], "ITU price baskets 2008-2023, region column")


def _income(data: Path, economies: set[str]) -> Iterator[Row]:
    """Income groups by the World Bank's fiscal year: FY26 runs from 1 July 2025. Equal years in a row are one row."""
    path = data / "classification" / "OGHIST_2025_10_07.xlsx"
    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True)["Country Analytical History"]
    rows = list(sheet.iter_rows(values_only=True))
    fiscal = next(row for row in rows if str(row[1]).startswith("Bank's fiscal year"))
    years = {at: _fiscal_year(str(cell)) for at, cell in enumerate(fiscal) if str(cell).startswith("FY")}
    for row in rows:
        area = str(row[0] or "").strip()
        if area in economies:
            yield from _income_of(area, [(years[at], INCOME.get(str(row[at]).strip(), "")) for at in years])


def _developed(data: Path) -> Iterator[Row]:
    """Developed and developing regions, as UNSD classed economies until it gave the classes up in 2021."""
    path = data / "classification" / "UNSD_Methodology_M49_legacy.csv"
    with path.open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            group = DEVELOPMENT.get(row["Developed / Developing Countries"])
            if group and row["ISO-alpha3 Code"]:
                yield _member(group, row["ISO-alpha3 Code"], "UNSD M49, until 2021", note="undated; given up by UNSD")


def _frozen(rows: Sequence[Row]) -> Iterator[Row]:
    """Give the income groups as they were on the day of the resolution; undated groups need no such copy."""
    day = ADOPTED.isoformat()
    for row in rows:
        if row["group_code"] in INCOME.values() and (row["valid_from"] <= day < (row["valid_to"] or "9999")):
            yield {**row, "group_code": f"{row['group_code']}_2017", "valid_from": "", "valid_to": ""}


def _fiscal_year(text: str) -> int:
    short = int(text[2:4])
    return 1900 + short if short > 50 else 2000 + short


def _income_of(area: str, classes: Sequence[tuple[int, str]]) -> Iterator[Row]:
    newest = classes[-1][0]
    for group, run in itertools.groupby(classes, key=lambda pair: pair[1]):
        span = [year for year, _ in run]
        if group:
            start = f"{span[0] - 1}-07-01"
            end = "" if span[-1] == newest else f"{span[-1]}-07-01"
            yield _member(group, area, "World Bank OGHIST, October 2025", valid_from=start, valid_to=end)
