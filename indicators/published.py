"""Figures that others published, each with its edition and citation: what our own figures are held against.

They are quoted facts, not observations of a source: the pipeline neither fetches nor revises them.
"""

from functools import cache
from importlib.resources import files

import pyarrow as pa
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import Invalid


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Strict):
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


class PublishedFile(_Strict):
    """One file of `indicators/published/`."""

    indicator: str
    publisher: str
    licence: str
    figures: tuple[Figure, ...]


@cache
def load() -> tuple[PublishedFile, ...]:
    """Give every file. Raises Invalid, naming file and key."""
    folder = files("indicators") / "published"
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".yml")), key=lambda path: path.name)
    return tuple(_parse(path.name, path.read_text(encoding="utf-8")) for path in paths)


def _parse(name: str, text: str) -> PublishedFile:
    try:
        return PublishedFile.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise Invalid(f"indicators/published/{name} cannot be used", why=str(error).replace("\n", " ")[:300]) from error


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


def gap_points(indicator: str, area: str) -> list[tuple[str, str, int, float]]:
    """Give published relative gaps in per cent as (edition_date, edition, year, gap), oldest edition first.

    A parity score p is the gap (1 − p) × 100 exactly. Shares of women and men that were only printed rounded are left
    out: no ratio is worked out from them.
    """
    found = []
    for part in load():
        for figure in part.figures:
            if part.indicator == indicator and figure.area == area and figure.confirmed:
                if figure.measure == "relative_gap":
                    found.append((figure.edition_date, figure.edition, figure.year, figure.value))
                elif figure.measure == "parity":
                    found.append((figure.edition_date, figure.edition, figure.year, round((1 - figure.value) * 100, 6)))
    return sorted(found)
