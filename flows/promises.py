"""The resolution's promises with the figures that are held of them, for the suite of its targets."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from indicators import published, targets
from indicators.targets import Target
from warehouse import models
from warehouse.models import Connection
from warehouse.query import fetch_rows

if TYPE_CHECKING:
    from schemas.suites.resolution import Promise

MANDATE = "E/RES/2017/21"
NEAR = 3.0
"""Points by which our own gap of a group may differ from the published one: other economies report in other years."""
_OF_ECONOMIES = {
    "coverage_3g": ("8", "at_least", 95.0, "Every least developed country is covered by 3G (SDG 9.c)."),
    "coverage_4g": ("8", "at_least", 95.0, "Every least developed country is covered by 4G (SDG 9.c)."),
    "affordability": ("21", "at_most", 2.0, "A basket of data costs no more than 2 % of income in any economy."),
    "internet_gender_parity": ("31", "within", 0.02, "Women and men use the internet alike in every economy."),
    "mobile_ownership_gender_parity": ("31", "within", 0.02, "Women and men own mobile telephones alike everywhere."),
}
"""By promise: paragraph, direction, target, meaning. The values are those of indicators/targets/."""


def gather(con: Connection) -> "list[Promise]":
    """Give every promise, from the tables that were just derived."""
    return [*_targets(con), *_benchmarks(), *_own_gaps(con), *_economies(con)]


def _limits(direction: str, value: float | None) -> tuple[float | None, float | None]:
    if value is None:
        return None, None
    if direction == "within":
        return -value, value
    return (None, value) if direction == "at_most" else (value, None)


def _targets(con: Connection) -> "Iterator[Promise]":
    from schemas.suites.resolution import Promise  # noqa: PLC0415 - the engine is loaded only where a gate runs

    rows = fetch_rows(
        con, "SELECT * FROM assessment WHERE mandate = ? ORDER BY position, basis, source, edition", [MANDATE]
    )
    for row in rows:
        low, high = _limits(row["comparison"], row["target_value"])
        yield Promise(
            "_".join(part for part in (row["target"], row["basis"], row["source"], row["edition"]) if part).replace(
                " ", "_"
            ),
            row["paragraph"],
            row["comparison"],
            f"{row['question_en']}: {row['comparison'].replace('_', ' ')} {row['target_value']} by {row['deadline']}.",
            low,
            high,
            [] if row["value"] is None else [(f"{row['ref_area']} {row['year']}", row["value"])],
            reason=row["reason"],
            target=row["target_value"],
        )


def _quoted() -> Iterator[Target]:
    for framework in targets.load():
        if framework.mandate == MANDATE:
            yield from (one for one in framework.targets if one.benchmark)


def _benchmarks() -> "Iterator[Promise]":
    """Hold the resolution's own numbers against the editions that it quotes."""
    from schemas.suites.resolution import Promise  # noqa: PLC0415

    for one in _quoted():
        quoted = one.benchmark
        if quoted is None:
            continue
        given = [
            (f"{one.area} {told.year}, {told.edition}", told.value)
            for told in published.gaps(one.indicator, one.area)
            if told.year == quoted.year and told.value is not None
        ]
        meaning = f"The published gap agrees with the {quoted.value:g} % of paragraph {one.paragraph}, within rounding."
        low, high = quoted.value - 0.5, quoted.value + 0.5
        yield Promise(
            f"{one.id}_as_quoted", one.paragraph, "within", meaning, low, high, given, "warn", target=quoted.value
        )


_OWN_GAP = """
SELECT relative_gap_pct AS value, reason FROM group_gap
WHERE indicator = (SELECT derived_from FROM indicator WHERE indicator = ?) AND group_code = ? AND year = ?"""


def _own_gaps(con: Connection) -> "Iterator[Promise]":
    """Compare our own gap with the quoted one, only where enough of the population is covered."""
    from schemas.suites.resolution import Promise  # noqa: PLC0415

    for one in _quoted():
        quoted = one.benchmark
        if quoted is None:
            continue
        rows = fetch_rows(con, _OWN_GAP, [one.indicator, one.area, quoted.year])
        own = [
            (f"{one.area} {quoted.year}", row["value"])
            for row in rows
            if not row["reason"] and row["value"] is not None
        ]
        reason = (
            rows[0]["reason"].removeprefix("cannot say: ") if rows else "no economy reports both sexes in that year"
        )
        meaning = f"Our own gap of {quoted.year} lies within {NEAR:g} points of the {quoted.value:g} % that is quoted."
        low, high = quoted.value - NEAR, quoted.value + NEAR
        yield Promise(
            f"{one.id}_worked_out", one.paragraph, "within", meaning, low, high, own, "warn", reason, quoted.value
        )


def _economies(con: Connection) -> "Iterator[Promise]":
    from schemas.suites.resolution import Promise  # noqa: PLC0415

    rows = models.inputs(con, "promises_by_economy").to_pylist()
    for name, (paragraph, direction, value, meaning) in _OF_ECONOMIES.items():
        figures = [(row["place"], row["value"]) for row in rows if row["promise"] == name]
        low, high = (1 - value, 1 + value) if direction == "within" else _limits(direction, value)
        reason = "no figure of an economy is held"
        yield Promise(
            f"{name}_by_economy", paragraph, direction, meaning, low, high, figures, reason=reason, target=value
        )
