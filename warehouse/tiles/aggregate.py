"""The aggregation of tiles: the steps of `tiles.sql`, the same for every engine that runs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Protocol, TypeAlias

Row: TypeAlias = dict[str, Any]
MEASURES = ("download", "upload", "latency")
_MEASURE = dict(enumerate(MEASURES, start=1))
_KEPT = {"place_counted": "place_again", "cell_counted": "cell", "prefix_counted": "prefix_of_cell"}
"""What is worked out once, of the views of `tiles.sql`, and the name under which what follows finds it."""
MEMORY = 600_000_000
"""Bytes that DuckDB may hold: with Python and what reading Parquet takes beside it, less than 1 GB in all."""


class Engine(Protocol):
    """Whoever runs the text: knows the views `tiles` and `lookup`."""

    def execute(self, statement: str) -> None:
        """Run one statement that gives nothing back."""

    def rows(self, query: str) -> list[Row]:
        """Give the rows of a query."""

    def keep(self, name: str, query: str) -> None:
        """Work a query out once and give its rows a name."""

    def in_parts(self, query: str, parts: Sequence[str]) -> list[Row]:
        """Give the rows of a query: at once, or where room is short by parts (conditions that exclude each other)."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What a file of tiles comes to.

    `figures` has one row per measure (`MEASURES`), economy and kind of place: tests, devices, tiles, `weighted` (sum of
    tile average × tests), `tests_below` (tests in tiles that average below 10,000), p10, p50, p90; in kbit/s and ms.
    `aside` tells of each reason how many tiles, with how many tests, were set aside.
    """

    tiles: int
    figures: tuple[Row, ...]
    aside: dict[str, tuple[int, int]]


def statements(lengths: Sequence[int]) -> list[str]:
    """Give the statements of `tiles.sql`, in order, for a lookup with prefixes of these lengths."""
    text = (files("warehouse.tiles") / "tiles.sql").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    parts = [part.strip() for part in "\n".join(lines).split(";") if part.strip()]
    return [_filled(part, lengths) for part in parts]


def _filled(statement: str, lengths: Sequence[int]) -> str:
    """Write the joins of a statement, one for each length of prefix."""
    if "{joins}" not in statement:
        return statement
    joins = (
        f"LEFT JOIN prefix_of_cell AS at_{length} ON at_{length}.prefix_length = {length} "
        f"AND at_{length}.prefix = left(quadkey, {length})"
        for length in lengths
    )
    cells = ", ".join(f"at_{length}.cell" for length in lengths)
    return statement.format(cells=cells, joins="\n".join(joins))


def aggregate(engine: Engine) -> Aggregate:
    """Run the text."""
    lengths = sorted(row["prefix_length"] for row in engine.rows("SELECT DISTINCT prefix_length FROM lookup"))
    views = {statement.split()[5]: statement for statement in statements(lengths)}
    for name, statement in views.items():
        engine.execute(statement)
        if name in _KEPT:
            engine.keep(_KEPT[name], f"SELECT * FROM {name}")
    figures = _figures(engine)
    states = _counts(engine.rows("SELECT * FROM tile_census"))
    again = _counts(engine.rows("SELECT * FROM tile_again_census"))
    return Aggregate(sum(tiles for tiles, _ in states.values()), tuple(figures), _aside(states, again, figures))


def _figures(engine: Engine) -> list[Row]:
    """Give the figures with the names of measures, economies and kinds of places, in their order."""
    cells = {row.pop("cell"): row for row in engine.rows("SELECT * FROM cell")}
    rows = engine.in_parts("SELECT * FROM tile_figure", [f"measure = {number}" for number in _MEASURE])
    rows.sort(key=lambda row: (row["measure"], row["cell"]))
    return [{"measure": _MEASURE[row.pop("measure")], **cells[row.pop("cell")], **row} for row in rows]


def _counts(rows: Sequence[Row]) -> dict[str, tuple[int, int]]:
    return {row["state"]: (int(row["tiles"]), int(row["tests"])) for row in rows}


def _aside(
    states: dict[str, tuple[int, int]], again: dict[str, tuple[int, int]], figures: Sequence[Row]
) -> dict[str, tuple[int, int]]:
    """Tell why tiles were set aside; every tile of the file is in a figure or here."""
    usable = states.pop("usable", (0, 0))
    repeated = tuple(stood - kept for stood, kept in zip(again["stood"], again["kept"], strict=True))
    totals = [row for row in figures if row["measure"] == MEASURES[0] and row["urbanisation"] == "_T"]
    placed = (sum(row["tiles"] for row in totals), sum(row["tests"] for row in totals))
    nowhere = tuple(usable[at] - repeated[at] - placed[at] for at in (0, 1))
    told = {**states, "repeated": (repeated[0], repeated[1]), "no_economy": (nowhere[0], nowhere[1])}
    return {reason: told[reason] for reason in sorted(told) if told[reason][0]}
