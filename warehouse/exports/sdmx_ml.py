"""SDMX-ML, structure-specific, in version 2.1, which every client reads, and in 3.0: one message per indicator.

The envelope is pysdmx's. The observations are written here, as they stream out of the database: pysdmx holds a whole
message in memory, and writes backslashes and line breaks as Python does and not as XML does.
"""

from pathlib import Path

import pandas as pd
from pysdmx.io import write_sdmx
from pysdmx.io.format import Format
from pysdmx.io.pd import PandasDataset
from pysdmx.model import Schema

from warehouse.exports import sdmx_structure as structure
from warehouse.exports.content import Content, Table
from warehouse.exports.text_cells import for_xml
from warehouse.home import parse_vintage

VERSIONS = {"2.1": Format.DATA_SDMX_ML_2_1_STR, "3.0": Format.DATA_SDMX_ML_3_0}
_CORRECTED = {f'dataScope="{structure.DSD}"': 'dataScope="DataStructure"', ' action="': ' ss:action="'}
"""What pysdmx's envelope says otherwise than the standard's schemas."""
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_BREAKS = {9: "&#9;", 10: "&#10;", 13: "&#13;"}


def write(content: Content, folder: Path) -> None:
    """Write `<version>/structure.xml` and `<version>/<indicator>.xml`, every code checked against its list."""
    lists = structure.code_lists(content)
    structure.check_codes(content, lists)
    for version in VERSIONS:
        (folder / version).mkdir()
        structure.write(content, folder / version / "structure.xml", version, lists)
        before, after = _envelope(content, version, list(lists))
        for indicator in content.indicators:
            table = content.figures(indicator)
            _write_message(content, table, folder / version / f"{table.stem}.xml", before, after)


def _envelope(content: Content, version: str, lists: list[str]) -> tuple[str, str]:
    """Give what stands before and after the observations: a message of pysdmx without any."""
    schema = Schema(
        context="datastructure",
        agency=structure.AGENCY,
        id=structure.DSD,
        version=structure.VERSION,
        components=structure.components(lists),
        generated=parse_vintage(content.release.vintage),
    )
    nothing = PandasDataset(structure=schema, data=pd.DataFrame({name: [] for name in structure.COLUMNS}, dtype=str))
    text = str(write_sdmx(nothing, VERSIONS[version], header=structure.header(content)))
    before, closing, after = text.rpartition("</mes:DataSet>")
    for theirs, standard in _CORRECTED.items():
        before = before.replace(theirs, standard)
    return before.rstrip(), closing + after


def _write_message(content: Content, table: Table, path: Path, before: str, after: str) -> None:
    """Stream the observations of a table between the two parts of the envelope."""
    rows = content.con.execute(f"SELECT {_element()} AS obs FROM ({table.query})").to_arrow_reader(50_000)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(before)
        for batch in rows:
            file.write("".join(f"\n    <Obs {one}/>" for one in batch.column(0).to_pylist()))
        file.write(f"\n  {after.strip()}\n")


def _element() -> str:
    """Give the SQL of an observation's attributes; an empty one is left out."""
    parts = []
    for component, column in structure.COLUMNS.items():
        cell = "value::VARCHAR" if column == "value" else _escaped(column)
        part = f"'{component}=\"' || {cell} || '\" '"
        parts.append(f"CASE WHEN {column} = '' THEN '' ELSE {part} END" if column == "note" else part)
    return " || ".join(parts)


def _escaped(column: str) -> str:
    """Give the SQL of a text as XML writes it in an attribute; most texts hold nothing that needs it."""
    text = for_xml(column)
    for mark, written in _ESCAPES.items():
        text = f"replace({text}, '{mark}', '{written}')"
    for code, written in _BREAKS.items():
        text = f"replace({text}, chr({code}), '{written}')"
    needs = "[^ !#-%''-;=?-~\\x{A0}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]"
    return f"CASE WHEN regexp_matches({column}, '{needs}') THEN {text} ELSE {column} END"
