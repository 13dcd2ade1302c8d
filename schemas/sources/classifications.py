"""Classifications: UNSD's M49 (both layouts), the World Bank's economies, its history of income groups, its CLASS list.

They hold no figures. What they say of groups goes into table `classification`, edition by edition; the dated list that
aggregates use (`area_group`) is made from them by `make codelists`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from schemas.classification import Member, classification_table
from schemas.containers import is_workbook, unpacked
from schemas.errors import Changed, Empty
from schemas.observation import empty
from schemas.source import CC_BY_4_0, Raw, Reading, Series, Source, no_facts, not_asked, one_answer
from schemas.tables import TableLayout, noted, read_table, sheet_table
from schemas.tabular import cell, json_of
from schemas.workbook import Workbook

SOURCE = Source(
    id="classifications",
    title="Classifications of economies: UNSD M49, World Bank",
    publisher="United Nations Statistics Division; World Bank",
    address="",
    licence=CC_BY_4_0,
    citation="UNSD, Standard country or area codes (M49); World Bank, Country and Lending Groups, edition {edition}",
    cadence="yearly",
    area_scheme="world_bank",
    routes=(
        "download M49 from unstats.un.org/unsd/methodology/m49 or OGHIST from datacatalog.worldbank.org and give it",
    ),
    release_key="day in the file's name; else day of arrival",
    economies=190,
)

_LEVELS = ("Region", "Sub-region", "Intermediate Region")
_GROUPS = {"Least Developed": "LDC", "Land Locked": "LLDC", "Small Island": "SIDS"}
_INCOME = {"L": "LIC", "LM": "LMC", "LM*": "LMC", "UM": "UMC", "H": "HIC"}
_HISTORY = "Country Analytical History"


plan = not_asked
next_page = one_answer
page_facts = no_facts


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:  # noqa: ARG001
    """Read a list by its shape. Raises Changed for one that is none of the four."""
    raw = unpacked(raw)
    if is_workbook(raw.content):
        return _from_book(Workbook(raw.content, raw.name), raw)
    if raw.content.lstrip()[:1] in (b"{", b"["):
        return _made(raw, "world_bank", list(_bank_members(raw)))
    table, raw = read_table(raw, _M49)
    return _made(raw, "ref_area", list(_m49_members(table)))


def _made(raw: Raw, scheme: str, members: Sequence[Member], periods: Sequence[str] = ()) -> Reading:
    if not members:
        raise Empty(f"{raw.name} names no member of any group")
    edition = raw.edition or _edition_in_name(raw.name)
    table, rejects = classification_table("classifications", scheme, raw, edition or raw.received, members, periods)
    return Reading(
        empty(), rejects, edition or raw.received, edition_assumed=not edition, notices=raw.notices,
        tables={"classification": table},
    )  # fmt: skip


def _edition_in_name(name: str) -> str:
    """Take `2025-08` or `2025_10_07` from a file's name."""
    match = re.search(r"(20\d\d)[-_](\d\d)(?:[-_](\d\d))?", name)
    return "-".join(part for part in match.groups() if part) if match else ""


_M49 = TableLayout(("ISO-alpha3 Code", *(f"{level} {part}" for level in _LEVELS for part in ("Code", "Name"))))


def _m49_members(table: pa.Table) -> Iterator[Member]:
    """Regions and the three groups of countries with special needs; a workbook writes codes as numbers."""
    for row in table.to_pylist():
        area, record = row["ISO-alpha3 Code"], row["record"]
        for level in _LEVELS:
            if row[f"{level} Code"]:
                yield "M49", row[f"{level} Code"].zfill(3), row[f"{level} Name"].strip(), area, record
        for column, group in _GROUPS.items():
            if any(name.startswith(column) and value.strip() for name, value in row.items()):
                yield "M49", group, column, area, record


def _bank_members(raw: Raw) -> Iterator[Member]:
    """The World Bank's list of economies: as JSON lines, or as a page of the API."""
    for at, row in enumerate(_bank_rows(raw)):
        try:
            region, income = row["region"], row["incomeLevel"]
            if region["id"] == "NA":
                continue  # an aggregate
            yield "WB region", cell(region["id"]), cell(region["value"]).strip(), cell(row["id"]), f"json:/{at}"
            yield "WB income", cell(income["id"]), cell(income["value"]).strip(), cell(row["id"]), f"json:/{at}"
        except (KeyError, TypeError, AttributeError) as error:
            raise Changed(f"economy {at} of {raw.name} lacks the field {error}") from error


def _bank_rows(raw: Raw) -> list[dict[str, Any]]:
    body = raw.content
    if body.lstrip()[:1] == b"[":
        answer = json_of(raw.content, raw.name)
        if not isinstance(answer, list) or len(answer) != 2 or not isinstance(answer[1], list):
            raise Changed(f"{raw.name} is not a page of the World Bank's list of economies")
        rows: list[dict[str, Any]] = answer[1]
        return rows
    try:
        return [orjson.loads(line) for line in body.splitlines() if line.strip()]
    except orjson.JSONDecodeError as error:
        raise Changed(f"{raw.name} is not a list of JSON lines", why=str(error)) from error


def _from_book(book: Workbook, raw: Raw) -> Reading:
    if _HISTORY in book.sheets:
        members, periods = _history(book, raw.name)
        return _made(noted(raw, book), "ref_area", members, periods)
    if any(book.first_rows(name).header(_CLASS.needed, _class_name) is not None for name in book.sheets):
        table, raw = sheet_table(book, raw, _CLASS)
        members = [
            ("WB groups", row["GroupCode"], row["GroupName"], row["CountryCode"], row["record"])
            for row in table.filter(pc.not_equal(table["CountryCode"], "")).to_pylist()
        ]
        return _made(raw, "world_bank", members)
    if any(book.first_rows(name).header(_M49.needed) is not None for name in book.sheets):
        table, raw = sheet_table(book, raw, _M49)
        return _made(raw, "ref_area", list(_m49_members(table)))
    raise Changed(
        f"{raw.name} is neither M49, OGHIST nor CLASS",
        why=f"it has the sheets {', '.join(book.sheets)}",
        next_step="give UNSD's M49, or OGHIST_….xlsx or CLASS_….xlsx of the World Bank",
    )


def _class_name(heading: str) -> str:
    """Give the heading's name until 2021 (`GroupCode`); today's is `WB_Group_Code`."""
    return heading.removeprefix("WB_").replace("_", "").replace(" ", "")


_CLASS = TableLayout(("GroupCode", "GroupName", "CountryCode"), ours=_class_name)


def _history(book: Workbook, name: str) -> tuple[list[Member], list[str]]:
    """Income groups by the World Bank's fiscal year: FY26 runs from 1 July 2025."""
    rows = book.grid(_HISTORY).readable().rows
    head = next((row for row in rows if len(row) > 1 and row[1].startswith("Bank's fiscal year")), None)
    if head is None:
        raise Changed(f"sheet “{_HISTORY}” of {name} has no row of fiscal years")
    years = {at: cell for at, cell in enumerate(head) if cell.startswith("FY")}
    found = [
        (("WB income", _INCOME[row[at]], "", row[0], f"{_HISTORY}!row:{number}"), year)
        for number, row in enumerate(rows, start=1)
        if re.fullmatch(r"[A-Z]{3}", row[0])
        for at, year in years.items()
        if row[at] in _INCOME
    ]
    return [member for member, _ in found], [year for _, year in found]
