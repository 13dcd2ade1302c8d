"""Classifications: UNSD's M49 (both layouts), the World Bank's economies, its history of income groups, its CLASS list.

They hold no figures. What they say of groups goes into table `classification`, edition by edition; the dated list that
aggregates use (`area_group`) is made from them by `make codelists`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import pyarrow.compute as pc

from schemas.classification import Member, classification_table
from schemas.errors import Changed, Empty
from schemas.observation import empty
from schemas.source import CC_BY_4_0, Raw, Reading, Series, Source, no_facts, not_asked, one_answer
from schemas.tabular import cell, json_of, read_csv, require_columns, text_of
from schemas.workbook import Workbook, is_workbook, text

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
    if is_workbook(raw.content):
        return _from_book(Workbook(raw.content, raw.name), raw)
    start = text_of(raw.content, raw.name).lstrip()[:1]
    if start in (b"{", b"["):
        return _made(raw, "world_bank", list(_bank_members(raw)))
    return _made(raw, "ref_area", list(_m49_members(raw)))


def _made(raw: Raw, scheme: str, members: Sequence[Member], periods: Sequence[str] = ()) -> Reading:
    if not members:
        raise Empty(f"{raw.name} names no member of any group")
    edition = raw.edition or _edition_in_name(raw.name)
    table, rejects = classification_table("classifications", scheme, raw, edition or raw.received, members, periods)
    return Reading(
        empty(), rejects, edition or raw.received, edition_assumed=not edition, tables={"classification": table}
    )


def _edition_in_name(name: str) -> str:
    """Take `2025-08` or `2025_10_07` from a file's name."""
    match = re.search(r"(20\d\d)[-_](\d\d)(?:[-_](\d\d))?", name)
    return "-".join(part for part in match.groups() if part) if match else ""


def _m49_members(raw: Raw) -> Iterator[Member]:
    """Regions and the three groups of countries with special needs; the older layout parts by comma, not semicolon."""
    head = text_of(raw.content, raw.name)[:200]
    table = read_csv(raw.content, raw.name, delimiter=";" if b";" in head else ",")
    require_columns(
        table, ["ISO-alpha3 Code", *(f"{level} {part}" for level in _LEVELS for part in ("Code", "Name"))], raw.name
    )
    for number, row in enumerate(table.to_pylist(), start=1):
        area = row["ISO-alpha3 Code"]
        for level in _LEVELS:
            if row[f"{level} Code"]:
                yield "M49", row[f"{level} Code"].zfill(3), row[f"{level} Name"].strip(), area, f"row:{number}"
        for column, group in _GROUPS.items():
            if any(name.startswith(column) and value.strip() for name, value in row.items()):
                yield "M49", group, column, area, f"row:{number}"


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
    body = text_of(raw.content, raw.name)
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
        return _made(raw, "ref_area", members, periods)
    if "Groups" in book.sheets:
        table = book.table("Groups", ("GroupCode", "GroupName", "CountryCode"))
        kept = table.filter(pc.not_equal(table["CountryCode"], "")).to_pylist()
        members = [
            ("WB groups", row["GroupCode"], row["GroupName"], row["CountryCode"], f"Groups!row:{number}")
            for number, row in enumerate(kept, start=2)
        ]
        return _made(raw, "world_bank", members)
    raise Changed(
        f"{raw.name} is neither OGHIST nor CLASS",
        why=f"it has the sheets {', '.join(book.sheets)}",
        next_step="give OGHIST_….xlsx or CLASS_….xlsx of the World Bank",
    )


def _history(book: Workbook, name: str) -> tuple[list[Member], list[str]]:
    """Income groups by the World Bank's fiscal year: FY26 runs from 1 July 2025."""
    rows = book.rows(_HISTORY)
    head = next((row for row in rows if len(row) > 1 and text(row[1]).startswith("Bank's fiscal year")), None)
    if head is None:
        raise Changed(f"sheet “{_HISTORY}” of {name} has no row of fiscal years")
    years = {at: text(cell) for at, cell in enumerate(head) if text(cell).startswith("FY")}
    found = [
        (("WB income", _INCOME[text(row[at])], "", text(row[0]), f"{_HISTORY}!row:{number}"), year)
        for number, row in enumerate(rows, start=1)
        if re.fullmatch(r"[A-Z]{3}", text(row[0]))
        for at, year in years.items()
        if text(row[at]) in _INCOME
    ]
    return [member for member, _ in found], [year for _, year in found]
