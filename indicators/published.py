"""Figures that others published, each with its edition and citation: what our own figures are held against.

They are quoted facts, not observations of a source: the pipeline neither fetches nor revises them.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pyarrow as pa

from indicators.definition import Strict, read_folder
from indicators.gap import rounding_interval


class Figure(Strict):
    """One published figure. `half_unit` is half of its last printed digit."""

    area: str
    year: int
    measure: str
    """relative_gap (per cent), parity (ratio), female and male (per cent of population), median_… (per cent of GNI)."""
    value: float
    half_unit: float
    edition: str
    edition_date: str
    citation: str
    confirmed: bool


class PublishedFile(Strict):
    """One file of `indicators/published/`."""

    indicator: str
    publisher: str
    licence: str
    figures: tuple[Figure, ...]


@cache
def load() -> tuple[PublishedFile, ...]:
    """Give every file. Raises Invalid, naming file and key."""
    return tuple(read_files().values())


def read_files() -> dict[str, PublishedFile]:
    """Give the files by their names, without their ending."""
    return read_folder(files("indicators") / "published", PublishedFile)


_SCHEMA = pa.schema(
    [
        ("indicator", pa.string()),
        ("ref_area", pa.string()),
        ("year", pa.int32()),
        ("measure", pa.string()),
        ("value", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("edition", pa.string()),
        ("edition_date", pa.string()),
        ("publisher", pa.string()),
        ("citation", pa.string()),
        ("licence", pa.string()),
        ("confirmed", pa.bool_()),
    ]
)


def table() -> pa.Table:
    """Give the table `published_figure`; `lower` and `upper` are what the printed digits allow."""
    rows = [
        {
            "indicator": part.indicator,
            "ref_area": figure.area,
            "year": figure.year,
            "measure": figure.measure,
            "value": figure.value,
            "lower": round(figure.value - figure.half_unit, 6),
            "upper": round(figure.value + figure.half_unit, 6),
            "edition": figure.edition,
            "edition_date": figure.edition_date,
            "publisher": part.publisher,
            "citation": figure.citation,
            "licence": part.licence,
            "confirmed": figure.confirmed,
        }
        for part in load()
        for figure in part.figures
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A relative gap in per cent as one edition published it, with what its printed digits allow.

    `value` is None where only shares of women and men were printed, rounded: no ratio is worked out from them, but
    they bound the gap.
    """

    edition_date: str
    edition: str
    year: int
    value: float | None
    lower: float
    upper: float


def gaps(indicator: str, area: str) -> list[Quoted]:
    """Give what was published about an area's relative gap, by edition and year, oldest edition first.

    A parity score p is the gap (1 − p) × 100 exactly. Figures that are not confirmed are left out.
    """
    figures = [
        figure
        for part in load()
        if part.indicator == indicator
        for figure in part.figures
        if figure.area == area and figure.confirmed
    ]
    told = [_gap(figure) for figure in figures if figure.measure in {"relative_gap", "parity"}]
    known = {(one.edition, one.year) for one in told}
    told += [one for one in _from_shares(figures) if (one.edition, one.year) not in known]
    return sorted(told, key=lambda one: (one.edition_date, one.edition, one.year))


def _gap(figure: Figure) -> Quoted:
    parity = figure.measure == "parity"
    value = round((1 - figure.value) * 100, 6) if parity else figure.value
    half = figure.half_unit * 100 if parity else figure.half_unit
    lower, upper = round(value - half, 6), round(value + half, 6)
    return Quoted(figure.edition_date, figure.edition, figure.year, value, lower, upper)


def _from_shares(figures: list[Figure]) -> list[Quoted]:
    """Bound the gap by shares of women and men that one edition prints for one year."""
    men = {(figure.edition, figure.year): figure for figure in figures if figure.measure == "male"}
    found = []
    for women in (figure for figure in figures if figure.measure == "female"):
        male = men.get((women.edition, women.year))
        if male is not None:
            lower, upper = rounding_interval(women.value, male.value, women.half_unit)
            found.append(Quoted(women.edition_date, women.edition, women.year, None, round(lower, 6), round(upper, 6)))
    return found
