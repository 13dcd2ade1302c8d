"""Eurostat: household ICT surveys (dataflows isoc_…), as SDMX-CSV 2.0 with flags.

A series is named `DATAFLOW:INDICATOR:UNIT`, because one dataflow holds many: `isoc_ci_ifp_iu:I_IU3:PC_IND`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import Layout, unknown_cells
from schemas.errors import Changed, Empty
from schemas.observation import TOTAL
from schemas.reading import Origin, assemble, row_locators
from schemas.source import Licence, Raw, Reading, Request, Scope, Series, Source, no_facts, one_answer
from schemas.status import Field, read_marks
from schemas.tabular import read_csv, require_columns
from schemas.translate import Column, note, translated

EU_REUSE = Licence(
    "EU-reuse", "European Union, reuse with attribution", "https://ec.europa.eu/eurostat/about-us/policies/copyright",
    open=True,
)  # fmt: skip
SOURCE = Source(
    id="eurostat",
    title="Eurostat, ICT usage in households and by individuals",
    publisher="Eurostat",
    address="https://ec.europa.eu/eurostat/api/dissemination/sdmx/3.0/data/dataflow/ESTAT",
    licence=EU_REUSE,
    citation="Eurostat, ICT usage in households and by individuals, edition {edition}",
    cadence="yearly",
    area_scheme="iso2",
    routes=("download SDMX-CSV 2.0 from the data browser and give it: ictdev refresh --from-file eurostat=FILE.csv",),
    release_key="day of arrival: answers do not say it",
    economies=25,
    first_year=2002,
)
_NEEDED = ("STRUCTURE", "STRUCTURE_ID", "freq", "unit", "geo", "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG")
_WHO = {
    "IND_TOTAL": (TOTAL, "Y16T74", TOTAL), "F_Y16_74": ("F", "Y16T74", TOTAL), "M_Y16_74": ("M", "Y16T74", TOTAL),
    "Y16_24": (TOTAL, "Y16T24", TOTAL), "Y25_54": (TOTAL, "Y25T54", TOTAL), "Y55_74": (TOTAL, "Y55T74", TOTAL),
    "DEG1": (TOTAL, "Y16T74", "U"), "DEG3": (TOTAL, "Y16T74", "R"),
}  # fmt: skip
"""`ind_type` → sex, age base, residence (cities as urban, rural areas as rural; towns and suburbs have no code)."""
_LAYOUT = Layout(
    dimensions=("freq", "indic_is", "unit", "ind_type", "geo", "TIME_PERIOD"),
    attributes=("ACTION", "OBS_VALUE", "OBS_FLAG", "CONF_STATUS", "UNIT_MULT", "DECIMALS"),
    ignored=(
        "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "DATAFLOW", "LAST UPDATE", "record", "Time frequency",
        "Information society indicator", "Unit of measure", "Individual type", "Time", "Observation value",
        "Geopolitical entity (reporting)", "Observation status (Flag)", "Confidentiality status (flag)",
        "Observation status (Flag) V2 structure",
    ),
)  # fmt: skip
_FLAGS = Field("eurostat", "OBS_FLAG", "letters")

_ATTRIBUTES = {"UNIT_MULT": "unit_mult", "DECIMALS": "decimals", "ACTION": "action"}

next_page = one_answer
page_facts = no_facts


def plan(source: Source, series: Sequence[Series]) -> Iterator[Request]:
    """One request per series: all countries, years and kinds of people."""
    for one in series:
        flow, indicator, unit = _parts(one.code)
        params = {"format": "csvdata", "formatVersion": "2.0", "compress": "false", "c[indic_is]": indicator}
        yield Request(f"{source.address}/{flow.upper()}/1.0", {**params, "c[unit]": unit}, (one.code,))


def _parts(code: str) -> tuple[str, str, str]:
    flow, _, rest = code.partition(":")
    indicator, _, unit = rest.partition(":")
    return flow, indicator, unit


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read SDMX-CSV 2.0 of an isoc dataflow. What it tells of groups of Eurostat's own is left aside, counted."""
    table = read_csv(raw.content, raw.name)
    require_columns(table, _NEEDED, raw.name)
    if "indic_is" not in table.column_names or "ind_type" not in table.column_names:
        raise Changed(
            f"{raw.name} is not a household ICT dataflow",
            why=f"it has the dimensions {', '.join(name for name in table.column_names if name.islower())}",
            next_step="dataflows of ours begin with isoc_ and have indic_is and ind_type",
        )
    table = table.append_column("record", row_locators(table.num_rows))
    whole = table.num_rows
    table = _known_people(table)
    if table.num_rows == 0:
        raise Empty(f"{raw.name} holds no figure of a country and of people that we tell apart", why=f"{whole} records")
    records = _records(table)
    origin = Origin("eurostat", "iso2", raw.edition or raw.received, raw, edition_assumed=not raw.edition)
    reading = assemble(records, wanted, origin, scopes=_scopes(records))
    return replace(reading, skipped=reading.skipped + whole - table.num_rows)


def _known_people(table: pa.Table) -> pa.Table:
    """Keep the kinds of people that our dimensions can tell apart; many others are by income, job or family."""
    return table.filter(pc.is_in(table["ind_type"], value_set=pa.array(list(_WHO))))


def _records(table: pa.Table) -> pa.Table:
    flow = pc.utf8_lower(pc.replace_substring_regex(table["STRUCTURE_ID"], r"^[^:]*:|\([^)]*\)$", ""))
    marks = read_marks((table["OBS_FLAG"], _FLAGS))
    given = {ours: table[name] for name, ours in _ATTRIBUTES.items() if name in table.column_names}
    return pa.table(
        {
            **given,
            "unknown": unknown_cells(table, _LAYOUT),
            "series_code": pc.binary_join_element_wise(flow, table["indic_is"], table["unit"], ":"),
            "area": _countries(table["geo"]),
            "time_period": table["TIME_PERIOD"],
            "value": table["OBS_VALUE"],
            "obs_status": marks.obs_status,
            "no_figure": marks.no_figure,
            "raw_status": table["OBS_FLAG"],
            "note": note(table, ("OBS_FLAG", "Flag: "), ("CONF_STATUS", "Confidentiality: ")),
            **{name: _who(table["ind_type"], at) for at, name in enumerate(("sex", "age", "urbanisation"))},
            "record": table["record"],
        }
    )


def _countries(geo: Column) -> Column:
    """Give ISO codes: Greece and the United Kingdom have codes of Eurostat's own."""
    return pc.replace_substring_regex(pc.replace_substring_regex(geo, "^EL$", "GR"), "^UK$", "GB")


def _who(kind: Column, position: int) -> Column:
    return translated(kind, {name: told[position] for name, told in _WHO.items()})


def _scopes(records: pa.Table) -> list[Scope]:
    return [Scope("eurostat", code) for code in sorted(pc.unique(records["series_code"]).to_pylist())]
