"""SDMX-CSV 2.0 with side files: a bundle, which `ictdev refresh --bundle` takes in without loss.

Publishers' figures lie in the folder itself, one file per source. Figures of ours lie in `derived/`, where a refresh
does not look: it works them out anew. Texts stand as they are, because other programs read them; it is the form `csv`
that is made for spreadsheets.
"""

import re
from pathlib import Path
from typing import Any

import orjson

from schemas.sdmx_csv import LeftOut, LicenceNote, ScopeNote, SideFile
from warehouse.exports import sdmx_structure as structure
from warehouse.exports.content import Content, Share, label
from warehouse.exports.notice import present
from warehouse.literals import quoted
from warehouse.query import fetch_rows
from warehouse.terms import OURS

_HEAD = {
    "STRUCTURE": "dataflow",
    "STRUCTURE_ID": f"{structure.AGENCY}:{structure.DATAFLOW}({structure.VERSION})",
    "ACTION": "I",
}


def write(content: Content, folder: Path) -> None:
    """Write `structure.xml` and, for every source, `<source>.csv` with `<source>.json`."""
    lists = structure.code_lists(content)
    structure.check_codes(content, lists)
    structure.write(content, folder / "structure.xml", "2.1", lists)
    for share in present(content):
        place = folder / "derived" if share.source == OURS else folder
        place.mkdir(exist_ok=True)
        stem = share.source if share.terms.open else f"{share.source}.{label(share.terms)}"
        _copy(content, share.source, place / f"{stem}.csv")
        side = orjson.dumps(_side(content, share).model_dump(), option=orjson.OPT_INDENT_2)
        (place / f"{stem}.json").write_bytes(side + b"\n")


def _copy(content: Content, source: str, path: Path) -> None:
    head = [f"{quoted(text)} AS {name}" for name, text in _HEAD.items()]
    columns = [f"{_cell(column)} AS {name}" for name, column in structure.COLUMNS.items()]
    query = content.table("observation").query.replace(
        "FROM observation", f"FROM observation WHERE source = {quoted(source)}"
    )
    content.con.execute(
        f"COPY (SELECT {', '.join([*head, *columns])} FROM ({query})) TO {quoted(str(path))} (FORMAT csv, HEADER)"
    )


def _cell(column: str) -> str:
    """Write whole numbers without a point, as the figures that ship with the project are written; texts without NUL."""
    if column == "value":
        return (
            "CASE WHEN value = trunc(value) AND abs(value) < 1e15 THEN value::BIGINT::VARCHAR ELSE value::VARCHAR END"
        )
    return f"replace({column}, chr(0), '\ufffd')" if column == "note" else column


def _side(content: Content, share: Share) -> SideFile:
    about, series = share.about, _series(content, share.source)
    return SideFile(
        source=share.source,
        title=about.get("title", share.source),
        publisher=about.get("publisher", share.source),
        address=about.get("address", ""),
        licence=LicenceNote(
            id=share.terms.licence, title=share.terms.title, url=share.terms.url, open=share.terms.open
        ),
        citation=about.get("citation", "{edition}"),
        cadence=about.get("cadence", ""),
        editions={row["series_code"]: row["edition"] for row in series},
        scopes=[_scope(row) for row in series],
        left_out=_left_out(content, share.source),
    )


def _series(content: Content, source: str) -> list[dict[str, Any]]:
    return fetch_rows(
        content.con,
        "SELECT series_code, max(edition) AS edition, min(year) AS first, max(year) AS last FROM observation "
        "WHERE source = ? GROUP BY series_code ORDER BY series_code",
        [source],
    )


def _scope(row: dict[str, Any]) -> ScopeNote:
    """Say which years a series covers. It is not called whole: what we lack the publisher may have."""
    return ScopeNote(series_code=row["series_code"], whole=False, years=(row["first"], row["last"]))


_DETAIL = re.compile(r"(?P<ref_area>\S+) (?P<time_period>\S+): (?P<reason>.*)", re.DOTALL)


def _left_out(content: Content, source: str) -> list[LeftOut]:
    """Give what an earlier bundle said it leaves out, so that this one says it too."""
    if not content.asked.whole:
        return []
    rows = fetch_rows(
        content.con,
        "SELECT series_code, detail FROM main.reject WHERE source = ? AND reason = 'left_out' ORDER BY ALL",
        [source],
    )
    found = [(row["series_code"], _DETAIL.fullmatch(row["detail"])) for row in rows]
    return [LeftOut(series_code=code, **match.groupdict()) for code, match in found if match]
