"""Made-up bundles of any size: four publishers, the catalogue's own indicators, economies × years × sexes, ages and parts.

A bundle of any size has the same mix: of each publisher's indicators the same share of series. Figures follow smooth
courses, agree between publishers within 1 %, women's and men's lie around the total, subscriptions fit their rates, so
that the gates let them through. The same size and edition always give the same bundle.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

SOURCES = ("itu_datahub", "world_bank", "unsd_sdg", "unsd_gender")
YEARS, AREAS = range(1995, 2025), 220
FIRST = date(2025, 6, 1)
"""The first edition: after all years; each further one is of the next day."""
CHANGED = 100
"""One figure in so many is revised by each edition after the first."""
_AGES = ("_T", "Y_LT15", "Y15T24", "Y25T74", "Y_GE75", "Y16T74", "Y15T74", "Y25T54", "Y55T74")
_PARTS = {
    "mobile_coverage": ("2G", "3G", "4G", "5G"),
    "fixed_broadband_per_100": ("_T", "SPEED_256K_2M", "SPEED_2M_10M", "SPEED_GE_10M"),
    "ict_skills": ("SKILL_ARSP", "SKILL_CMFL", "SKILL_COPA", "SKILL_EMAIL", "SKILL_EPRS", "SKILL_INST", "SKILL_SOFT"),
    "schools_with_internet": ("EDU_PRIMARY", "EDU_LOWER_SEC", "EDU_UPPER_SEC"),
    "schools_with_computers": ("EDU_PRIMARY", "EDU_LOWER_SEC", "EDU_UPPER_SEC"),
}
_PARTS["fixed_broadband_subscriptions"] = _PARTS["fixed_broadband_per_100"]
_PARTS["digital_skills"] = _PARTS["ict_skills"]
_RATES = {name: name.replace("subscriptions", "per_100") for name in ("fixed_broadband_subscriptions",)}
_RATES |= {f"{kind}_subscriptions": f"{kind}_per_100" for kind in ("mobile_cellular", "active_mobile_broadband")}
_NOT = ("idi_", "wsis_", "broadband_", "price_", "population", "national_", "oda_")
"""Indicators that are made otherwise: derived, counts of projects, tiles, prices, yes or no."""


class Series(NamedTuple):
    """What is given for each economy and year: one series, by all the sexes that its indicator knows."""

    source: str
    indicator: str
    unit: str
    like: str
    """The indicator whose course it follows: that of the rate for subscriptions."""
    sexes: tuple[str, ...]
    age: str
    urbanisation: str
    breakdown: str
    level: float
    """The height of its course against that of the whole: parts and ages differ."""
    top: float
    """What the course runs to: 100 for a rate."""


@dataclass(frozen=True)
class Size:
    """How many figures a bundle has at least."""

    figures: int

    def chosen(self) -> list[Series]:
        """Give as many series as the size needs: of each publisher's indicators the same share."""
        chosen: list[Series] = []
        left = self.figures / (len(YEARS) * AREAS) - 1  # one series is the population
        for series in _in_turn(_all_series()):
            if left <= 0:
                return chosen
            chosen.append(series)
            left -= len(series.sexes)
        raise ValueError(f"{self.figures:,} figures are more than there are series for")


def _all_series() -> Iterator[list[Series]]:
    """Give the series of each publisher and indicator."""
    from indicators import catalogue

    for source in SOURCES:
        for one in catalogue.load().values():
            if one.derived or one.id.startswith(_NOT):
                continue
            sexes = ("_T", "F", "M") if "sex" in one.breakdowns else ("_T",)
            ages = _AGES if "age" in one.breakdowns else ("_T",)
            places = ("_T", "U", "R") if "urbanisation" in one.breakdowns else ("_T",)
            cells = [(age, place, part) for part in _PARTS.get(one.id, ("_T",)) for place in places for age in ages]
            top = min((one.bounds or (0, 100))[1] or 100, 100)
            like = _RATES.get(one.id, one.id)
            heights = [(0.95 - 0.3 * at / len(cells)) * _share(cell[2]) for at, cell in enumerate(cells)]
            yield [
                Series(source, one.id, one.unit, like, sexes, *cell, height, top)
                for cell, height in zip(cells, heights, strict=True)
            ]


def _share(part: str) -> float:
    """Give how much of the whole a part may be: those that add up to it are a third of it at most."""
    return 1 / 3 if part.startswith("SPEED") else 1.0


def _in_turn(groups: Iterator[list[Series]]) -> Sequence[Series]:
    """Mix the groups so that each beginning of the sequence holds about the same share of each, of small ones too."""
    golden = 0.618034
    placed = [
        ((at + number * golden % 1) / len(group), one)
        for number, group in enumerate(groups, 1)
        for at, one in enumerate(group)
    ]
    return [one for _, one in sorted(placed, key=lambda pair: pair[0])]


def write(folder: Path, figures: int, edition: int = 0) -> int:
    """Write a bundle of so many figures, as its edition of this number has them; give how many there are."""
    import duckdb

    folder.mkdir(parents=True)
    chosen, count = Size(figures).chosen(), 0
    with duckdb.connect() as con:
        con.execute(f"SET temp_directory = '{folder}/.spill'; SET memory_limit = '2GB'")
        _places(con)
        for source in SOURCES:
            of_source = [one for one in chosen if one.source == source]
            count += _write(con, folder, source, of_source, edition)
    return count


def _places(con: object) -> None:
    """Make the table of economies and years, each with its population."""
    from schemas.codelist import rows

    areas = [row["ref_area"] for row in rows("area") if row["kind"] == "economy"][:AREAS]
    con.execute(  # type: ignore[attr-defined]
        "CREATE TABLE place AS SELECT ref_area, year, round(exp(11 + hash(ref_area) % 900 / 100) * 1.012 ** (year - 1995)) AS people "
        "FROM (SELECT unnest(?) AS ref_area), (SELECT unnest(range(?, ?)) AS year)",
        [areas, YEARS.start, YEARS.stop],
    )


_QUERY = """
WITH figure AS (
  SELECT s.*, p.*, hash(indicator, breakdown, age, urbanisation, ref_area, year, sex, '{source}') AS chance
  FROM (SELECT *, unnest(sexes) AS sex FROM series) s CROSS JOIN place p
), course AS (
  SELECT *, top * level * (1 + 0.002 * (chance % 11 - 5.0) / 5)
    / (1 + exp((2004 + hash(like_, ref_area) % 14 - year) / 6.0)) * (0.85 + hash(ref_area, 1) % 150 / 1000.0)
    * CASE sex WHEN 'F' THEN 0.96 - hash(ref_area, 2) % 90 / 1000.0 WHEN 'M' THEN 1.03 ELSE 1 END
    * (1 - 0.0005 * list_sum(list_transform(range(0, {edition} + 1), n -> (n > 0 AND hash(chance, n) % {changed} = 0)::INTEGER)))
    AS rate FROM figure
)
SELECT 'dataflow' AS STRUCTURE, '{structure}' AS STRUCTURE_ID, 'I' AS ACTION, indicator AS INDICATOR,
  ref_area AS REF_AREA, sex AS SEX, age AS AGE, urbanisation AS URBANISATION, breakdown AS BREAKDOWN, year AS TIME_PERIOD,
  CASE WHEN indicator = 'population' THEN people WHEN like_ <> indicator THEN round(rate * people / 100)
       ELSE round(rate, 5) END AS OBS_VALUE,
  unit AS UNIT_MEASURE, 'A' AS OBS_STATUS, '' AS COMMENT_OBS, indicator AS SERIES_CODE, '{day}' AS EDITION
FROM course ORDER BY ALL"""


def _write(con: object, folder: Path, source: str, chosen: list[Series], edition: int) -> int:
    """Write one publisher's file with its side file; the first publisher gives the population too."""
    from schemas.sdmx_csv import STRUCTURE_ID

    if source == SOURCES[0]:
        whole = ("_T", "_T", "_T", 1.0, 100.0)
        chosen = [Series(source, "population", "persons", "population", ("_T",), *whole), *chosen]
    if not chosen:
        return 0
    columns = [list(column) for column in zip(*chosen, strict=True)][1:]
    names = ("indicator", "unit", "like_", "sexes", "age", "urbanisation", "breakdown", "level", "top")
    con.execute(  # type: ignore[attr-defined]
        "CREATE OR REPLACE TABLE series AS SELECT " + ", ".join(f"unnest(?) AS {name}" for name in names), columns
    )
    day = (FIRST + timedelta(days=edition)).isoformat()
    query = _QUERY.format(source=source, structure=STRUCTURE_ID, day=day, edition=edition, changed=CHANGED)
    path = folder / f"{source}.csv.gz"
    con.execute(f"COPY ({query}) TO '{path}' (FORMAT csv, HEADER, COMPRESSION gzip, FORCE_QUOTE *)")  # type: ignore[attr-defined]
    path.with_name(f"{source}.json").write_text(json.dumps(_side(source, chosen, day)), encoding="utf-8")
    return sum(len(one.sexes) for one in chosen) * len(YEARS) * AREAS


def _side(source: str, chosen: list[Series], day: str) -> dict[str, object]:
    codes = sorted({one.indicator for one in chosen})
    return {
        "source": source,
        "title": f"Made-up figures, publisher {SOURCES.index(source) + 1}",
        "publisher": "Nobody",
        "address": "https://example.org",
        "licence": {"id": "CC0-1.0", "title": "CC0", "url": "https://example.org/cc0", "open": True},
        "citation": "Made up, {edition}",
        "cadence": "monthly",
        "editions": dict.fromkeys(codes, day),
        "scopes": [{"series_code": code, "whole": True, "years": [YEARS.start, YEARS.stop - 1]} for code in codes],
    }


if __name__ == "__main__":
    import sys

    print(json.dumps({"figures": write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))}))
