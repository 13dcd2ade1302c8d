"""UNSD: the SDG Global Database, by its API, the portal's CSV export or its workbook."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas import sdg
from schemas.codelist import rows as codelist_rows
from schemas.codelist import translate_areas
from schemas.containers import unpacked
from schemas.errors import Changed, Empty
from schemas.observation import TOTAL
from schemas.reading import Origin, assemble
from schemas.source import UN_TERMS, PageFacts, Raw, Reading, Release, Request, Scope, Series, Source
from schemas.tables import Layout, read_table
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
_DIMENSIONS = {
    "sex": ("Sex", "sexCode", sdg.SEX),
    "age": ("Age", "ageCode", sdg.AGE),
    "urbanisation": ("Location", "locationCode", sdg.LOCATION),
    "speed": ("Type of speed", "typeOfSpeedCode", sdg.SPEED),
    "education": ("Education level", "educationLevelCode", sdg.EDUCATION),
    "skill": ("Type of skill", "typeOfSkillCode", sdg.SKILL),
    "network": ("Type of mobile technology", "typeOfMobileTechnologyCode", sdg.NETWORK),
}
_BREAKDOWNS = ("speed", "education", "skill", "network")
_HEADINGS: dict[str, tuple[str, ...]] = {
    "series": ("seriescode",), "area": ("geoareacode",), "time": ("timeperiod", "timeperiodstart"), "value": ("value",),
    "origin": ("source",), "footnote": ("footnote", "footnotes"), "release": ("releasename", "seriesrelease"),
    "nature": ("nature", "naturecode"), "units": ("units", "unitscode"),
    "reporting": ("reporting type", "reportingtypecode"),
    **{name: (heading.lower(), code.lower()) for name, (heading, code, _) in _DIMENSIONS.items()},
}  # fmt: skip
"""Our name → headings of the portal's exports and workbooks, in small letters; today's stand in brackets: `[Sex]`."""
_NEEDED = ("series", "area", "time", "value")


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
    table, raw = read_table(raw, LAYOUT)
    return _assembled(table, raw, wanted)


def _answer(content: bytes, name: str) -> dict[str, Any]:
    answer = json_of(content, name)
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        raise Changed(f"{name} is not an answer of the SDG API", why="it has no list `data`")
    return answer


def _from_answer(raw: Raw) -> pa.Table:
    """Lay the records of a page out as text columns."""
    records = _answer(raw.content, raw.name)["data"]
    if not records:
        raise Empty(f"{raw.name} holds no record", why="the API answers an empty list for codes that it does not carry")
    try:
        columns = {name: [take(record) for record in records] for name, take in _TAKEN.items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise Changed(f"a record of {raw.name} lacks the field {error}") from error
    at = pa.array([f"json:/data/{number}" for number in range(len(records))], pa.string())
    return pa.table({**{name: pa.array(values, pa.string()) for name, values in columns.items()}, "record": at})


def _text(value: object) -> str:
    """Write a JSON value as text; footnotes come as a list."""
    return "; ".join(cell(part) for part in value if part) if isinstance(value, list) else cell(value)


def _inside(part: str, name: str) -> Any:
    return lambda record: _text((record.get(part) or {}).get(name))


_TAKEN: dict[str, Any] = {
    "series": lambda record: _text(record["series"]),
    "area": lambda record: _text(record["geoAreaCode"]),
    "time": lambda record: _text(record["timePeriodStart"]),
    "value": lambda record: _text(record["value"]),
    "origin": lambda record: _text(record.get("source")),
    "footnote": lambda record: _text(record.get("footnotes")),
    "release": lambda record: "",  # noqa: ARG005 - a page does not say it
    "nature": _inside("attributes", "Nature"),
    "units": _inside("attributes", "Units"),
    "reporting": _inside("dimensions", "Reporting Type"),
    **{name: _inside("dimensions", heading) for name, (heading, _, _) in _DIMENSIONS.items()},
}


def _ours(heading: str) -> str:
    """Give our name of a heading, whichever layout writes it; the heading itself where it says nothing to us."""
    told = heading.strip().strip("[]").lower()
    return next((ours for ours, known in _HEADINGS.items() if told in known), heading)


LAYOUT = Layout(_NEEDED, useful=tuple(_HEADINGS), values=("value",), ours=_ours)


def _assembled(table: pa.Table, raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Keep the global reporting, translate, and refuse another unit than the indicator's."""
    blank = pa.repeat(pa.scalar(""), table.num_rows)
    for name in _HEADINGS:
        if name not in table.column_names:
            table = table.append_column(name, blank)
    national = pc.is_in(pc.utf8_upper(table["reporting"]), value_set=pa.array(["N", "R"]))
    whole = table.num_rows
    table = table.filter(pc.invert(national))
    aside = whole - table.num_rows
    filled = table.filter(pc.not_equal(pc.utf8_trim_whitespace(table["value"]), ""))
    _require_units(filled, wanted, raw.name)
    edition = _edition(table, raw)
    records = pa.table(
        {
            "series_code": table["series"],
            "area": pc.utf8_lpad(table["area"], 3, "0"),
            "time_period": pc.replace_substring_regex(table["time"], r"\.0+$", ""),
            "value": table["value"],
            "obs_status": translated(table["nature"], sdg.NATURE),
            "note": note(table, ("footnote", ""), ("origin", "Source: "), ("nature", "Nature: ")),
            "record": table["record"],
            **{name: translated(table[name], _DIMENSIONS[name][2]) for name in ("sex", "age", "urbanisation")},
            "breakdown": _breakdown(table),
            "raw_codes": note(table, *((name, f"{name} ") for name in ("nature", *_DIMENSIONS))),
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
    for name in _BREAKDOWNS:
        ours = translated(table[name], {"": TOTAL, **_DIMENSIONS[name][2]})
        found = pc.if_else(pc.equal(pc.fill_null(ours, ""), TOTAL), found, ours)
    return found


def _require_units(table: pa.Table, wanted: Sequence[Series], name: str) -> None:
    """Raise Changed where a series comes in another unit than its indicator has."""
    sdmx = {row["code"]: row["sdmx"] for row in codelist_rows("unit")}
    ours = {series.code: sdmx.get(series.unit, "") for series in wanted}
    pairs = table.group_by(["series", "units"]).aggregate([]).to_pylist()
    for pair in pairs:
        if pair["series"] in ours and ours[pair["series"]] not in sdg.UNITS.get(pair["units"].lower(), frozenset()):
            raise Changed(
                f"{pair['series']} in {name} comes in the unit {pair['units'] or '(none)'}",
                why=f"its indicator is held as {ours[pair['series']]}",
                next_step="if the publisher changed the unit, the catalogue needs another indicator for it",
            )
