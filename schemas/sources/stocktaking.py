"""The WSIS Stocktaking register (paragraph 14): projects by economy, year and action line, imported from a file.

The register has no interface for machines; it is exported to CSV or a workbook and given with --from-file.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import pyarrow as pa

from schemas.area_names import by_name
from schemas.codelist import codes
from schemas.containers import unpacked
from schemas.errors import Changed, Empty, Invalid
from schemas.observation import TOTAL
from schemas.reading import Origin, assemble
from schemas.source import Licence, Raw, Reading, Scope, Series, Source, no_facts, not_asked, one_answer
from schemas.tables import TableLayout, read_table

SOURCE = Source(
    id="stocktaking",
    title="WSIS Stocktaking register",
    publisher="International Telecommunication Union, WSIS Stocktaking",
    address="",
    licence=Licence(
        "WSIS-terms", "WSIS Stocktaking, terms of use", "https://www.itu.int/net4/wsis/stocktaking/", open=False
    ),
    citation="WSIS Stocktaking database, as of {edition}",
    cadence="as it is exported",
    area_scheme="ref_area",
    routes=("export the register and give it: ictdev refresh --from-file stocktaking=FILE.csv@YYYY-MM-DD",),
    release_key="the edition that is named with the file; else day of arrival",
)

PROJECTS = "projects"
REGISTER = pa.schema(
    [(name, pa.string()) for name in ("project", "title", "ref_area", "country", "organisation")]
    + [("year", pa.int32()), ("action_lines", pa.list_(pa.string())), ("sdgs", pa.list_(pa.string()))]
    + [(name, pa.string()) for name in ("website", "source", "edition", "snapshot", "record")]
)
"""One row per project of the register."""
_COLUMNS = {
    "project": ("project id", "id", "project number"), "title": ("title", "project title", "name of the project"),
    "country": ("country", "country name"), "year": ("year", "start year", "start date"),
    "action_lines": ("action lines", "wsis action lines", "action line"), "sdgs": ("sdgs", "sdg", "related sdgs"),
    "organisation": ("organization", "organisation", "entity"), "website": ("website", "url"),
}  # fmt: skip
_NEEDED = ("project", "title", "country", "year", "action_lines")
_EVERYWHERE = {"international", "global", "world", "worldwide", "multiple countries"}


plan = not_asked
next_page = one_answer
page_facts = no_facts


def read(raw: Raw, wanted: Sequence[Series]) -> Reading:
    """Read the register, and count its projects by economy, year and action line; WLD counts all of them."""
    raw = unpacked(raw)
    rows, raw = _table(raw)
    projects = _projects(rows, raw)
    edition = raw.edition or raw.received
    records = pa.table({name: pa.array(column, pa.string()) for name, column in _counted(projects).items()})
    origin = Origin("stocktaking", "ref_area", edition, raw, edition_assumed=not raw.edition)
    reading = assemble(records, wanted, origin, scopes=[Scope("stocktaking", PROJECTS)])
    fixed = {"source": "stocktaking", "edition": edition, "snapshot": raw.sha256}
    register = pa.Table.from_pylist([{**asdict(project), **fixed} for project in projects], schema=REGISTER)
    return Reading(
        reading.observations, reading.rejects, edition, reading.scopes, reading.edition_assumed,
        notices=raw.notices, tables={"stocktaking": register},
    )  # fmt: skip


def _ours(heading: str) -> str:
    """Give our name of a column, whatever its heading is; the heading itself where it says nothing to us."""
    told = heading.lower().strip()
    return next((ours for ours, known in _COLUMNS.items() if told in known), heading)


def _table(raw: Raw) -> tuple[list[dict[str, str]], Raw]:
    """Give the rows under our names of the columns, and the file with what was noted."""
    try:
        table, raw = read_table(raw, TableLayout(_NEEDED, useful=tuple(_COLUMNS), ours=_ours))
    except Changed as error:
        heads = "; ".join(f"{ours}: {' or '.join(known)}" for ours, known in _COLUMNS.items() if ours in _NEEDED)
        raise Changed(error.what, why=error.why, next_step=f"head the columns so: {heads}") from error
    if table.num_rows == 0:
        raise Empty(f"{raw.name} lists no project")
    known = (*_COLUMNS, "record")
    return [{name: (row.get(name) or "").strip() for name in known} for row in table.to_pylist()], raw


@dataclass(frozen=True)
class Project:
    """One project of the register."""

    project: str
    title: str
    ref_area: str
    country: str
    organisation: str
    year: int
    action_lines: tuple[str, ...]
    sdgs: tuple[str, ...]
    website: str
    record: str


def _projects(rows: Sequence[dict[str, str]], raw: Raw) -> list[Project]:
    """Give each project once. Raises Invalid where one number stands for two projects, or a code is unknown."""
    found: dict[str, Project] = {}
    for number, row in enumerate(rows, start=1):
        project = _project(row, number, raw.name)
        before = found.setdefault(project.project, project)
        if replace(before, record="") != replace(project, record=""):
            raise Invalid(
                f"project {project.project} stands twice in {raw.name} and says two things",
                why=f"in {before.record} and {project.record}",
            )
    return list(found.values())


def _project(row: dict[str, str], number: int, name: str) -> Project:
    area = _area(row["country"])
    if area is None:
        raise Invalid(
            f"row {number} of {name} names the country “{row['country']}”, which is not known",
            next_step="add the spelling to schemas/codelists/area_name.csv",
        )
    return Project(
        project=row["project"],
        title=row["title"],
        ref_area=area,
        country=row["country"],
        organisation=row["organisation"],
        year=_year(row["year"], number, name),
        action_lines=_lines(row["action_lines"], number, name),
        sdgs=tuple(re.findall(r"\d+", row["sdgs"])),
        website=row["website"],
        record=row["record"],
    )


def _area(country: str) -> str | None:
    """Give our code of a country, named by code or in English; WLD for a project without borders."""
    if country.lower() in _EVERYWHERE:
        return "WLD"
    known: list[str] = codes("area", "ref_area").to_pylist()
    named: str | None = country if country in known else by_name([country])[0].as_py()
    return named


def _year(told: str, number: int, name: str) -> int:
    match = re.search(r"\b(19|20)\d\d\b", told)
    if match is None:
        raise Invalid(f"row {number} of {name} names no year", why=f"it says “{told}”")
    return int(match.group(0))


def _lines(told: str, number: int, name: str) -> tuple[str, ...]:
    """Give the action lines, C1 to C11."""
    told_lines = {int(line) for line in re.findall(r"\bC\s?(\d{1,2})\b", told, re.IGNORECASE)}
    if told_lines - set(range(1, 12)):
        raise Invalid(f"row {number} of {name} names the action line C{max(told_lines)}", why="there are C1 to C11")
    return tuple(f"C{line}" for line in sorted(told_lines))


def _counted(projects: Sequence[Project]) -> dict[str, list[str]]:
    """Count projects by economy, year and action line; a project of several lines counts once in the total."""
    counts: Counter[tuple[str, str, str]] = Counter()
    first: dict[tuple[str, str, str], str] = {}
    for project in projects:
        for area in {project.ref_area, "WLD"}:
            for line in (TOTAL, *(f"AL_{line}" for line in project.action_lines)):
                key = (area, str(project.year), line)
                counts[key] += 1
                first.setdefault(key, project.record)
    keys = sorted(counts)
    areas, years, lines = (list(column) for column in zip(*keys, strict=True))
    return {
        "series_code": [PROJECTS] * len(keys),
        "area": areas,
        "time_period": years,
        "breakdown": lines,
        "value": [str(counts[key]) for key in keys],
        "record": [first[key] for key in keys],
    }
