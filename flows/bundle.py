"""Making the bundled figures: SDMX-CSV of the sources whose licence allows it, from real payloads.

`python -m flows.bundle FOLDER` writes `warehouse/bundled/`. The same payloads give the same bytes.
"""

import gzip
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from flows import bundle_shapes as shapes
from flows.plan import bundled, wanted
from indicators.bounds import outside
from schemas import sdmx_csv
from schemas.errors import IctdevError
from schemas.sdmx_csv import LeftOut, LicenceNote, ScopeNote, SideFile
from schemas.source import UN_TERMS, Raw, Reading, Source
from schemas.sources import unsd_sdg, world_bank

MAX_SIZE = 3_000_000
"""Bytes that all bundled files may take together."""

PANEL_EDITION = "2026-03-01"
POPULATION_EDITION = "2026-03-06"
SDG_EDITION = "2020.Q3"
GENDER_EDITION = "2021"

_DOWNLOAD = "world_bank/ds2_csv/API_IT.NET.USER.ZS_DS2_en_csv_v2_33086.csv"
_PANELS = {
    "IT.NET.BBND": "broadband_subscribers",
    "IT.NET.BBND.P2": "broadband_subscribers_per_100_people",
    "IT.CEL.SETS": "cell_phones_total",
    "IT.CEL.SETS.P2": "cell_phones_per_100_people",
    "NY.GNP.PCAP.CD": "gnipercapita_atlasmethod_current_us",
}
_SDG = {
    "IT_MOB_2GNTWK": "it_mob_2gntwk--by--geo_area--nature--units--year",
    "IT_MOB_3GNTWK": "it_mob_3gntwk--by--geo_area--nature--units--year",
    "IT_MOB_4GNTWK": "it_mob_4gntwk--by--geo_area--nature--units--year",
    "IT_NET_BBN": "it_net_bbn--by--geo_area--nature--type_of_speed--units--year",
    "IT_NET_BBP": "it_net_bbp--by--geo_area--nature--type_of_speed--units--year",
    "IT_USE_ii99": "it_use_ii99--by--geo_area--nature--units--year",
    "SE_ACC_INTN": "se_acc_intn--by--education_level--geo_area--nature--units--year",
    "SE_ADT_ACTS": "se_adt_acts--by--geo_area--nature--sex--type_of_skill--units--year",
}
_GENDER = {"I.17": "2900__I_17__I13151395__S13151395.csv", "I.18": "3000__I_18__Ib8e91664__Sb8e91664.csv"}


@dataclass(frozen=True)
class Part:
    """One source's part of the bundle: who publishes it, and how its figures are read from the payloads."""

    source: Source
    read: Callable[[Path], Iterator[tuple[Reading, bool]]]
    """Gives each reading, and whether it holds all that the publisher has of the series."""


def _world_bank(payloads: Path) -> Iterator[tuple[Reading, bool]]:
    path = payloads / _DOWNLOAD
    yield world_bank.read(Raw(path.read_bytes(), path.name), wanted("world_bank")), True
    for code, name in _PANELS.items():
        yield shapes.panel(payloads / "world_bank/panels" / f"{name}.csv", code, PANEL_EDITION), False
    yield shapes.population(payloads / "world_bank/panels/population_wdi.csv", POPULATION_EDITION), True


def _sdg(payloads: Path) -> Iterator[tuple[Reading, bool]]:
    for code, name in _SDG.items():
        path = payloads / "unsd/series_2020Q3" / f"ddf--datapoints--{name}.csv"
        yield shapes.sdg_series(path, code, SDG_EDITION), True
    yield shapes.sdg_portal(payloads / "unsd/portal_csv/IT_MOB_OWN_2020.Q4.csv", "IT_MOB_OWN"), True


def _gender(payloads: Path) -> Iterator[tuple[Reading, bool]]:
    for code, name in _GENDER.items():
        yield shapes.gender_portal(payloads / "unsd/gender_portal_2021" / name, code, GENDER_EDITION), True


_GENDER_PORTAL = Source(
    id="unsd_gender",
    title="UNSD, Minimum Set of Gender Indicators",
    publisher="United Nations Statistics Division",
    address="https://genderstats.un.org",
    licence=UN_TERMS,
    citation="United Nations Statistics Division, Minimum Set of Gender Indicators, {edition}",
    cadence="yearly",
    area_scheme="m49",
)
PARTS = (
    Part(world_bank.SOURCE, _world_bank),
    Part(unsd_sdg.SOURCE, _sdg),
    Part(_GENDER_PORTAL, _gender),
)


def make(payloads: Path, target: Path) -> list[Path]:
    """Write every part into the folder; give the files. Raises an IctdevError when something is not as it should be."""
    target.mkdir(parents=True, exist_ok=True)
    files = [path for part in PARTS for path in write(part.source, list(part.read(payloads)), target)]
    size = sum(path.stat().st_size for path in files)
    if size > MAX_SIZE:
        raise IctdevError(f"the bundle has {size:,} bytes, at most {MAX_SIZE:,} are allowed")
    return files


def write(source: Source, readings: Sequence[tuple[Reading, bool]], target: Path) -> list[Path]:
    """Write the figures of one source and their side file into a folder."""
    table, left_out = _possible(pa.concat_tables([reading.observations for reading, _ in readings]))
    left_out += [one for reading, _ in readings for one in _not_understood(reading)]
    packed = gzip.compress(sdmx_csv.write(table), compresslevel=9, mtime=0)
    side = orjson.dumps(_side(source, readings, left_out).model_dump(), option=orjson.OPT_INDENT_2)
    files = [target / f"{source.id}.csv.gz", target / f"{source.id}.json"]
    for path, content in zip(files, (packed, side + b"\n"), strict=True):
        path.write_bytes(content)
    return files


def _possible(observations: pa.Table) -> tuple[pa.Table, list[LeftOut]]:
    """Part figures that can be from those outside their indicator's bounds, which no release may hold."""
    beyond = outside(observations)
    left_out = [
        LeftOut(
            series_code=row["series_code"],
            ref_area=row["ref_area"],
            time_period=row["time_period"],
            reason=f"{row['value']:.10g} is outside the bounds of {row['indicator']} ({row['sex']} {row['breakdown']})",
        )
        for row in observations.filter(beyond).to_pylist()
    ]
    return observations.filter(pc.invert(beyond)), left_out


def _not_understood(reading: Reading) -> list[LeftOut]:
    """Name the records that could not become a figure."""
    return [
        LeftOut(
            series_code=row["series_code"],
            ref_area="",
            time_period="",
            reason=f"{row['reason']} in {row['record']}: {row['detail']}",
        )
        for row in reading.rejects.to_pylist()
    ]


def _side(source: Source, readings: Sequence[tuple[Reading, bool]], left_out: list[LeftOut]) -> SideFile:
    licence = source.licence
    return SideFile(
        source=source.id,
        title=source.title,
        publisher=source.publisher,
        address=source.address,
        licence=LicenceNote(id=licence.id, title=licence.title, url=licence.url, open=licence.open),
        citation=source.citation,
        cadence=source.cadence,
        editions={code: reading.edition for reading, _ in readings for code in _codes(reading)},
        scopes=[_scope(code, reading, whole=whole) for reading, whole in readings for code in _codes(reading)],
        left_out=left_out,
    )


def _codes(reading: Reading) -> list[str]:
    return sorted(set(reading.observations["series_code"].to_pylist()))


def _scope(code: str, reading: Reading, *, whole: bool) -> ScopeNote:
    years = reading.observations["year"].to_pylist()
    return ScopeNote(series_code=code, whole=whole, years=(min(years), max(years)))


def main() -> int:
    """Make the bundle from the folder of payloads that the command line names."""
    try:
        files = make(Path(sys.argv[1]), bundled())
    except IctdevError as error:
        sys.stderr.write("".join(f"{label}: {text}\n" for label, text in error.lines()))
        return error.exit_status
    for path in files:
        sys.stdout.write(f"{path.name}  {path.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
