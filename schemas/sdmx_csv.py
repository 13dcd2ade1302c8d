"""SDMX-CSV 2.0: the format in which bundles, national submissions and several publishers exchange observations.

A bundle is a route, not a source: its figures keep their publisher's source id and edition. Beside each
`<name>.csv.gz` lies `<name>.json`, which names publisher, licence, citation and what the file speaks of.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.columns import UNKNOWN, Layout, unknown_cells
from schemas.containers import gunzip
from schemas.errors import Empty, Invalid
from schemas.observation import DIMENSIONS, REJECT, TOTAL
from schemas.reading import Origin, assemble, row_locators
from schemas.source import Licence, Raw, Reading, Scope, Source
from schemas.status import Field, read_marks
from schemas.tabular import read_csv, require_columns

STRUCTURE_ID = "ICTDEV:DF_OBSERVATION(1.0)"

COLUMNS: Mapping[str, str] = {
    "INDICATOR": "indicator",
    "REF_AREA": "area",
    "SEX": "sex",
    "AGE": "age",
    "URBANISATION": "urbanisation",
    "BREAKDOWN": "breakdown",
    "TIME_PERIOD": "time_period",
    "OBS_VALUE": "value",
    "UNIT_MEASURE": "unit",
    "OBS_STATUS": "obs_status",
    "COMMENT_OBS": "note",
    "SERIES_CODE": "series_code",
    "EDITION": "edition",
}
"""Column of our SDMX-CSV → column of a record. The structure columns stand before these."""
_ATTRIBUTES = {"ACTION": "action", "UNIT_MULT": "unit_mult", "DECIMALS": "decimals", "CONF_STATUS": "conf_status"}
_LAYOUT = Layout(
    dimensions=("INDICATOR", "REF_AREA", "SEX", "AGE", "URBANISATION", "BREAKDOWN", "TIME_PERIOD"),
    attributes=(*COLUMNS, *_ATTRIBUTES),
    ignored=("STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "FREQ", "YEAR", "SOURCE", "LICENCE", "SNAPSHOT", "RECORD",
             "ATTRIBUTION", "CITATION"),
)  # fmt: skip
_STATUS = Field("ictdev", "OBS_STATUS")
STRUCTURE_COLUMNS = ("STRUCTURE", "STRUCTURE_ID", "ACTION")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LicenceNote(_Strict):
    """Licence as a side file writes it."""

    id: str
    title: str
    url: str
    open: bool


class ScopeNote(_Strict):
    """What the file says about one series: all areas and years, or just the listed ones."""

    series_code: str
    whole: bool
    """True when a figure that the file does not hold is one that the publisher does not have."""
    years: tuple[int, int]


class LeftOut(_Strict):
    """A figure that the publisher gives and the file does not hold, because it cannot be."""

    series_code: str
    ref_area: str
    time_period: str
    reason: str


class SideFile(_Strict):
    """Who published the figures of a bundle file, under which terms, and what the file speaks of."""

    source: str
    title: str
    publisher: str
    address: str
    licence: LicenceNote
    citation: str
    cadence: str
    editions: dict[str, str]
    """Series code → edition."""
    scopes: list[ScopeNote]
    left_out: list[LeftOut] = []

    def contract(self) -> Source:
        """Give the source's contract as the side file tells it, for publishers that only come by bundle."""
        return Source(
            id=self.source,
            title=self.title,
            publisher=self.publisher,
            address=self.address,
            licence=Licence(**self.licence.model_dump()),
            citation=self.citation,
            cadence=self.cadence,
            area_scheme="ref_area",
            routes=("comes with the bundled figures",),
        )


@dataclass(frozen=True)
class BundleFile:
    """One file of a bundle, unpacked, with its side file."""

    raw: Raw
    side: SideFile


def side_file(content: bytes, name: str) -> SideFile:
    """Read a side file; Invalid names the key that is wrong."""
    try:
        return SideFile.model_validate(orjson.loads(content))
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise Invalid(
            f"{name} does not describe its bundle file",
            why=str(error).replace("\n", " ")[:400],
            next_step="docs/architecture.md#bundles shows a side file",
        ) from error


def bundle(folder: Path) -> list[BundleFile]:
    """Open every file of a bundle: `<name>.csv` or `<name>.csv.gz`, each with `<name>.json` beside it."""
    return [BundleFile(open_file(path), side) for path, side in contents(folder)]


def contents(folder: Path) -> list[tuple[Path, SideFile]]:
    """List the files of a bundle with their side files, without opening the figures."""
    paths = sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz")])
    if not paths:
        raise Empty(
            f"{folder.name} holds no bundle file",
            why="a bundle is a folder of NAME.csv.gz (SDMX-CSV 2.0), each with NAME.json beside it",
            next_step="name the folder that holds them: ictdev refresh --bundle DIR",
        )
    return [(path, _side_of(path)) for path in paths]


def _side_of(path: Path) -> SideFile:
    stem = path.name.removesuffix(".gz").removesuffix(".csv")
    beside = path.with_name(f"{stem}.json")
    if not beside.exists():
        raise Invalid(
            f"{path.name} has no side file {beside.name}",
            why="without it nobody can tell publisher, licence and edition of the figures",
            next_step=f"put {beside.name} beside it, or export the bundle again",
        )
    return side_file(beside.read_bytes(), beside.name)


def open_file(path: Path) -> Raw:
    """Open one file of a bundle, unpacked."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gunzip(content, path.name)
    return Raw(content, path.name.removesuffix(".gz"), url=f"bundle:{path.name}")


def read(raw: Raw, side: SideFile) -> Reading:
    """Read our own SDMX-CSV into observations of the side file's source. Raises Changed, Empty or a sibling."""
    table = read_csv(raw.content, raw.name)
    require_columns(table, [*STRUCTURE_COLUMNS, *COLUMNS], raw.name)
    records = {ours: table[theirs] for theirs, ours in COLUMNS.items()}
    records |= {ours: table[theirs] for theirs, ours in _ATTRIBUTES.items() if theirs in table.column_names}
    for name in DIMENSIONS:
        records[f"raw_{name}"] = records[name]
        records[name] = pc.if_else(pc.equal(records[name], ""), TOTAL, records[name])
    marks = read_marks((records["obs_status"], _STATUS))
    records |= {"raw_status": records["obs_status"], "obs_status": marks.obs_status, "no_figure": marks.no_figure}
    records |= {"raw_unit": records["unit"], UNKNOWN: unknown_cells(table, _LAYOUT)}
    records["record"] = row_locators(table.num_rows)
    editions = sorted(side.editions.values())
    origin = Origin(side.source, "ref_area", editions[-1] if editions else "", raw)
    scopes = [Scope(side.source, note.series_code, None, note.years) for note in side.scopes if note.whole]
    reading = assemble(pa.table(records), [], origin, scopes=scopes)
    return replace(reading, rejects=pa.concat_tables([reading.rejects, _left_out(side, raw)]))


def _left_out(side: SideFile, raw: Raw) -> pa.Table:
    """Give what the side file says was left out, as rejects: nothing is dropped in silence."""
    rows = [
        {
            "source": side.source,
            "snapshot": raw.sha256,
            "record": f"side:{number}",
            "reason": "left_out",
            "detail": f"{one.ref_area} {one.time_period}: {one.reason}",
            "series_code": one.series_code,
        }
        for number, one in enumerate(side.left_out, start=1)
    ]
    return pa.Table.from_pylist(rows, schema=REJECT)


_ORDER = [(name, "ascending") for name in ("indicator", "ref_area", "time_period", *DIMENSIONS, "series_code")]


def write(observations: pa.Table) -> bytes:
    """Write observations as our SDMX-CSV, in the order of their key, so that the same figures give the same bytes."""
    table = observations.sort_by(_ORDER)
    count = table.num_rows
    head = {"STRUCTURE": "dataflow", "STRUCTURE_ID": STRUCTURE_ID, "ACTION": "I"}
    columns = {name: pa.repeat(pa.scalar(text), count) for name, text in head.items()}
    own = {"area": "ref_area"}
    for theirs, ours in COLUMNS.items():
        column = table[own.get(ours, ours)]
        columns[theirs] = _numbers(column) if ours == "value" else column
    buffer = io.BytesIO()
    pacsv.write_csv(pa.table(columns), buffer, pacsv.WriteOptions(quoting_style="needed"))
    return buffer.getvalue()


def _numbers(values: pa.ChunkedArray) -> pa.Array:
    """Write numbers with as many digits as tell them apart, whole ones without a point."""
    return pa.array([str(int(x)) if x.is_integer() else repr(x) for x in values.to_pylist()], pa.string())
