"""The catalogue: what each indicator measures, which publishers' series carry it, and how it may be aggregated.

One file per indicator in `indicators/catalogue/`; the file's name is the indicator's id.
"""

from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field, model_validator

from indicators import definition
from indicators.definition import Filled, Strict, Text, texts
from schemas.strict_file import parse_strictly

GUIDE = "docs/add-an-indicator.md"


class Carrier(Strict):
    """A publisher's series that carries the indicator; a dimension that is named here is fixed by the series' code."""

    source: str
    code: str
    sex: str = ""
    age: str = ""
    urbanisation: str = ""
    breakdown: str = ""
    valid_from: str = ""
    """First year of the publisher's editions that use the code; blank where that is not known."""
    valid_to: str = ""
    """Last year of the publisher's editions that use it; such a series is read and no longer asked for."""
    note: str = ""


class Aggregation(Strict):
    """How figures of economies become one of a group, and how much of its population must be covered."""

    method: Literal["weighted_mean", "median", "unweighted_mean", "none"]
    weight: Literal["population", ""] = ""
    minimum_coverage: float = Field(0.5, ge=0, le=1)
    reason: str = ""
    """Why it is not aggregated, or what to mind."""


class Derived(Strict):
    """What a figure of ours is worked out from."""

    method: Literal["relative_gap", "parity"]
    of: str


class Indicator(Strict):
    """One indicator: carried by publishers' series, derived from another one, or held by nobody openly."""

    id: str
    name: Text
    definition: Filled
    unit: str
    direction: Literal["up", "down", "none"]
    bounds: tuple[float | None, float | None]
    breakdowns: tuple[Literal["sex", "age", "urbanisation", "breakdown"], ...] = ()
    sdg: str = ""
    core_list: str = ""
    wsis_target: Literal["", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] = ""
    """Letter of the target in paragraph 6 of the Geneva Plan of Action."""
    paragraphs: tuple[str, ...] = ()
    series: tuple[Carrier, ...] = ()
    licence_effect: Literal["open", "mixed", "closed", ""] = ""
    """What the terms of its sources allow: all open; some closed, so that an open export rests on the others; none."""
    none_held: str = ""
    """Why no open series is held."""
    aggregate: Aggregation
    derived: Derived | None = None
    unconfirmed: tuple[str, ...] = ()
    """Keys of this file that rest on memory rather than on a source."""

    @model_validator(mode="after")
    def _comes_from_somewhere(self) -> "Indicator":
        given = [name for name in ("series", "derived", "none_held") if getattr(self, name)]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(f"exactly one of series, derived and none_held is needed, not {found}")
        return self


@cache
def load() -> MappingProxyType[str, Indicator]:
    """Give every indicator by id. Raises Invalid, naming file and key, where a file is wrong."""
    return MappingProxyType(definition.read_each(texts(files("indicators") / "catalogue"), parse, GUIDE))


def parse(name: str, text: str) -> Indicator:
    """Read one file of the catalogue."""
    return parse_strictly(f"indicators/catalogue/{name}", text, Indicator, GUIDE, id=name.removesuffix(".yml"))


def schema() -> dict[str, Any]:
    """Give the JSON schema of a catalogue file, which editors check it against: `indicators/catalogue.schema.json`."""
    found = Indicator.model_json_schema()
    del found["properties"]["id"]
    found["required"].remove("id")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def tables() -> dict[str, pa.Table]:
    """Give the catalogue as the tables `indicator` and `indicator_series`."""
    every = load().values()
    return {
        "indicator": pa.Table.from_pylist([_row(one) for one in every], schema=_INDICATOR),
        "indicator_series": pa.Table.from_pylist(
            [row for one in every for row in _series_rows(one)], schema=_INDICATOR_SERIES
        ),
    }


_TEXT = pa.string()
_INDICATOR = pa.schema(
    [
        ("indicator", _TEXT),
        ("name_en", _TEXT),
        ("name_zh", _TEXT),
        ("definition", _TEXT),
        ("unit", _TEXT),
        ("direction", _TEXT),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("sdg", _TEXT),
        ("core_list", _TEXT),
        ("wsis_target", _TEXT),
        ("paragraphs", pa.list_(_TEXT)),
        ("aggregation", _TEXT),
        ("minimum_coverage", pa.float64()),
        ("derived_from", _TEXT),
        ("none_held", _TEXT),
        ("licence_effect", _TEXT),
        ("unconfirmed", pa.list_(_TEXT)),
    ]
)
_INDICATOR_SERIES = pa.schema(
    [
        ("indicator", _TEXT),
        ("source", _TEXT),
        ("series_code", _TEXT),
        ("preference", pa.int32()),
        ("breakdown", _TEXT),
        ("valid_from", _TEXT),
        ("valid_to", _TEXT),
        ("note", _TEXT),
    ]
)


def _row(one: Indicator) -> dict[str, Any]:
    return {
        "indicator": one.id,
        "name_en": one.name.en,
        "name_zh": one.name.zh,
        "definition": one.definition,
        "unit": one.unit,
        "direction": one.direction,
        "lower": one.bounds[0],
        "upper": one.bounds[1],
        "sdg": one.sdg,
        "core_list": one.core_list,
        "wsis_target": one.wsis_target,
        "paragraphs": list(one.paragraphs),
        "aggregation": one.aggregate.method,
        "minimum_coverage": one.aggregate.minimum_coverage,
        "derived_from": one.derived.of if one.derived else "",
        "none_held": one.none_held,
        "licence_effect": one.licence_effect,
        "unconfirmed": list(one.unconfirmed),
    }


def _series_rows(one: Indicator) -> list[dict[str, Any]]:
    order = list(dict.fromkeys(carrier.source for carrier in one.series))
    return [
        {
            "indicator": one.id,
            "source": carrier.source,
            "series_code": carrier.code,
            "preference": order.index(carrier.source) + 1,
            "breakdown": carrier.breakdown,
            "valid_from": carrier.valid_from,
            "valid_to": carrier.valid_to,
            "note": carrier.note,
        }
        for carrier in one.series
    ]
