"""The passport of one number: what it is, who said it, in which bytes, what was checked, and what it was made from."""

from dataclasses import dataclass, field
from typing import Any

from schemas.errors import Unanswered
from schemas.observation import DIMENSIONS, TOTAL
from warehouse.home import Home
from warehouse.query import Session
from warehouse.record import text_at
from warehouse.snapshots import Snapshots

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Passport:
    """Everything that is known of one figure of one source."""

    figure: Row
    source: Row
    raw: str
    """The record as the publisher wrote it; empty for derived figures."""
    arrival: Row | None
    versions: list[Row]
    checks: list[Row]
    inputs: list[Row] = field(default_factory=list)
    """For derived figures: by role, which figures went in."""
    paragraphs: list[str] = field(default_factory=list)


def why(
    session: Session, home: Home, indicator: str, area: str, period: str, dimensions: dict[str, str]
) -> list[Passport]:
    """Give a passport for the figure of every source that holds it. Raises Unanswered, naming what there is."""
    wanted = {name: dimensions.get(name) or TOTAL for name in DIMENSIONS}
    figures = session.rows(
        "SELECT * FROM observation WHERE indicator = ? AND ref_area = ? AND time_period = ? "
        "AND sex = ? AND age = ? AND urbanisation = ? AND breakdown = ? ORDER BY source",
        [indicator, area, period, *wanted.values()],
    )
    if not figures:
        raise _nothing(session, indicator, area, period)
    return [_passport(session, home, figure) for figure in figures]


def _passport(session: Session, home: Home, figure: Row) -> Passport:
    source = session.rows("SELECT * FROM source WHERE id = ?", [figure["source"]])
    arrivals = session.rows(
        "SELECT * FROM snapshot WHERE snapshot = ? AND source = ? LIMIT 1", [figure["snapshot"], figure["source"]]
    )
    return Passport(
        figure=figure,
        source=source[0] if source else {},
        raw=_raw_text(home, figure),
        arrival=arrivals[0] if arrivals else None,
        versions=_versions(session, figure),
        checks=session.rows("SELECT * FROM quality_check WHERE source = ? ORDER BY gate, check_id", [figure["source"]]),
        inputs=_inputs(session, figure),
        paragraphs=_paragraphs(session, figure["indicator"]),
    )


def _raw_text(home: Home, figure: Row) -> str:
    if not figure["snapshot"]:
        return ""
    return text_at(Snapshots(home.snapshots).get(figure["snapshot"]), figure["record"])


_KEY_MATCH = (
    "source = ? AND indicator = ? AND ref_area = ? AND time_period = ? AND sex = ? AND age = ? AND urbanisation = ? "
    "AND breakdown = ?"
)


def _key(figure: Row) -> list[object]:
    names = ("source", "indicator", "ref_area", "time_period", "sex", "age", "urbanisation", "breakdown")
    return [figure[name] for name in names]


def _versions(session: Session, figure: Row) -> list[Row]:
    return session.rows(
        f"SELECT value, edition, edition_date, vintage_from, vintage_to, cause_from, cause_to FROM observation_history "
        f"WHERE {_KEY_MATCH} ORDER BY edition_date, vintage_from",
        _key(figure),
    )


def _inputs(session: Session, figure: Row) -> list[Row]:
    return session.rows(f"SELECT * FROM derivation WHERE {_KEY_MATCH} ORDER BY role", _key(figure))


def _paragraphs(session: Session, indicator: str) -> list[str]:
    rows = session.rows("SELECT paragraphs FROM indicator WHERE indicator = ?", [indicator])
    found: Any = rows[0]["paragraphs"] if rows else []
    return [str(paragraph) for paragraph in found or []]


def _nothing(session: Session, indicator: str, area: str, period: str) -> Unanswered:
    """Say what there is instead: other years, other breakdowns, other areas, other indicators."""
    what = f"no figure {indicator} · {area} · {period}"
    years = session.rows(
        "SELECT string_agg(DISTINCT time_period, ', ' ORDER BY time_period) AS there FROM observation "
        "WHERE indicator = ? AND ref_area = ? AND sex = '_T' AND breakdown = '_T'",
        [indicator, area],
    )[0]["there"]
    others = session.rows(
        "SELECT string_agg(DISTINCT concat_ws(' ', 'sex', sex, 'age', age, 'breakdown', breakdown), '; ') AS there "
        "FROM observation WHERE indicator = ? AND ref_area = ? AND time_period = ?",
        [indicator, area, period],
    )[0]["there"]
    if others:
        return Unanswered(
            what, why=f"there are for that year: {str(others)[:300]}", next_step="add --sex, --age, --breakdown"
        )
    if years:
        return Unanswered(what, why=f"there are: {str(years)[:300]}", next_step="name one of these years")
    known = session.rows("SELECT string_agg(DISTINCT indicator, ', ' ORDER BY indicator) AS there FROM observation")
    return Unanswered(
        what,
        why=f"indicators with figures: {known[0]['there']}",
        next_step='areas: ictdev sql "SELECT ref_area, name_en FROM area"',
    )
