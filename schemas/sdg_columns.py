"""Columns of the SDG database: what its API, the portal and its workbook call each, and which are known."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from schemas import sdg
from schemas.codelist import rows as codelist_rows
from schemas.columns import UNKNOWN, Layout
from schemas.in_force import plain
from schemas.source import Series
from schemas.status import Field
from schemas.translate import Column

DIMENSIONS = {
    "sex": ("Sex", "sexCode", sdg.SEX),
    "age": ("Age", "ageCode", sdg.AGE),
    "urbanisation": ("Location", "locationCode", sdg.LOCATION),
    "speed": ("Type of speed", "typeOfSpeedCode", sdg.SPEED),
    "education": ("Education level", "educationLevelCode", sdg.EDUCATION),
    "skill": ("Type of skill", "typeOfSkillCode", sdg.SKILL),
    "network": ("Type of mobile technology", "typeOfMobileTechnologyCode", sdg.NETWORK),
}
BREAKDOWNS = ("speed", "education", "skill", "network")
PORTAL = {
    "series": "SeriesCode", "area": "GeoAreaCode", "time": "TimePeriod", "value": "Value", "origin": "Source",
    "footnote": "FootNote", "release": "ReleaseName", "nature": "Nature", "units": "Units",
    "reporting": "Reporting Type", "unit_mult": "UnitMultiplier", "status": "Observation Status",
}  # fmt: skip
BOOK = {
    "series": "seriesCode", "area": "geoAreaCode", "time": "timePeriod", "value": "value", "origin": "source",
    "footnote": "footnotes", "release": "seriesRelease", "nature": "natureCode", "units": "unitsCode",
    "reporting": "reportingTypeCode", "unit_mult": "unitMultiplierCode", "status": "observationStatusCode",
}  # fmt: skip
LAYOUT = Layout(
    dimensions=("SeriesCode", "GeoAreaCode", "TimePeriod", "timePeriodStart", "series",
                *(name for heading, code, _ in DIMENSIONS.values() for name in (heading, code))),
    attributes=(*PORTAL.values(), *BOOK.values(), "Unit multiplier"),
    ignored=(
        "ID", "Goal", "Target", "Indicator", "ReleaseStatus", "SeriesID", "isDSDSeries", "SeriesDescription",
        "SeriesObservationCount", "GeoAreaName", "ValueType", "Time_Detail", "TimeCoverage", "UpperBound",
        "LowerBound", "BasePeriod", "GeoInfoUrl", "ObservationID", "Freq", "seriesCount", "goalCode", "targetCode",
        "indicatorCode", "indicatorTier", "level", "parentCode", "parentName", "type", "CountryProfile", "ISO3CD",
        "UNMember", "X", "Y", "timeDetail", "freqCode", "Custodian", "dimensions", "record", "goal", "target",
        "indicator", "seriesDescription", "geoAreaName", "valueType", "time_detail", "timeCoverage", "upperBound",
        "lowerBound", "basePeriod", "geoInfoUrl",
    ),
    pattern=r"_\d+|(goal|target|indicator|series|sex|age|location|educationLevel|typeOfSpeed|typeOfSkill|typeOfMobileTechnology|nature|units|reportingType|freq|observationStatus)Desc",
)  # fmt: skip
_HEADINGS = (*LAYOUT.ignored, *PORTAL.values(), *(heading for heading, _, _ in DIMENSIONS.values()))
CANONICAL = {plain(name): name for name in _HEADINGS}
"""Headings of the portal and the API as they are compared (`[Sex]`, `SEX`) → as they are written here."""
_OURS = {
    **{plain(heading): name for fields in (PORTAL, BOOK) for name, heading in fields.items()},
    **{plain(heading): name for name, told in DIMENSIONS.items() for heading in told[:2]},
    "timeperiodstart": "time", "unit multiplier": "unit_mult",
}  # fmt: skip
NAMES = (*PORTAL, *DIMENSIONS)
"""Our names of the columns that are read."""
MARKS = (("nature", Field("unsd_sdg", "nature")), ("status", Field("unsd_sdg", "OBS_STATUS")),
          ("footnote", Field("unsd_sdg", "footnote", "sentences")))  # fmt: skip


def ours(heading: str) -> str:
    """Give our name of a heading, whichever layout writes it; the heading itself where it says nothing to us.

    A heading that only happens to be one of our names (`network`) comes in brackets, so that it is not taken for it.
    """
    own = heading.strip()
    return _OURS.get(plain(own), f"[{own}]" if own in NAMES else own)


def with_absences(table: pa.Table) -> pa.Table:
    """Mark figures that lack a dimension which always parts their series, and make the other absent cells blank."""
    for code, names in sdg.REQUIRED.items():
        here = pc.equal(table["series"], code)
        for name in names if pc.any(here).as_py() else ():
            lacks = pc.and_(here, pc.is_null(table[name]))
            marked = pc.if_else(lacks, f"{DIMENSIONS[name][0]} is absent", table[UNKNOWN])
            table = table.set_column(table.column_names.index(UNKNOWN), UNKNOWN, marked)
    return pa.table({name: pc.fill_null(table[name], "") for name in table.column_names})


def fitting_units(table: pa.Table, wanted: Sequence[Series]) -> Column:
    """Give the units to be held against the indicator's: blank where the database's own rule has them fit."""
    sdmx = {row["code"]: row["sdmx"] for row in codelist_rows("unit")}
    ours = {series.code: sdmx.get(series.unit, "") for series in wanted}
    pairs = table.group_by(["series", "units"]).aggregate([]).to_pylist()
    fit = {
        f"{one['series']}\x1f{one['units']}"
        for one in pairs
        if ours.get(one["series"]) in sdg.UNITS.get(one["units"].strip().lower(), frozenset())
    }
    key = pc.binary_join_element_wise(table["series"], table["units"], "\x1f")
    return pc.if_else(pc.is_in(key, value_set=pa.array(sorted(fit), pa.string())), "", table["units"])
