"""UNESCO Institute for Statistics: schools with internet and computers, by its public API (JSON).

The API ignores parameters that it does not know and then answers other figures with status 200: what came back is
compared with what was asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import Layout, unknown_keys
from schemas.containers import unpacked
from schemas.errors import Changed, Empty
from schemas.reading import Origin, assemble
from schemas.source import Licence, Raw, Reading, Release, Request, Scope, Series, Source, no_facts, one_answer
from schemas.status import Field, read_marks
from schemas.tabular import cell, json_of
from schemas.translate import note


def _release(content: bytes) -> str:
    """Give the newest day on which a theme was updated; the answer writes month/day/year."""
    answer = json_of(content, "the list of versions")
    themes = answer.get("themeDataStatus") if isinstance(answer, dict) else None
    if not isinstance(themes, list):
        raise Changed("the list of versions has no themeDataStatus", why="its release key cannot be read")
    days = []
    for theme in themes:
        try:
            month, day, year = (int(part) for part in str(theme.get("lastUpdate", "")).split("/"))
            days.append(date(year, month, day).isoformat())
        except (ValueError, AttributeError) as error:
            raise Changed("the list of versions names a day that is none", why=str(error)) from error
    return max(days, default="")


SOURCE = Source(
    id="uis",
    title="UNESCO Institute for Statistics",
    publisher="UNESCO Institute for Statistics",
    address="https://api.uis.unesco.org/api/public",
    licence=Licence(
        "CC-BY-SA-3.0-IGO", "Creative Commons Attribution-ShareAlike 3.0 IGO",
        "https://creativecommons.org/licenses/by-sa/3.0/igo/", open=True,
    ),
    citation="UNESCO Institute for Statistics, edition {edition}",
    cadence="twice a year",
    lag_years=3,  # school years are reported late
    area_scheme="ref_area",
    routes=("save the API's answer and give it: ictdev refresh --from-file uis=FILE.json",),
    release_key="`lastUpdate` in the list of versions",
    economies=80,
    first_year=2000,
    release=Release("/versions/default", _release),
)  # fmt: skip
_LAYOUT = Layout(
    dimensions=("indicatorId", "geoUnit", "year"), attributes=("value", "magnitude", "qualifier"),
    ignored=("geoUnitType", "indicatorName", "geoUnitName"),
)  # fmt: skip
_MAGNITUDE, _QUALIFIER = Field("uis", "magnitude"), Field("uis", "qualifier")

next_page = one_answer
page_facts = no_facts


def plan(source: Source, series: Sequence[Series]) -> Iterator[Request]:
    """One request per series. The parameter is `indicator`: the plural is ignored without a word."""
    for one in series:
        yield Request(f"{source.address}/data/indicators", {"indicator": one.code}, (one.code,))


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read an answer of the API."""
    raw = unpacked(raw)
    rows = _rows(raw)
    columns = {name: pa.array([cell(row.get(name)) for row in rows], pa.string()) for name in _FIELDS}
    table = pa.table(columns)
    _require_asked(table, raw)
    marks = read_marks((table["magnitude"], _MAGNITUDE), (table["qualifier"], _QUALIFIER))
    records = pa.table(
        {
            "series_code": table["indicatorId"],
            "area": table["geoUnit"],
            "time_period": table["year"],
            "value": table["value"],
            "obs_status": marks.obs_status,
            "no_figure": marks.no_figure,
            "note": note(table, ("magnitude", "Magnitude: "), ("qualifier", "Qualifier: ")),
            "raw_status": note(table, ("magnitude", ""), ("qualifier", "")),
            "unknown": unknown_keys(rows, _LAYOUT),
            "record": pa.array([f"json:/records/{at}" for at in range(len(rows))], pa.string()),
        }
    )
    national = pc.invert(pc.match_substring(table["geoUnit"], ":"))  # groups are written `SDG: World`
    groups = records.num_rows - (pc.sum(national).as_py() or 0)
    records = records.filter(national)
    origin = Origin("uis", "ref_area", raw.edition or raw.received, raw, edition_assumed=not raw.edition)
    reading = assemble(records, wanted, origin, scopes=[Scope("uis", code) for code in _asked(raw)])
    return replace(reading, skipped=reading.skipped + groups)


_FIELDS = ("indicatorId", "geoUnit", "year", "value", "magnitude", "qualifier")


def _rows(raw: Raw) -> list[dict[str, Any]]:
    answer = json_of(raw.content, raw.name)
    rows = answer.get("records") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) and {*_FIELDS[:4]} <= set(row) for row in rows):
        raise Changed(f"{raw.name} is not an answer of the UIS API", why="it has no list `records` of figures")
    if not rows:
        raise Empty(f"{raw.name} holds no record", why="the API answers an empty list for codes that it does not carry")
    return rows


def _asked(raw: Raw) -> list[str]:
    return parse_qs(urlsplit(raw.url).query).get("indicator", [])


def _require_asked(table: pa.Table, raw: Raw) -> None:
    """Raise Changed where the answer speaks of other indicators than the address asked for."""
    asked, came = set(_asked(raw)), set(pc.unique(table["indicatorId"]).to_pylist())
    if asked and came - asked:
        raise Changed(
            f"{raw.name} answers {', '.join(sorted(came)[:5])}, asked was {', '.join(sorted(asked))}",
            why="the API ignores parameters that it does not know and answers something else",
            next_step="the API may have renamed its parameter: schemas/sources/uis.py must follow",
        )
