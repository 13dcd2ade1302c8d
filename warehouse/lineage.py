"""The passport of one number: what it is, who said it, in which bytes, what was checked, and what it was made from."""

from dataclasses import asdict, dataclass, field
from typing import Any

from schemas.errors import Unanswered
from schemas.observation import DIMENSIONS, TOTAL
from warehouse import citation, terms
from warehouse.home import Home
from warehouse.lake.reading import SharedRelease
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
    """The record as the publisher wrote it; empty for derived figures, and where only a shared storage is read."""
    arrival: Row | None
    versions: list[Row]
    checks: list[Row]
    inputs: list[Row] = field(default_factory=list)
    """For derived figures: by role, which figures went in."""
    formula: str = ""
    """For derived figures: how they were worked out."""
    paragraphs: list[str] = field(default_factory=list)
    targets: list[Row] = field(default_factory=list)
    """Targets of any mandate that are judged by this figure's series."""
    correction: Row | None = None
    """The declared correction of the figure, with the value as the publisher says it."""
    vintage: str = ""
    """The release that was read."""

    def cite(self, form: str = "plain") -> str:
        """Give the citation: `plain`, `bibtex` or `csl` (CSL-JSON)."""
        return citation.text(form, self.figure, self.source, self.vintage)

    def as_note(self) -> Row:
        """Give the passport as plain JSON, the citation in each form."""
        cited = {"plain": self.cite(), "bibtex": self.cite("bibtex")}
        return {**asdict(self), "citation": {**cited, "csl": citation.csl(self.figure, self.source, self.vintage)}}


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
        source=_with_terms(session, figure, source[0]) if source else {},
        raw="" if isinstance(session.release, SharedRelease) else _raw_text(home, figure),
        arrival=arrivals[0] if arrivals else None,
        versions=_versions(session, figure),
        checks=_checks(session, figure),
        inputs=_inputs(session, figure),
        formula=_formula(session, figure),
        paragraphs=_paragraphs(session, figure["indicator"]),
        targets=_targets(session, figure),
        correction=_correction(session, figure),
        vintage=session.release.vintage,
    )


def _with_terms(session: Session, figure: Row, source: Row) -> Row:
    """Give the source with the figure's own terms: one of ours carries the strictest of its inputs'."""
    if source["id"] != terms.OURS:
        return source
    behind = {one.strip() for role in _inputs(session, figure) for one in role["input_source"].split(",")}
    known = terms.of_sources(session.con)
    own = terms.strictest([known.get(one, terms.UNKNOWN) for one in behind])
    said = {"licence": own.licence, "licence_title": own.title, "licence_url": own.url, "licence_open": own.open}
    return {**source, **said}


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


_INPUT_FIGURES = """
SELECT o.* FROM observation o
LEFT JOIN (SELECT indicator, source, min(preference) AS preference FROM indicator_series GROUP BY ALL) p
  USING (indicator, source)
WHERE o.indicator = $input_indicator AND list_contains($input_areas, o.ref_area) AND o.sex = $input_sex
  AND o.time_period = $input_time_period AND o.breakdown = $input_breakdown
  AND o.urbanisation = CASE WHEN starts_with($role, 'weight') THEN '_T' ELSE $urbanisation END
  AND ($input_age = '' OR o.age = $input_age) AND list_contains(string_split($input_source, ', '), o.source)
QUALIFY row_number() OVER (PARTITION BY o.ref_area ORDER BY p.preference NULLS LAST, o.age <> '_T', o.age) = 1
ORDER BY o.ref_area"""


def input_figures(session: Session, role: Row) -> list[Row]:
    """Give the figures that stand behind one role of a derivation, each an observation with snapshot and record."""
    names = ("indicator", "areas", "sex", "time_period", "breakdown", "age", "source")
    given = {f"input_{name}": role[f"input_{name}"] for name in names}
    given |= {"role": role["role"], "urbanisation": role["urbanisation"]}
    return session.rows(_INPUT_FIGURES, given)


def _checks(session: Session, figure: Row) -> list[Row]:
    """Give the checks of the figure's source, and those of the release that this very figure fails."""
    own = session.rows(
        "SELECT * FROM quality_check WHERE source = ? AND gate IN ('received', 'stored') ORDER BY gate, check_id",
        [figure["source"]],
    )
    named = " ".join(str(part) for part in _key(figure) if part not in (TOTAL, ""))
    failing = session.rows(
        "SELECT * FROM quality_check WHERE gate = 'published' AND list_contains(failing_keys, ?) ORDER BY check_id",
        [named],
    )
    return [*own, *failing]


def _correction(session: Session, figure: Row) -> Row | None:
    rows = session.rows(f"SELECT * FROM correction WHERE {_KEY_MATCH}", _key(figure))
    return rows[0] if rows else None


def _formula(session: Session, figure: Row) -> str:
    """Give the formula of a figure of ours; a group's and an economy's come by different ones."""
    rows = session.rows(
        "SELECT DISTINCT m.formula FROM method m JOIN derivation d USING (indicator, method, version) "
        f"WHERE {_KEY_MATCH.replace('source = ?', 'd.source = ?')}",
        _key(figure),
    )
    return str(rows[0]["formula"]) if rows else ""


def _targets(session: Session, figure: Row) -> list[Row]:
    return session.rows(
        "SELECT mandate, paragraph, id AS target, question_en, comparison, value, deadline FROM target "
        "WHERE indicator = ? AND area = ? AND breakdown = ? ORDER BY mandate, paragraph, id",
        [figure["indicator"], figure["ref_area"], figure["breakdown"]],
    )


def _paragraphs(session: Session, indicator: str) -> list[str]:
    rows = session.rows("SELECT paragraphs FROM indicator WHERE indicator = ?", [indicator])
    found: Any = rows[0]["paragraphs"] if rows else []
    return [str(paragraph) for paragraph in found or []]


def _nothing(session: Session, indicator: str, area: str, period: str) -> Unanswered:
    """Say what there is instead: other years, other breakdowns, other areas, other indicators."""
    what = f"no figure {indicator} · {area} · {period}"
    dropped = session.rows(
        "SELECT * FROM correction WHERE indicator = ? AND ref_area = ? AND time_period = ? "
        "AND action = 'drop' AND state = 'applied' LIMIT 1",
        [indicator, area, period],
    )
    if dropped:
        return _taken_out(what, dropped[0])
    years = session.rows(
        "SELECT string_agg(DISTINCT time_period, ', ' ORDER BY time_period) AS there FROM observation "
        "WHERE indicator = ? AND ref_area = ?",
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


def _taken_out(what: str, correction: Row) -> Unanswered:
    """Say that there was a figure, and why it was dropped."""
    return Unanswered(
        f"{what}: {correction['source']} says {correction['raw_value']:.10g}, which a declared correction drops",
        why=f"{correction['reason']} ({correction['citation']})",
        next_step='ictdev sql "FROM correction"   shows every correction',
    )
