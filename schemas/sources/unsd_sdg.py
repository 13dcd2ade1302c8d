"""UNSD: the SDG Global Database, by its API, the portal's CSV export or its workbook."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas import sdg
from schemas.codelist import translate_areas
from schemas.columns import UNKNOWN, unknown_cells, unknown_keys
from schemas.containers import unpacked
from schemas.errors import Changed, Empty
from schemas.in_force import plain
from schemas.observation import TOTAL
from schemas.reading import Origin, assemble
from schemas.sdg_columns import (
    BREAKDOWNS,
    CANONICAL,
    DIMENSIONS,
    LAYOUT,
    MARKS,
    NAMES,
    fitting_units,
    ours,
    with_absences,
)
from schemas.source import UN_TERMS, PageFacts, Raw, Reading, Release, Request, Scope, Series, Source
from schemas.status import read_marks
from schemas.tables import TableLayout, read_table
from schemas.tabular import cell, count_of, json_of
from schemas.translate import Column, note, translated


def _release(content: bytes) -> str:
    """Give the newest release that the list of series names."""
    listed = json_of(content, "the list of series")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Changed("the list of series is not a list", why="its release key cannot be read")
    return max((str(one.get("release", "")) for one in listed), default="")


SOURCE = Source(
    id="unsd_sdg",
    title="UNSD, SDG Global Database",
    publisher="United Nations Statistics Division",
    address="https://unstats.un.org/SDGAPI/v1/sdg",
    licence=UN_TERMS,
    citation="United Nations Statistics Division, SDG Global Database, release {edition}",
    cadence="quarterly",
    area_scheme="m49",
    routes=(
        (
            "export the series from unstats.un.org/sdgs/dataportal and give it: "
            "ictdev refresh --from-file unsd_sdg=FILE.csv"
        ),
    ),
    release_key="`release` in the list of series",
    paging="pages of 20,000 records, counted in `totalPages`",
    economies=60,
    first_year=2000,
    pause=0.5,
    release=Release("/Series/List?allreleases=false", _release),
)

PAGE_SIZE = 20_000
_TABLE = TableLayout(("series", "area", "time", "value"), useful=NAMES, values=("value",), ours=ours, known=LAYOUT)


def plan(source: Source, series: Sequence[Series]) -> Iterator[Request]:
    """One request per series, for all areas and years."""
    for one in series:
        params = {"seriesCode": one.code, "pageSize": str(PAGE_SIZE), "page": "1"}
        yield Request(f"{source.address}/Series/Data", params, (one.code,))


def next_page(request: Request, content: bytes) -> Request | None:
    """Ask for the page after this one, or None; the answer says how many there are."""
    answer = _answer(content, request.url)
    if count_of(answer, "totalPages", request.url) <= request.page:
        return None
    page = request.page + 1
    return Request(request.url, {**request.params, "page": str(page)}, request.series, page)


def page_facts(content: bytes, name: str) -> PageFacts:
    """Count the records that are announced, and those on this page."""
    answer = _answer(content, name)
    return PageFacts(count_of(answer, "totalElements", name), len(answer["data"]))


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read an API page, a portal export or the portal's workbook."""
    raw = unpacked(raw)
    if raw.content.lstrip()[:1] == b"{":
        return _assembled(_from_answer(raw), raw, wanted)
    table, raw = read_table(raw, _TABLE)
    return _assembled(_with_all(table), raw, wanted)


def _with_all(table: pa.Table) -> pa.Table:
    """Add the columns that are not there as null, which is not the same as blank, and say what is unknown."""
    further = table.drop_columns([name for name in NAMES if name in table.column_names])
    absent = pa.nulls(table.num_rows, pa.string())
    columns = {name: table[name] if name in table.column_names else absent for name in NAMES}
    return pa.table({**columns, "record": table["record"], UNKNOWN: unknown_cells(further, LAYOUT)})


def _answer(content: bytes, name: str) -> dict[str, Any]:
    answer = json_of(content, name)
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        raise Changed(f"{name} is not an answer of the SDG API", why="it has no list `data`")
    return answer


def _from_answer(raw: Raw) -> pa.Table:
    """Lay the records of a page out as text columns."""
    answered = _answer(raw.content, raw.name)["data"]
    if not answered:
        raise Empty(f"{raw.name} holds no record", why="the API answers an empty list for codes that it does not carry")
    try:
        records = [_flat(record) for record in answered]
        columns = {name: [take(record) for record in records] for name, take in _TAKEN.items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise Changed(f"a record of {raw.name} lacks the field {error}") from error
    at = pa.array([f"json:/data/{number}" for number in range(len(records))], pa.string())
    laid = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return pa.table({**laid, "record": at, UNKNOWN: unknown_keys(records, LAYOUT)})


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """Put attributes and dimensions of a record beside its other fields, under the names by which they are known."""
    inside = {**(record.get("attributes") or {}), **(record.get("dimensions") or {})}
    own = {name: value for name, value in record.items() if name not in ("attributes", "dimensions")}
    return {**own, **{CANONICAL.get(plain(name), name): value for name, value in inside.items()}}


def _text(value: object) -> str:
    """Write a JSON value as text; footnotes come as a list."""
    return "; ".join(cell(part) for part in value if part) if isinstance(value, list) else cell(value)


def _of(name: str) -> Any:
    """Take a field; null where it is absent, which is not the same as blank."""
    return lambda record: _text(record[name]) if name in record else None


_TAKEN: dict[str, Any] = {
    "series": lambda record: _text(record["series"]),
    "area": lambda record: _text(record["geoAreaCode"]),
    "time": lambda record: _text(record["timePeriodStart"]),
    "value": lambda record: _text(record["value"]),
    "origin": lambda record: _text(record.get("source")),
    "footnote": lambda record: _text(record.get("footnotes")),
    "release": lambda record: "",  # noqa: ARG005 - a page does not say it
    "nature": _of("Nature"),
    "units": _of("Units"),
    "status": _of("Observation Status"),
    "unit_mult": lambda record: _text(record.get("UnitMultiplier", record.get("Unit multiplier"))),
    "reporting": _of("Reporting Type"),
    **{name: _of(heading) for name, (heading, _, _) in DIMENSIONS.items()},
}


def _assembled(table: pa.Table, raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Keep the global reporting, and translate."""
    table = with_absences(table)
    national = pc.is_in(pc.utf8_upper(table["reporting"]), value_set=pa.array(["N", "R"]))
    whole = table.num_rows
    table = table.filter(pc.invert(national))
    aside = whole - table.num_rows
    edition = _edition(table, raw)
    marks = read_marks(*((table[name], field) for name, field in MARKS))
    records = pa.table(
        {
            "series_code": table["series"],
            "area": pc.utf8_lpad(table["area"], 3, "0"),
            "time_period": pc.replace_substring_regex(table["time"], r"\.0+$", ""),
            "value": table["value"],
            "obs_status": marks.obs_status,
            "no_figure": marks.no_figure,
            "raw_status": note(table, ("nature", ""), ("status", "")),
            "note": note(table, ("footnote", ""), ("origin", "Source: "), ("nature", "Nature: ")),
            "record": table["record"],
            "sex": translated(table["sex"], sdg.SEX, "sex"),
            "age": sdg.ages(table["age"]),
            "urbanisation": translated(table["urbanisation"], sdg.LOCATION, "urbanisation"),
            "breakdown": _breakdown(table),
            **{f"raw_{name}": table[name] for name in ("sex", "age", "urbanisation")},
            "raw_breakdown": note(table, *((name, "") for name in BREAKDOWNS)),
            "unit_mult": table["unit_mult"],
            "unit_measure": fitting_units(table, wanted),
            UNKNOWN: table[UNKNOWN],
        }
    )
    origin = Origin("unsd_sdg", "m49", edition or raw.received, raw, not edition)
    reading = assemble(records, wanted, origin, scopes=_scopes(records))
    return replace(reading, skipped=reading.skipped + aside)


def _scopes(records: pa.Table) -> list[Scope]:
    """Say what was told: each series for the areas that it names, because exports and pages may be a part."""
    areas = translate_areas(records["area"], "m49")
    pairs = records.append_column("ref_area", areas).group_by(["series_code", "ref_area"]).aggregate([]).to_pylist()
    told: dict[str, list[str]] = {}
    for pair in pairs:
        if pair["ref_area"] is not None:
            told.setdefault(pair["series_code"], []).append(pair["ref_area"])
    return [Scope("unsd_sdg", code, tuple(sorted(names))) for code, names in sorted(told.items())]


def _edition(table: pa.Table, raw: Raw) -> str:
    told = [text for text in pc.unique(table["release"]).to_pylist() if text]
    if len(told) > 1:
        raise Changed(f"{raw.name} mixes the releases {', '.join(sorted(told))}", next_step="export one release")
    return told[0] if told else raw.edition


def _breakdown(table: pa.Table) -> Column:
    """Give the one breakdown that a series has; null where its code is unknown."""
    found: Column = pa.repeat(pa.scalar(TOTAL), table.num_rows)
    for name in BREAKDOWNS:
        ours = translated(table[name], DIMENSIONS[name][2], "breakdown")
        found = pc.if_else(pc.equal(pc.fill_null(ours, ""), TOTAL), found, ours)
    return found
