"""The SDMX structure of our figures: concepts, code lists, data structure and dataflow, as one message of pysdmx.

Names are put in after pysdmx has written the message: its writer turns every apostrophe into a quotation mark, and
Côte d'Ivoire has one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from pysdmx.io import write_sdmx
from pysdmx.io.format import Format
from pysdmx.model import (
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructureDefinition,
    DataType,
    ItemReference,
    Organisation,
    Role,
)
from pysdmx.model.message import Header

from schemas import codelist
from schemas.errors import Invalid
from warehouse.describe import column_meaning
from warehouse.exports.content import Content
from warehouse.exports.text_cells import INSTEAD, NO_XML
from warehouse.home import parse_vintage

AGENCY, VERSION = "ICTDEV", "1.1"
DSD, DATAFLOW = "DSD_OBSERVATION", "DF_OBSERVATION"

DIMENSIONS = {
    "SOURCE": "source",
    "INDICATOR": "indicator",
    "REF_AREA": "ref_area",
    "SEX": "sex",
    "AGE": "age",
    "URBANISATION": "urbanisation",
    "BREAKDOWN": "breakdown",
    "TIME_PERIOD": "time_period",
}
ATTRIBUTES = {
    "UNIT_MEASURE": "unit",
    "OBS_STATUS": "obs_status",
    "COMMENT_OBS": "note",
    "SERIES_CODE": "series_code",
    "EDITION": "edition",
    "LICENCE": "licence",
}
COLUMNS: Mapping[str, str] = {**DIMENSIONS, "OBS_VALUE": "value", **ATTRIBUTES}
"""SDMX component → column of `observation`, in the order of the structure."""
_FORMATS = {"2.1": Format.STRUCTURE_SDMX_ML_2_1, "3.0": Format.STRUCTURE_SDMX_ML_3_0}
_TYPES = {"TIME_PERIOD": DataType.PERIOD, "OBS_VALUE": DataType.DOUBLE}
_OWN_LISTS = {
    "SEX": "sex", "AGE": "age", "URBANISATION": "urbanisation", "BREAKDOWN": "breakdown", "UNIT_MEASURE": "unit",
    "OBS_STATUS": "obs_status",
}  # fmt: skip
_TABLES = {
    "SOURCE": "SELECT id, title FROM main.source ORDER BY id",
    "INDICATOR": "SELECT indicator, name_en FROM main.indicator ORDER BY indicator",
    "REF_AREA": "SELECT ref_area, name_en FROM main.area ORDER BY ref_area",
}


class Names:
    """Stand-ins for names while pysdmx writes, and the names in their place afterwards."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def stand_in(self, name: object) -> str:
        """Keep a name; give the mark that stands for it."""
        self._names.append(re.sub(NO_XML, INSTEAD, str(name or "").strip()) or "–")
        return f"name-{len(self._names) - 1}-name"

    def put_back(self, text: str) -> str:
        """Put every name where its mark stands."""
        return re.sub(r"name-(\d+)-name", lambda mark: _escaped(self._names[int(mark[1])]), text)


def _escaped(name: str) -> str:
    return escape(name, {"\r": "&#13;"})


def code_lists(content: Content) -> dict[str, dict[str, str]]:
    """Give the codes of every coded component with their names: our own lists, and the release's tables."""
    found = {name: dict(content.con.execute(query).fetchall()) for name, query in _TABLES.items()}
    for name, own in _OWN_LISTS.items():
        found[name] = {row["code"]: row["name_en"] for row in codelist.rows(own)}
    return found


def check_codes(content: Content, lists: Mapping[str, Mapping[str, str]]) -> None:
    """Raise Invalid where a figure carries a code that its list does not hold: pysdmx itself lets it through."""
    for component, codes in lists.items():
        column = COLUMNS[component]
        used = {row[0] for row in content.con.execute(f"SELECT DISTINCT {column} FROM observation").fetchall()}
        unknown = sorted(used - set(codes))
        if unknown:
            raise Invalid(
                f"figures carry codes of {component} that its list does not hold: {', '.join(unknown[:5])}",
                why="the release was made with other code lists than this version of ictdev has",
                next_step="ictdev refresh   publishes anew with the present lists",
            )


def header(content: Content) -> Header:
    """Give the head of a message: the release's name and moment."""
    moment = parse_vintage(content.release.vintage).replace(tzinfo=UTC)
    return Header(id=f"ICTDEV_{content.release.vintage}", prepared=moment, sender=Organisation(id=AGENCY))


def write(content: Content, path: Path, version: str, lists: Mapping[str, Mapping[str, str]]) -> None:
    """Write the structure message in SDMX-ML 2.1 or 3.0."""
    names = Names()
    text = write_sdmx(list(_artefacts(lists, names)), _FORMATS[version], header=header(content))
    path.write_text(names.put_back(str(text)), encoding="utf-8", newline="\n")


def _artefacts(lists: Mapping[str, Mapping[str, str]], names: Names) -> Iterator[Any]:
    made = {component: _code_list(component, codes, names) for component, codes in lists.items()}
    yield from made.values()
    concepts = [_concept(component, names) for component in COLUMNS]
    yield ConceptScheme(
        id="CS_ICTDEV", name=names.stand_in("Concepts of ictdev"), agency=AGENCY, version=VERSION, items=concepts
    )
    structure = DataStructureDefinition(
        id=DSD,
        name=names.stand_in("ICT development indicators"),
        agency=AGENCY,
        version=VERSION,
        components=Components(_components(made)),
    )
    yield structure
    yield Dataflow(
        id=DATAFLOW, name=names.stand_in("ICT development indicators"), agency=AGENCY, version=VERSION,
        structure=structure,
    )  # fmt: skip


def _code_list(component: str, codes: Mapping[str, str], names: Names) -> Codelist:
    return Codelist(
        id=f"CL_{component}",
        name=names.stand_in(f"Codes of {component}"),
        agency=AGENCY,
        version=VERSION,
        items=[Code(id=code, name=names.stand_in(name)) for code, name in codes.items()],
    )


def _concept(component: str, names: Names) -> Concept:
    meaning = column_meaning("observation", COLUMNS[component]) or component
    return Concept(id=component, name=names.stand_in(meaning), dtype=_TYPES.get(component, DataType.STRING))


def components(lists: Iterable[str]) -> Components:
    """Give the components with bare code lists, as the envelope of a data message needs them."""
    return Components(_components({one: Codelist(id=f"CL_{one}", agency=AGENCY, version=VERSION) for one in lists}))


def _components(lists: Mapping[str, Codelist]) -> list[Component]:
    return [_component(name, lists.get(name)) for name in COLUMNS]


def _component(name: str, codes: Codelist | None) -> Component:
    role = Role.DIMENSION if name in DIMENSIONS else Role.MEASURE if name == "OBS_VALUE" else Role.ATTRIBUTE
    return Component(
        id=name,
        required=role == Role.DIMENSION or name in {"UNIT_MEASURE", "OBS_STATUS"},
        role=role,
        concept=ItemReference(sdmx_type="Concept", agency=AGENCY, id="CS_ICTDEV", version=VERSION, item_id=name),
        local_dtype=None if codes else _TYPES.get(name, DataType.STRING),
        local_codes=codes,
        attachment_level="O" if role == Role.ATTRIBUTE else None,
    )
