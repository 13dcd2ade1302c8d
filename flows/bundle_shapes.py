"""The re-published shapes from which the bundled figures are made: panels, SDG series files, gender portal.

These are other people's copies of a publisher's figures, each in a layout of its own. They are read here and not by
a source, because no publisher answers in these shapes.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from flows.plan import wanted
from schemas import sdg
from schemas.errors import Unmapped
from schemas.observation import TOTAL
from schemas.reading import Origin, assemble, row_locators
from schemas.source import Raw, Reading, Series
from schemas.sources import unsd_sdg
from schemas.tabular import read_csv, require_columns
from schemas.translate import note, translated

PANEL_AREAS = {"KOS": "XKX", "NLD_CURACAO": "CUW", "GBM": "IMN"}
"""Names that the panels give to economies, where they are not the World Bank's own codes."""
SDG_BREAKDOWNS = {"type_of_speed": sdg.SPEED, "education_level": sdg.EDUCATION, "type_of_skill": sdg.SKILL}


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
    """Read one SDG series: area code without leading zeros, nature, units, year, and at most sex and one breakdown."""
    raw = Raw(path.read_bytes(), path.name)
    table = read_csv(raw.content, raw.name)
    require_columns(table, ("geo_area", "nature", "year", code.lower()), raw.name)
    columns = {
        "area": pc.utf8_lpad(table["geo_area"], 3, "0"),
        "time_period": table["year"],
        "value": table[code.lower()],
        "obs_status": translated(table["nature"], sdg.NATURE),
    }
    if "sex" in table.column_names:
        columns["sex"] = translated(table["sex"], sdg.SEX)
    for name, codes in SDG_BREAKDOWNS.items():
        if name in table.column_names:
            columns["breakdown"] = translated(table[name], codes)
    return _reading(columns, _series("unsd_sdg", code), Origin("unsd_sdg", "m49", edition, raw))


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
    count = len(columns["value"])
    fixed = {
        "series_code": pa.repeat(pa.scalar(series.code), count),
        "record": row_locators(count),
    }
    reading = assemble(pa.table({**columns, **fixed}), [series], origin)
    if reading.rejects.num_rows:
        first = reading.rejects.slice(0, 1).to_pylist()[0]
        raise Unmapped(
            f"{origin.raw.name}: {reading.rejects.num_rows} records cannot be bundled",
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
