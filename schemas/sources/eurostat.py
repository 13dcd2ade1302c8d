"""Eurostat: household ICT surveys (dataflows isoc_…), as SDMX-CSV 2.0 or 1.0, with or without labels, or as TSV.

A series is named `DATAFLOW:INDICATOR:UNIT`, because one dataflow holds many: `isoc_ci_ifp_iu:I_IU3:PC_IND`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import Layout, unknown_cells
from schemas.containers import unpacked
from schemas.errors import Changed, Empty
from schemas.observation import TOTAL
from schemas.reading import Origin, assemble, row_locators
from schemas.source import Licence, Raw, Reading, Request, Scope, Series, Source, no_facts, one_answer
from schemas.status import Field, read_marks
from schemas.tables import TableLayout, read_table
from schemas.tabular import read_csv, unpivot
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
    routes=("download SDMX-CSV from the data browser and give it: ictdev refresh --from-file eurostat=FILE.csv.gz",),
    release_key="`LAST UPDATE` in SDMX-CSV 1.0; else day of arrival",
    economies=25,
    first_year=2002,
)
_NEEDED = ("STRUCTURE_ID", "freq", "unit", "geo", "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG")
_LABELLED = re.compile(r"^([A-Za-z_ ]+):.+$")
"""A heading of SDMX-CSV 1.0 with labels: `geo:Geopolitical entity`; its cells then are `FR:France`."""
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
    """Read a download of an isoc dataflow. What it tells of groups of Eurostat's own is left aside, counted."""
    raw = unpacked(raw)
    table, raw = _from_tsv(raw, wanted) if _is_tsv(raw.content) else _from_sdmx(raw)
    if "indic_is" not in table.column_names or "ind_type" not in table.column_names:
        raise Changed(
            f"{raw.name} is not a household ICT dataflow",
            why=f"it has the dimensions {', '.join(name for name in table.column_names if name.islower())}",
            next_step="dataflows of ours begin with isoc_ and have indic_is and ind_type",
        )
    whole = table.num_rows
    table = _known_people(table)
    if table.num_rows == 0:
        raise Empty(f"{raw.name} holds no figure of a country and of people that we tell apart", why=f"{whole} records")
    records = _records(table)
    edition = _last_update(table) or raw.edition
    origin = Origin("eurostat", "iso2", edition or raw.received, raw, edition_assumed=not edition)
    reading = assemble(records, wanted, origin, scopes=_scopes(records))
    return replace(reading, skipped=reading.skipped + whole - table.num_rows)


def _from_sdmx(raw: Raw) -> tuple[pa.Table, Raw]:
    """Read SDMX-CSV; version 1.0 names the dataflow and the day of its last update, 2.0 the structure."""
    table, raw = read_table(raw, TableLayout(_NEEDED, values=("OBS_VALUE",), ours=_ours))
    head = raw.content[:20_000].decode(errors="replace").partition("\n")[0]
    if _LABELLED.search(head) and "geo:" in head:
        for name in set(table.column_names) - {"OBS_VALUE", "COMMENT_OBS", "record", "LAST UPDATE", "STRUCTURE_ID"}:
            at = table.column_names.index(name)
            table = table.set_column(at, name, pc.replace_substring_regex(table[name], r"^([^:]*):.*$", r"\1"))
    return table, raw


def _ours(heading: str) -> str:
    match = _LABELLED.match(heading)
    name = match[1] if match else heading
    return "STRUCTURE_ID" if name == "DATAFLOW" else _LAYOUT.declared(name)


def _last_update(table: pa.Table) -> str:
    """Give the day of the last update as ISO; the file writes `17/12/24 23:00:00`."""
    if "LAST UPDATE" not in table.column_names:
        return ""
    days = (re.match(r"(\d{2})/(\d{2})/(\d{2})\b", text) for text in pc.unique(table["LAST UPDATE"]).to_pylist())
    return max((f"20{day[3]}-{day[2]}-{day[1]}" for day in days if day), default="")


def _is_tsv(content: bytes) -> bool:
    return b"\\TIME_PERIOD\t" in content[:2_000] or b"\\time\t" in content[:2_000]


def _from_tsv(raw: Raw, wanted: Sequence[Series]) -> tuple[pa.Table, Raw]:
    """Read TSV: the dimensions in one cell, a column per year, flags behind the figures; the file's name says of what.

    Raises Changed where the name says no dataflow that is asked for.
    """
    flows = {_parts(one.code)[0] for one in wanted}
    flow = max((one for one in flows if one in raw.name.lower()), key=len, default="")
    if not flow:
        raise Changed(
            f"{raw.name} does not say which dataflow it is of",
            why="TSV says it in the file's name only, as in estat_isoc_ci_ifp_iu.tsv.gz",
            next_step=f"name the file after its dataflow ({', '.join(sorted(flows))}), or download SDMX-CSV",
        )
    table = read_csv(raw.content, raw.name, delimiter="\t")
    first, *years = table.column_names
    table = table.append_column("record", row_locators(table.num_rows, raw.prefix))
    long = unpivot(table, (first, "record"), years)
    keys = pc.split_pattern(long[first], ",")
    names = first.partition("\\")[0].split(",")
    if not pc.all(pc.equal(pc.list_value_length(keys), len(names))).as_py():
        raise Changed(f"{raw.name} has rows with other dimensions than {', '.join(names)}")
    parts = pc.extract_regex(pc.utf8_trim_whitespace(long["value"]), r"^(?P<value>:|[^\s:]*)\s*(?P<flag>.*)$")
    columns = {name: pc.list_element(keys, at) for at, name in enumerate(names)}
    record = pc.binary_join_element_wise(long["record"], long["column"], ":")
    told = {"TIME_PERIOD": long["column"], "OBS_VALUE": pc.struct_field(parts, "value"),
            "OBS_FLAG": pc.struct_field(parts, "flag"), "record": record}  # fmt: skip
    structure = pa.repeat(pa.scalar(f"ESTAT:{flow}(1.0)"), long.num_rows)
    return pa.table({**columns, **told, "STRUCTURE_ID": structure}), raw


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
