"""National figures that a statistical office submits: in the project's own form (.xlsx), or as SDMX-CSV 2.0."""

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from schemas.attributes import DELETED
from schemas.codelist import rows as codelist_rows
from schemas.columns import UNKNOWN, Layout, unknown_cells
from schemas.errors import Changed, Empty, Invalid
from schemas.observation import DIMENSIONS, TOTAL
from schemas.reading import Origin, assemble, row_locators, with_rejects
from schemas.source import Licence, Raw, Reading, Scope, Series, Source, no_facts, not_asked, one_answer
from schemas.status import Field, read_marks
from schemas.submission_form import ABOUT, COLUMNS, DATA
from schemas.tabular import read_csv, require_columns
from schemas.translate import Column, translated
from schemas.workbook import Workbook, is_workbook, text

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
        "SOURCE", "DATA_PROVIDER", "LAST_UPDATE", "COMMENT_TS", "TITLE", "",
    ),
)  # fmt: skip
_STATUS = Field("submission", "OBS_STATUS")
_TOTALS = ("", "_Z")

plan = not_asked
next_page = one_answer
page_facts = no_facts


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read the form or SDMX-CSV. `wanted` are all indicators, each under its own id."""
    table, edition = _from_form(raw) if is_workbook(raw.content) else _from_csv(raw)
    known = pc.is_in(table["series_code"], value_set=pa.array([series.code for series in wanted]))
    others = table.filter(pc.invert(known))
    if others.num_rows == table.num_rows:
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


def _from_form(raw: Raw) -> tuple[pa.Table, str]:
    book = Workbook(raw.content, raw.name)
    missing = [sheet for sheet in (ABOUT, DATA) if sheet not in book.sheets]
    if missing:
        raise Changed(
            f"{raw.name} is not the form: it lacks the sheet {missing[0]}",
            next_step="get a fresh one: ictdev submit --template FORM.xlsx",
        )
    about = {text(row[0]): text(row[1]) for row in book.rows(ABOUT) if len(row) > 1}
    area, edition = about.get("REF_AREA", ""), about.get("SUBMISSION_DATE", "")
    if not re.fullmatch(r"[A-Z]{3}", area):
        raise Invalid(f"the sheet {ABOUT} of {raw.name} names no economy in REF_AREA", why=f"it says “{area}”")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", edition):
        raise Invalid(f"the sheet {ABOUT} of {raw.name} names no day in SUBMISSION_DATE", why=f"it says “{edition}”")
    table = book.table(DATA, COLUMNS)
    filled = pc.or_(pc.not_equal(table["INDICATOR"], ""), pc.not_equal(table["OBS_VALUE"], ""))
    table = table.append_column("record", _locators(table.num_rows)).filter(filled)
    if table.num_rows == 0:
        raise Empty(f"the sheet {DATA} of {raw.name} holds no figure")
    table = table.append_column(UNKNOWN, _further(book).filter(filled))
    table = table.append_column("area", pa.repeat(pa.scalar(area), table.num_rows))
    return table.rename_columns([_RENAMED.get(name, name) for name in table.column_names]), edition


def _further(book: Workbook) -> Column:
    """Say which cells under headings that somebody added to the form tell a row apart."""
    header = [text(cell) for cell in book.rows(DATA)[0]]
    added = sorted({name for name in _LAYOUT.unknown(header) if name})
    return unknown_cells(book.table(DATA, [*COLUMNS, *added]), _LAYOUT)


def _locators(count: int) -> pa.Array:
    return pa.array([f"{DATA}!row:{number}" for number in range(2, count + 2)], pa.string())


def _from_csv(raw: Raw) -> tuple[pa.Table, str]:
    table = read_csv(raw.content, raw.name)
    require_columns(table, ("INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"), raw.name)
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
    table = table.append_column("record", row_locators(table.num_rows))
    names = {**_RENAMED, **_ATTRIBUTES, "REF_AREA": "area"}
    kept = [name for name in table.column_names if name in names or name in ("record", UNKNOWN)]
    return table.select(kept).rename_columns([names.get(name, name) for name in kept]), str(editions[0] or "")


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
