"""The re-published shapes from which the bundled figures are made: panels, SDG series files, gender portal.

These are other people's copies of a publisher's figures, each in a layout of its own. They are read here and not by
a source, because no publisher answers in these shapes.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from flows.plan import wanted
from schemas import sdg
from schemas.codelist import rows as codelist_rows
from schemas.errors import Changed, Unmapped
from schemas.observation import TOTAL
from schemas.reading import Origin, assemble, row_locators
from schemas.source import Raw, Reading, Series
from schemas.sources import unsd_sdg
from schemas.tabular import read_csv, require_columns
from schemas.translate import Column, note, translated

PANEL_AREAS = {"KOS": "XKX", "NLD_CURACAO": "CUW", "GBM": "IMN"}
"""Names that the panels give to economies, where they are not the World Bank's own codes."""
_CODES: Mapping[str, Mapping[str, str]] = {
    "sex": sdg.SEX,
    "age": sdg.AGE,
    "location": sdg.LOCATION,
    "type_of_speed": sdg.SPEED,
    "education_level": sdg.EDUCATION,
    "type_of_skill": sdg.SKILL,
    "type_of_mobile_technology": sdg.NETWORK,
    "nature": sdg.NATURE,
    "freq": {"a": TOTAL},
}
_DDF_DIMENSIONS = {
    "sex": ("sex",), "age": ("age",), "urbanisation": ("location",),
    "breakdown": ("type_of_speed", "education_level", "type_of_skill", "type_of_mobile_technology", "freq"),
}  # fmt: skip
"""Dimension of ours → columns of a DDF copy. A frequency other than a year is nothing that we can tell apart."""
_DDF = ("geo_area", "year", "units", *_CODES)
"""Every column of a DDF copy, beside the one of the values."""


def panel(path: Path, code: str, edition: str) -> Reading:
    """Read a panel of one World Bank series: `geo` in lower case, `time`, the value."""
    raw = Raw(path.read_bytes(), path.name)
    table = read_csv(raw.content, raw.name)
    area, period, value = table.column_names
    upper = pc.utf8_upper(table[area])
    for theirs, code_of_publisher in PANEL_AREAS.items():
        upper = pc.if_else(pc.equal(upper, theirs), code_of_publisher, upper)
    return _world_bank(raw, code, edition, upper, table[period], table[value])


def population(path: Path, edition: str) -> Reading:
    """Read the panel of mid-year population, which has aggregates too."""
    raw = Raw(path.read_bytes(), path.name)
    table = read_csv(raw.content, raw.name)
    require_columns(table, ("Country Code", "Year", "Value"), raw.name)
    return _world_bank(raw, "SP.POP.TOTL", edition, table["Country Code"], table["Year"], table["Value"])


def _world_bank(
    raw: Raw, code: str, edition: str, area: pa.ChunkedArray, period: pa.ChunkedArray, value: pa.ChunkedArray
) -> Reading:
    columns = {"area": area, "time_period": period, "value": value}
    return _reading(columns, _series("world_bank", code), Origin("world_bank", "world_bank", edition, raw))


def sdg_series(path: Path, code: str, edition: str) -> Reading:
    """Read one SDG series of a DDF copy. Raises Unmapped where a figure cannot be understood."""
    return _understood(ddf(path, code, edition), path.name)


def ddf(path: Path, code: str, edition: str) -> Reading:
    """Read one SDG series of a DDF copy, every column of it; rejects are figures that cannot be understood.

    Area codes have no leading zeros, other codes are in lower case. Raises Changed for a column that is not known.
    """
    raw = Raw(path.read_bytes(), path.name)
    table = read_csv(raw.content, raw.name)
    require_columns(table, ("geo_area", "year", code.lower()), raw.name)
    others = sorted(set(table.column_names) - {*_DDF, code.lower()})
    if others:
        raise Changed(
            f"{raw.name} has columns that nobody knows: {', '.join(others)}",
            next_step="say in flows/bundle_shapes.py what they are",
        )
    series = _series("unsd_sdg", code)
    _require_unit(table, series, raw.name)
    there = [name for name in _CODES if name in table.column_names]
    columns = {
        "area": pc.utf8_lpad(table["geo_area"], 3, "0"),
        "time_period": table["year"],
        "value": table[code.lower()],
        **{ours: _joined(table, names) for ours, names in _DDF_DIMENSIONS.items()},
        "raw_codes": note(table, *((name, f"{name} ") for name in there)),
    }
    if "nature" in there:
        columns["obs_status"] = translated(table["nature"], sdg.NATURE)
    return _assembled(columns, series, Origin("unsd_sdg", "m49", edition, raw))


def _joined(table: pa.Table, names: Sequence[str]) -> Column:
    """Translate the columns that make one of ours together: of several breakdowns a figure has one. Null if unknown."""
    found: Column = pa.repeat(pa.scalar(TOTAL), table.num_rows)
    for name in names:
        if name in table.column_names:
            codes = _ages_in(table[name]) if name == "age" else _CODES[name]
            ours = translated(table[name], {"notspec": TOTAL, **codes})
            found = pc.if_else(pc.equal(pc.fill_null(ours, ""), TOTAL), found, ours)
    return found


def _ages_in(column: Column) -> dict[str, str]:
    """Give our codes of the ages in a column; those that our list of ages does not have are left out."""
    known = {row["code"] for row in codelist_rows("age")}
    spans = {text: _span(text) for text in pc.unique(column).to_pylist()}
    return {**sdg.AGE, **{text: code for text, code in spans.items() if code in known}}


def _require_unit(table: pa.Table, series: Series, name: str) -> None:
    """Raise Changed where a series comes in another unit than its indicator has."""
    ours = next(row["sdmx"] for row in codelist_rows("unit") if row["code"] == series.unit)
    units = pc.unique(table["units"]).to_pylist() if "units" in table.column_names else []
    others = [unit for unit in units if ours not in sdg.UNITS.get(unit, frozenset())]
    if others:
        raise Changed(f"{series.code} in {name} comes in the unit {', '.join(others)}", why=f"it is held as {ours}")


def _span(text: str) -> str:
    """Give our code of an age: `25_74`, `lt15y`, `75` for 75 and over."""
    span = re.sub(r"^lt(\d+)y?$", r"Y_LT\1", text)
    return re.sub(r"^(\d+)$", r"Y_GE\1", re.sub(r"^(\d+)_(\d+)$", r"Y\1T\2", span))


def sdg_portal(path: Path, code: str) -> Reading:
    """Read the SDG portal's export of a series, as the source itself does."""
    return unsd_sdg.read(Raw(path.read_bytes(), path.name), [_series("unsd_sdg", code)])


def gender_portal(path: Path, code: str, edition: str) -> Reading:
    """Read an indicator of the gender portal: tab-separated, with the age base of each country's survey."""
    raw = Raw(path.read_bytes(), path.name)
    table = read_csv(raw.content, raw.name, delimiter="\t")
    require_columns(table, ("REF_AREA", "TIME_PERIOD", "SEX", "OBS_VALUE", "NATURE", "COMMENT_OBS"), raw.name)
    columns = {
        "area": pc.utf8_lpad(table["REF_AREA"], 3, "0"),
        "time_period": table["TIME_PERIOD"],
        "value": table["OBS_VALUE"],
        "sex": translated(table["SEX"], sdg.SEX),
        "age": _ages(table),
        "obs_status": translated(table["NATURE"], sdg.NATURE),
        "note": note(table, ("COMMENT_OBS", ""), ("SOURCE_DETAIL", "Source: ")),
    }
    return _reading(columns, _series("unsd_gender", code), Origin("unsd_gender", "m49", edition, raw))


def _series(source: str, code: str) -> Series:
    return next(series for series in wanted(source) if series.code == code)


def _reading(columns: Mapping[str, pa.ChunkedArray], series: Series, origin: Origin) -> Reading:
    """Assemble, and refuse what the bundle must not hold: figures that could not be understood."""
    return _understood(_assembled(columns, series, origin), origin.raw.name)


def _assembled(columns: Mapping[str, pa.ChunkedArray], series: Series, origin: Origin) -> Reading:
    count = len(columns["value"])
    fixed = {
        "series_code": pa.repeat(pa.scalar(series.code), count),
        "record": row_locators(count),
    }
    return assemble(pa.table({**columns, **fixed}), [series], origin)


def _understood(reading: Reading, name: str) -> Reading:
    """Give the reading back. Raises Unmapped where a record could not become an observation."""
    if reading.rejects.num_rows:
        first = reading.rejects.slice(0, 1).to_pylist()[0]
        raise Unmapped(
            f"{name}: {reading.rejects.num_rows} records cannot be bundled",
            why=f"{first['reason']}: {first['detail']} in {first['record']}",
            next_step="translate the code in flows/bundle_shapes.py or add it to schemas/codelists/",
        )
    return reading


def _ages(table: pa.Table) -> pa.Array:
    """Give the age base: from its column, or from the comment, where it may differ from year to year."""
    if "AGE" in table.column_names:
        return pc.replace_substring_regex(table["AGE"], r"^Y_GE0(\d)$", r"Y_GE\1")
    comments = table["COMMENT_OBS"].to_pylist()
    return pa.array([age_in(text, year) for text, year in zip(comments, table["TIME_PERIOD"].to_pylist(), strict=True)])


def age_in(comment: str, year: str) -> str:
    """Give the SDMX code of the age base that a comment tells for a year; the total where it tells none.

    `Population age 15+` → Y_GE15; `Age range: 15-49` → Y15T49; `Population age 5-75 (2018); 5-74 (2019)` by year.
    """
    dated = dict(re.findall(r"(\d+-\d+|\d+\+)[^;]*?\((\d{4})\)", comment))
    by_year = {told: span for span, told in dated.items()}
    if by_year:
        return _age_code(by_year[year]) if year in by_year else TOTAL
    found = re.search(r"\bage\D{0,10}?(\d+-\d+|\d+\+)", comment, re.IGNORECASE)
    return _age_code(found.group(1)) if found else TOTAL


def _age_code(span: str) -> str:
    if span.endswith("+"):
        return f"Y_GE{int(span[:-1])}"
    first, last = span.split("-")
    return f"Y{int(first)}T{int(last)}"
