"""National figures that a statistical office submits: in the project's own form (.xlsx), or as SDMX-CSV 2.0."""

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from schemas.codelist import rows as codelist_rows
from schemas.containers import is_workbook, unpacked
from schemas.errors import Changed, Empty, Invalid
from schemas.form_cells import form_table
from schemas.grid import refuse
from schemas.observation import DIMENSIONS, TOTAL
from schemas.reading import Origin, assemble, row_locators
from schemas.sdmx_csv import STRUCTURE_COLUMNS
from schemas.source import Licence, Raw, Reading, Scope, Series, Source, no_facts, not_asked, one_answer
from schemas.submission_form import ABOUT, COLUMNS, DATA
from schemas.tabular import read_csv, require_columns
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
)

_RENAMED = {"INDICATOR": "series_code", "TIME_PERIOD": "time_period", "OBS_VALUE": "value", "OBS_STATUS": "obs_status",
            "COMMENT_OBS": "note", **{name.upper(): name for name in DIMENSIONS}}  # fmt: skip
_NEEDED = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE")
_LISTS = {**{name: name for name in DIMENSIONS}, "obs_status": "obs_status"}


plan = not_asked
next_page = one_answer
page_facts = no_facts


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read the form or SDMX-CSV. `wanted` are all indicators, each under its own id."""
    raw = unpacked(raw)
    table, edition = _from_form(raw) if _is_form(raw) else _from_table(raw)
    table = _with_indicator(table, raw.name)
    known = [series.code for series in wanted]
    unknown = sorted(set(pc.unique(table["series_code"]).to_pylist()) - set(known))
    if unknown:
        raise Invalid(
            f"{raw.name} names indicators that there are not: {', '.join(unknown[:5])}",
            next_step="the sheet Codes of a fresh form lists them: ictdev submit --template FORM.xlsx",
        )
    _require_units(table, wanted, raw.name)
    told = edition or raw.edition
    origin = Origin("submission", "ref_area", told or raw.received, raw, edition_assumed=not told)
    return assemble(_records(table), wanted, origin, scopes=_scopes(table))


def _is_form(raw: Raw) -> bool:
    """Tell whether a file is the form, or at least no table with an economy of its own in each row."""
    if not is_workbook(raw.content):
        return False
    book = Workbook(raw.content, raw.name)
    return all(book.first_rows(name).header(_NEEDED) is None for name in book.sheets)


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
    if is_workbook(raw.content):
        book = Workbook(raw.content, raw.name)
        sheet = next(name for name in book.sheets if book.first_rows(name).header(_NEEDED) is not None)
        known = (*COLUMNS, "REF_AREA", "UNIT_MEASURE", "EDITION", *STRUCTURE_COLUMNS)
        there = book.first_rows(sheet).heading(1)
        table = form_table(book, sheet, [name for name in known if name in there], values=("OBS_VALUE",))
    else:
        table = read_csv(raw.content, raw.name)
        require_columns(table, _NEEDED, raw.name)
        table = table.append_column("record", row_locators(table.num_rows, raw.prefix))
    if table.num_rows == 0:
        raise Empty(f"{raw.name} holds a header and no figure")
    editions = pc.unique(table["EDITION"]).to_pylist() if "EDITION" in table.column_names else [""]
    if len(editions) > 1:
        raise Changed(f"{raw.name} mixes the editions {', '.join(editions[:5])}", next_step="submit one at a time")
    blank = pa.repeat(pa.scalar(""), table.num_rows)
    for name in (*COLUMNS, "UNIT_MEASURE"):
        if name not in table.column_names:
            table = table.append_column(name, blank)
    names = {**_RENAMED, "REF_AREA": "area", "UNIT_MEASURE": "unit_told"}
    kept = [name for name in table.column_names if name in names or name == "record"]
    return table.select(kept).rename_columns([names.get(name, name) for name in kept]), str(editions[0] or "")


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


def _require_units(table: pa.Table, wanted: Sequence[Series], name: str) -> None:
    """Raise Invalid where a figure names another unit than its indicator has."""
    if "unit_told" not in table.column_names:
        return
    ours = {series.code: series.unit for series in wanted}
    for pair in table.group_by(["series_code", "unit_told"]).aggregate([]).to_pylist():
        if pair["unit_told"] not in ("", ours[pair["series_code"]]):
            raise Invalid(
                f"{pair['series_code']} in {name} comes in the unit {pair['unit_told']}",
                why=f"the indicator is held as {ours[pair['series_code']]}",
            )


def _records(table: pa.Table) -> pa.Table:
    """Blank codes are totals; codes that no list has become null, and the record a reject."""
    columns = {name: table[name] for name in ("series_code", "area", "time_period", "value", "note", "record")}
    for name, codelist in _LISTS.items():
        usual = "A" if name == "obs_status" else TOTAL
        told = pc.if_else(pc.equal(table[name], ""), usual, table[name])
        codes = pa.array([row["code"] for row in codelist_rows(codelist)], pa.string())
        columns[name] = pc.take(codes, pc.index_in(told, value_set=codes))
    joined = pc.binary_join_element_wise(*(table[name] for name in _LISTS), " ")
    return pa.table({**columns, "raw_codes": joined})


def _scopes(table: pa.Table) -> list[Scope]:
    """A submission speaks of its indicators for its economy, in the years that it covers."""
    four = table.filter(pc.match_substring_regex(table["time_period"], r"^\d{4}"))
    found: dict[tuple[str, str], list[int]] = {}
    for row in four.select(["series_code", "area", "time_period"]).to_pylist():
        found.setdefault((row["series_code"], row["area"]), []).append(int(row["time_period"][:4]))
    return [Scope("submission", code, (area,), (min(years), max(years))) for (code, area), years in found.items()]
