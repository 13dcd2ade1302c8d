"""National figures that a statistical office submits: in the project's own form (.xlsx), or as SDMX-CSV 2.0."""

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from schemas.attributes import DELETED
from schemas.codelist import rows as codelist_rows
from schemas.columns import UNKNOWN, Layout, unknown_cells
from schemas.containers import is_workbook, unpacked
from schemas.errors import Changed, Empty, Invalid
from schemas.form_cells import form_table
from schemas.grid import refuse
from schemas.observation import DIMENSIONS, TOTAL
from schemas.reading import Origin, assemble, with_rejects
from schemas.source import Licence, Raw, Reading, Scope, Series, Source, no_facts, not_asked, one_answer
from schemas.status import Field, read_marks
from schemas.submission_form import ABOUT, COLUMNS, DATA
from schemas.tables import TableLayout, read_table, renamed
from schemas.translate import translated
from schemas.workbook import Workbook

SOURCE = Source(
    id="submission",
    title="National submissions",
    publisher="National statistical offices",
    address="",
    licence=Licence("as-submitted", "Terms of the submitting office", "", open=False),
    citation="National submission of {edition}",
    cadence="as they come",
    area_scheme="ref_area",
    release_key="SUBMISSION_DATE on the sheet About; EDITION in SDMX-CSV",
    any_indicator=True,
    files_are_parts=True,
)

_RENAMED = {"INDICATOR": "series_code", "TIME_PERIOD": "time_period", "OBS_VALUE": "value", "OBS_STATUS": "obs_status",
            "COMMENT_OBS": "note", **{name.upper(): name for name in DIMENSIONS}}  # fmt: skip
_ATTRIBUTES = {
    "ACTION": "action", "UNIT_MEASURE": "unit_measure", "UNIT_MULT": "unit_mult", "DECIMALS": "decimals",
    "CONF_STATUS": "conf_status",
}  # fmt: skip
_LAYOUT = Layout(
    dimensions=("INDICATOR", "REF_AREA", "TIME_PERIOD", *(name.upper() for name in DIMENSIONS)),
    attributes=("OBS_VALUE", "OBS_STATUS", "COMMENT_OBS", "EDITION", *_ATTRIBUTES),
    ignored=(
        "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "FREQ", "TIME_FORMAT", "SERIES_CODE", "SERIES_KEY", "OBS_KEY",
        "SOURCE", "DATA_PROVIDER", "LAST_UPDATE", "COMMENT_TS", "TITLE", "record",
    ),
)  # fmt: skip
_STATUS = Field("submission", "OBS_STATUS")
_TOTALS = ("", "_Z")
_NEEDED = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE")
_TABLE = TableLayout(_NEEDED, values=("OBS_VALUE",), ours=_LAYOUT.declared)


plan = not_asked
next_page = one_answer
page_facts = no_facts


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read the form or SDMX-CSV. `wanted` are all indicators, each under its own id."""
    raw = unpacked(raw)
    table, edition = _from_form(raw) if _is_form(raw) else _from_table(raw)
    table = _with_indicator(table, raw.name)
    known = pc.is_in(table["series_code"], value_set=pa.array([series.code for series in wanted]))
    others = table.filter(pc.invert(known))
    if others.num_rows and others.num_rows == table.num_rows:
        named = ", ".join(sorted(pc.unique(others["series_code"]).to_pylist())[:5])
        raise Invalid(
            f"{raw.name} names indicators that there are not: {named}",
            next_step="the sheet Codes of a fresh form lists them: ictdev submit --template FORM.xlsx",
        )
    table = table.filter(known)
    told = edition or raw.edition
    origin = Origin("submission", "ref_area", told or raw.received, raw, edition_assumed=not told)
    reading = assemble(_records(table), wanted, origin, scopes=_scopes(table))
    return with_rejects(reading, _nameless(others, raw))


def _nameless(others: pa.Table, raw: Raw) -> list[dict[str, str]]:
    """Set figures of indicators that there are not aside, by name."""
    return [
        {
            "source": SOURCE.id,
            "snapshot": raw.sha256,
            "record": row["record"],
            "reason": "unknown_indicator",
            "detail": f"indicator={row['series_code']}",
            "series_code": row["series_code"],
        }
        for row in others.select(["record", "series_code"]).to_pylist()
    ]


def _is_form(raw: Raw) -> bool:
    """Tell whether a file is the form, or at least no table with an economy of its own in each row."""
    if not is_workbook(raw.content):
        return False
    book = Workbook(raw.content, raw.name)
    return not any(_has_table(book, name) for name in book.sheets)


def _has_table(book: Workbook, sheet: str) -> bool:
    return book.first_rows(sheet).header(_NEEDED, _LAYOUT.declared) is not None


def _from_form(raw: Raw) -> tuple[pa.Table, str]:
    book = Workbook(raw.content, raw.name)
    missing = [sheet for sheet in (ABOUT, DATA) if sheet not in book.sheets]
    if missing:
        raise Changed(
            f"{raw.name} is not the form: it lacks the sheet {missing[0]}",
            next_step="get a fresh one: ictdev submit --template FORM.xlsx",
        )
    area, edition = _about(book)
    table = form_table(book, DATA, COLUMNS, values=("OBS_VALUE",))
    if table.num_rows == 0:
        raise Empty(f"the sheet {DATA} of {raw.name} holds no figure")
    table = table.append_column(UNKNOWN, pa.repeat(pa.scalar(""), table.num_rows))
    table = table.append_column("area", pa.repeat(pa.scalar(area), table.num_rows))
    return table.rename_columns([_RENAMED.get(name, name) for name in table.column_names]), edition


def _about(book: Workbook) -> tuple[str, str]:
    """Give economy and day of the submission. Raises Invalid where the sheet About does not say them."""
    grid = book.grid(ABOUT)
    refuse(grid, [(row, at, why) for (row, at), why in grid.faults.items() if at == 2])
    about = {grid.text(row, 1): grid.text(row, 2) for row in range(1, grid.height + 1)}
    area, edition = about.get("REF_AREA", ""), about.get("SUBMISSION_DATE", "")
    if not re.fullmatch(r"[A-Z]{3}", area):
        raise Invalid(f"the sheet {ABOUT} of {book.name} names no economy in REF_AREA", why=f"it says “{area}”")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", edition):
        raise Invalid(f"the sheet {ABOUT} of {book.name} names no day in SUBMISSION_DATE", why=f"it says “{edition}”")
    return area, edition


def _from_table(raw: Raw) -> tuple[pa.Table, str]:
    """Read SDMX-CSV, or the same columns on a sheet."""
    table = _from_sheet(raw) if is_workbook(raw.content) else read_table(raw, _TABLE)[0]
    if table.num_rows == 0:
        raise Empty(f"{raw.name} holds a header and no figure")
    editions = pc.unique(table["EDITION"]).to_pylist() if "EDITION" in table.column_names else [""]
    if len(editions) > 1:
        raise Changed(f"{raw.name} mixes the editions {', '.join(editions[:5])}", next_step="submit one at a time")
    table = table.append_column(UNKNOWN, unknown_cells(table, _LAYOUT))
    blank = pa.repeat(pa.scalar(""), table.num_rows)
    for name in COLUMNS:
        if name not in table.column_names:
            table = table.append_column(name, blank)
    names = {**_RENAMED, **_ATTRIBUTES, "REF_AREA": "area"}
    kept = [name for name in table.column_names if name in names or name in ("record", UNKNOWN)]
    return table.select(kept).rename_columns([names.get(name, name) for name in kept]), str(editions[0] or "")


def _from_sheet(raw: Raw) -> pa.Table:
    """Read the sheet that has the columns of SDMX-CSV, as strictly as the form."""
    book = Workbook(raw.content, raw.name)
    sheet = next(name for name in book.sheets if _has_table(book, name))
    there = book.first_rows(sheet).heading(1)
    strange = _LAYOUT.unknown(there)  # what is written under these is refused by its address
    figures = [name for name in there if _LAYOUT.declared(name) in _TABLE.values]
    table = form_table(book, sheet, [name for name in there if name not in strange], values=figures)
    return renamed(table, _TABLE, raw.name)


def _with_indicator(table: pa.Table, name: str) -> pa.Table:
    """Leave out rows with neither indicator nor figure. Raises Invalid, naming the rows, for a figure without one."""
    nameless = pc.equal(table["series_code"], "")
    lost = table.filter(pc.and_(nameless, pc.not_equal(table["value"], "")))["record"].to_pylist()
    if lost:
        raise Invalid(
            f"{name} has {len(lost):,} figures without an indicator",
            why=f"in {', '.join(lost[:60])}",
            next_step="fill in INDICATOR in each of these rows; a merged cell speaks for all of its rows",
        )
    return table.filter(pc.invert(nameless))


def _records(table: pa.Table) -> pa.Table:
    """Blank codes are totals; codes that no list has become null, and the record a reject."""
    kept = ("series_code", "area", "time_period", "value", "note", "record", UNKNOWN, *_ATTRIBUTES.values())
    columns = {name: table[name] for name in kept if name in table.column_names}
    for name in DIMENSIONS:
        columns[name] = translated(table[name], {**dict.fromkeys(_TOTALS, TOTAL), **_codes(name)}, name)
        columns[f"raw_{name}"] = table[name]
    marks = read_marks((table["obs_status"], _STATUS))
    more = {"obs_status": marks.obs_status, "no_figure": marks.no_figure, "raw_status": table["obs_status"]}
    return pa.table({**columns, **more})


def _codes(codelist: str) -> dict[str, str]:
    return {row["code"]: row["code"] for row in codelist_rows(codelist)}


def _scopes(table: pa.Table) -> list[Scope]:
    """A submission that a person calls whole holds its indicators for its economy, in the years that it covers."""
    four = table.filter(pc.match_substring_regex(table["time_period"], r"^\d{4}"))
    if "action" in table.column_names:
        four = four.filter(pc.invert(pc.is_in(pc.utf8_lower(four["action"]), value_set=pa.array(DELETED))))
    found: dict[tuple[str, str], list[int]] = {}
    for row in four.select(["series_code", "area", "time_period"]).to_pylist():
        found.setdefault((row["series_code"], row["area"]), []).append(int(row["time_period"][:4]))
    return [Scope("submission", code, (area,), (min(years), max(years))) for (code, area), years in found.items()]
