"""World Bank Data360: ITU's DataHub as the World Bank re-publishes it (database ITU_DH), as SDMX-CSV or JSON.

Its observation status is always A: ITU's mark of an estimate is lost on the way, so the source stands behind ITU's own.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.codelist import rows as codelist_rows
from schemas.columns import Layout, unknown_cells, unknown_keys
from schemas.containers import unpacked
from schemas.errors import Changed, Empty
from schemas.observation import TOTAL
from schemas.reading import Origin, assemble
from schemas.source import CC_BY_NC_SA_3_0_IGO, PageFacts, Raw, Reading, Request, Scope, Series, Source
from schemas.status import Field, read_marks
from schemas.tables import TableLayout, read_table
from schemas.tabular import cell, count_of, json_of
from schemas.translate import note, translated

SOURCE = Source(
    id="data360",
    title="World Bank Data360, copy of ITU's DataHub",
    publisher="World Bank, after International Telecommunication Union",
    address="https://data360api.worldbank.org/data360",
    licence=CC_BY_NC_SA_3_0_IGO,
    citation="ITU DataHub, as re-published by World Bank Data360, edition {edition}",
    cadence="yearly",
    area_scheme="world_bank",
    routes=(
        (
            "download the CSV of the indicator from data360.worldbank.org and give it: "
            "ictdev refresh --from-file data360=FILE.csv@YYYY-MM-DD"
        ),
    ),
    release_key="day of arrival: answers do not say it",
    paging="1,000 records a page, by `skip`, counted in `count`",
    economies=100,
    first_year=2000,
)

PAGE_SIZE = 1_000
_FIELDS = ("INDICATOR", "REF_AREA", "SEX", "AGE", "URBANISATION", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
_ATTRIBUTES = {
    "UNIT_MULT": "unit_mult", "UNIT_MEASURE": "unit_measure", "DECIMALS": "decimals", "OBS_CONF": "conf_status",
    "CONF_STATUS": "conf_status", "ACTION": "action",
}  # fmt: skip
_LAYOUT = Layout(
    dimensions=("INDICATOR", "REF_AREA", "SEX", "AGE", "URBANISATION", "TIME_PERIOD"),
    attributes=("OBS_VALUE", "OBS_STATUS", "COMMENT_OBS", *_ATTRIBUTES),
    ignored=(
        "STRUCTURE", "STRUCTURE_ID", "FREQ", "AGG_METHOD", "DATABASE_ID", "UNIT_TYPE", "TIME_FORMAT", "COMMENT_TS",
        "DATA_SOURCE", "LATEST_DATA", "OBS_PRE_BREAK", "record",
    ),
)  # fmt: skip
_STATUS = Field("data360", "OBS_STATUS")
_PLACES = {"_T": TOTAL, "_Z": TOTAL, "": TOTAL, "URB": "U", "RUR": "R", "U": "U", "R": "R"}
_SEXES = {"_T": TOTAL, "_Z": TOTAL, "": TOTAL, "F": "F", "M": "M"}
_AGES = {"": TOTAL, "_Z": TOTAL, **{row["code"]: row["code"] for row in codelist_rows("age")}}


def plan(source: Source, series: Sequence[Series]) -> Iterator[Request]:
    """One request per series, for all areas and years."""
    for one in series:
        params = {"DATABASE_ID": "ITU_DH", "INDICATOR": one.code, "skip": "0"}
        yield Request(f"{source.address}/data", params, (one.code,))


def next_page(request: Request, content: bytes) -> Request | None:
    """Ask for the next 1,000 records while the answer counts more than were given."""
    given = PAGE_SIZE * request.page
    if (page_facts(content, request.url).declared or 0) <= given:
        return None
    return Request(request.url, {**request.params, "skip": str(given)}, request.series, request.page + 1)


def page_facts(content: bytes, name: str) -> PageFacts:
    """Count the records that are announced, and those on this page."""
    answer = _answer(content, name)
    return PageFacts(count_of(answer, "count", name), len(answer["value"]))


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read SDMX-CSV with labels, or a page of the API."""
    raw = unpacked(raw)
    if raw.content.lstrip()[:1] == b"{":
        table = _from_answer(raw)
    else:
        table, raw = read_table(raw, TableLayout(_FIELDS, values=("OBS_VALUE",), ours=_LAYOUT.declared))
    marks = read_marks((table["OBS_STATUS"], _STATUS))
    attributes = {ours: table[name] for name, ours in _ATTRIBUTES.items() if name in table.column_names}
    records = pa.table(
        {
            **attributes,
            "unknown": table["unknown"] if "unknown" in table.column_names else unknown_cells(table, _LAYOUT),
            "series_code": table["INDICATOR"],
            "area": table["REF_AREA"],
            "time_period": table["TIME_PERIOD"],
            "value": table["OBS_VALUE"],
            "obs_status": marks.obs_status,
            "no_figure": marks.no_figure,
            "sex": translated(table["SEX"], _SEXES, "sex"),
            "age": translated(table["AGE"], _AGES, "age"),
            "urbanisation": translated(table["URBANISATION"], _PLACES, "urbanisation"),
            "raw_sex": table["SEX"],
            "raw_age": table["AGE"],
            "raw_urbanisation": table["URBANISATION"],
            "raw_status": table["OBS_STATUS"],
            "note": note(table, ("COMMENT_OBS", "")),
            "record": table["record"],
        }
    )
    origin = Origin("data360", "world_bank", raw.edition or raw.received, raw, edition_assumed=not raw.edition)
    return assemble(records, wanted, origin, scopes=_scopes(table))


def _scopes(table: pa.Table) -> list[Scope]:
    """A file speaks of its indicators for the areas that it names; a page is one of several and removes nothing."""
    if "STRUCTURE" not in table.column_names:
        return []
    codes = sorted(pc.unique(table["INDICATOR"]).to_pylist())
    return [Scope("data360", code) for code in codes]


def _answer(content: bytes, name: str) -> dict[str, Any]:
    answer = json_of(content, name)
    if not isinstance(answer, dict) or not isinstance(answer.get("value"), list):
        raise Changed(f"{name} is not an answer of Data360", why="it has no list `value`")
    return answer


def _from_answer(raw: Raw) -> pa.Table:
    rows = _answer(raw.content, raw.name)["value"]
    if not rows:
        raise Empty(f"{raw.name} holds no record", why="Data360 answers an empty list for codes that it does not carry")
    if not all(
        isinstance(row, dict) and {"INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"} <= set(row) for row in rows
    ):
        raise Changed(f"a record of {raw.name} lacks one of INDICATOR, REF_AREA, TIME_PERIOD, OBS_VALUE")
    named = [*_FIELDS, *(name for name in ("COMMENT_OBS", *_ATTRIBUTES) if any(name in row for row in rows))]
    columns = {name: pa.array([cell(row.get(name)) for row in rows], pa.string()) for name in named}
    records = pa.array([f"json:/value/{at}" for at in range(len(rows))], pa.string())
    return pa.table({**columns, "record": records, "unknown": unknown_keys(rows, _LAYOUT)})
