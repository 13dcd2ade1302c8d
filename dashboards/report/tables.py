"""The tables of the report: which answer each shows, and in which columns."""

from dataclasses import dataclass

from dashboards.report.blocks import Column, Run, Runs, Table, plain
from dashboards.report.citing import notes
from dashboards.report.found import Figure, Found
from dashboards.report.text import Writer


@dataclass(frozen=True, slots=True)
class Shown:
    """A column that is shown: the answer's column, or how its cell is made, and its share of the width.

    `kind`: plain (numbers and texts), area (the area's name), prose (a sentence, translated), cell (a short template
    of the language, by the column's name).
    """

    name: str
    kind: str = "plain"
    weight: float = 1.0
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """A table: its query, its columns, and the rows that are wanted."""

    query: str
    shown: tuple[Shown, ...]
    match: tuple[tuple[str, object], ...] = ()


def _n(name: str, weight: float = 1.0) -> Shown:
    return Shown(name, weight=weight, numeric=True)


def _t(name: str, kind: str = "plain", weight: float = 1.0) -> Shown:
    return Shown(name, kind, weight)


_AREA = Shown("area", "area", 2.6)

SPECS: dict[str, Spec] = {
    "groups": Spec("groups", (_AREA, *map(_n, ("base_value", "middle_value", "value", "year", "points",
                                               "years_behind", "coverage", "reporting", "members")))),
    "users_published": Spec("users_published", (_AREA, _t("source", "cell", 2.6), _n("former_value"),
                                                *map(_n, ("value", "year", "points")))),
    "inequality": Spec("inequality", (_t("of", "cell", 2), *map(_n, ("year", "gini", "theil", "theil_between",
                                                                    "theil_within", "portion", "economies")))),
    "coverage": Spec("coverage", (_AREA, *map(_n, ("year", "value_2g", "value_3g", "value_4g", "coverage")))),
    "fixed": Spec("subscriptions", (_AREA, *map(_n, ("base_value", "middle_value", "value", "year", "coverage"))),
                  (("indicator", "fixed_broadband_per_100"),)),
    "cellular": Spec("subscriptions", (_AREA, *map(_n, ("base_value", "middle_value", "value", "year", "coverage"))),
                     (("indicator", "mobile_cellular_per_100"),)),
    "gender_published": Spec("gender_published", (_t("indicator", "cell", 1.7), _AREA, _t("edition", weight=2.6),
                                                  *map(_n, ("year",)), _t("measure", "cell", 1.3), _n("value"),
                                                  _n("gap_pct"))),
    "parity_counts": Spec("parity_counts", (_t("indicator_name", weight=2.6), *map(_n, (
        "economies", "women_behind", "at_parity", "women_ahead", "median", "first_year", "last_year")))),
    "widest_gaps": Spec("widest_gaps", (_t("indicator_name", weight=2.2), _AREA, *map(_n, ("year", "female", "male",
                                                                                           "gap_pct")))),
    "skills": Spec("skills", (_t("breakdown", "cell", 3), *map(_n, ("economies", "first_year", "last_year", "lowest",
                                                                   "median", "highest")))),
    "schools": Spec("schools", (_AREA, _t("breakdown", "cell", 2), *map(_n, ("year", "value")), _t("edition"))),
    "regions": Spec("regions", (_t("region", "cell", 2.8), *map(_n, ("middle_value", "value", "year", "points",
                                                                    "years_behind", "coverage", "reporting",
                                                                    "members")))),
    "action_lines": Spec("action_lines", (_t("action_line", weight=0.8), _t("name", weight=3),
                                          _t("goals", "cell", 3), _n("projects"))),
    "standings": Spec("standings", (_t("question", "cell", 2.8), _t("asked", "cell", 1.6), _t("figure", "cell", 1.8),
                                    _t("status", "cell", 1.2), _t("basis", "cell", 2.2))),
    "frameworks": Spec("frameworks", (_t("mandate", weight=2.4), *map(_n, (
        "targets", "with_series", "standings", "met", "missed", "on_track", "off_track", "standing_still", "receding",
        "unknown")))),
    "chances": Spec("chances", (_t("mandate", weight=1.6), _t("question", "cell", 2.8), _n("deadline"),
                                _t("basis", "cell", 1.8), _t("chance", "cell", 1.2), _t("expected", "cell", 1.8))),
    "registers": Spec("register_counts", (_t("title", weight=3), *map(_n, ("entries", "unconfirmed")), _t("earliest"),
                                          _t("latest"))),
    "held": Spec("held", (_t("name", weight=3), _t("core_list"), _t("sdg"), *map(_n, (
        "economies", "figures", "first_year", "last_year", "estimated_share")))),
    "not_held": Spec("not_held", (_t("name", weight=2), _t("none_held", "prose", 4))),
    "core_items": Spec("core_items", (_t("code", weight=0.7), _t("name", weight=3), _n("economies"),
                                      _n("newest_year"))),
    "index_state": Spec("index_state", tuple(map(_n, ("year", "economies", "scored", "published", "most_inputs",
                                                      "needed")))),
    "paragraphs": Spec("paragraphs", (_t("paragraph", weight=0.5), _t("kind", "cell", 1), _t("summary", weight=3),
                                      _t("evidence", "cell", 4))),
    "all_targets": Spec("all_targets", (_t("mandate", weight=1.4), _t("question", "cell", 2.6),
                                        _t("asked", "cell", 1.4), _t("figure", "cell", 1.5),
                                        _t("standing", "cell", 2.4))),
    "methods": Spec("methods", (_t("method_kind", "cell", 1.4), _t("method", "cell", 2), _t("formula", "prose", 4))),
    "rules": Spec("rules", (_n("position", 0.5), _t("applies_when", "prose", 4), _t("status", "cell", 1.2))),
    "checks": Spec("checks", (_t("gate", "cell", 3), *map(_n, ("checks", "passed", "failed", "warned", "informed")))),
    "failing": Spec("failing", (_t("severity", "cell"), _t("meaning", "prose", 4), _n("rows_failed"),
                                _t("check_id", weight=2))),
    "states": Spec("sources", (_t("title", weight=3), _t("state", "cell"), _t("editions", weight=1.6), _n("last_good"),
                               _n("figures"))),
    "rejects": Spec("rejects", (_t("source"), _t("reason", "prose", 2), _n("records"))),
    "licences": Spec("sources", (_t("title", weight=2), _t("licence_title", "cell", 2), _t("cite", "cell", 4))),
    "revisions": Spec("revisions", (_t("source", weight=1.4), _t("kind", "cell"), _t("cause", "cell", 1.6),
                                    _n("figures"), _n("largest"))),
    "largest_revisions": Spec("largest_revisions", (_t("source"), _t("indicator_name", weight=2), _AREA, *map(_n, (
        "year", "value_before", "value", "change_pct")), _t("cause", "cell", 1.6))),
    "flips": Spec("flips", (_t("question", "cell", 3), _t("source"), _t("status_before", "cell"),
                            _t("status", "cell"))),
}  # fmt: skip


def table(name: str, writer: Writer) -> Table | None:
    """Give a table, or None where the release has no row for it."""
    spec = SPECS[name]
    rows = list(writer.answers.where(spec.query, **dict(spec.match)))
    if not rows:
        return None
    labels = writer.language.labels["tables"][name]
    common = writer.language.labels["columns"]
    named = labels.get("columns") or {}
    shown = [one for one in spec.shown if not one.numeric or any(row.raw(one.name) is not None for row in rows)]
    columns = tuple(
        Column(plain(writer.line(named.get(one.name) or common[one.name])), one.numeric, one.weight) for one in shown
    )
    cells = tuple(tuple(_cell(one, row, writer) for one in shown) for row in rows)
    return Table(name, labels["caption"], columns, cells, notes(rows, writer, labels.get("note")))


def _cell(shown: Shown, row: Found, writer: Writer) -> tuple[Runs, ...]:
    language = writer.language
    if shown.kind == "area":
        return ((Run(language.area(row)),),)
    if shown.kind == "cell":
        return writer.lines(language.labels["cells"][shown.name], row=row) or _nothing(writer)
    value = getattr(row, shown.name)
    if isinstance(value, Figure):
        return ((Run(language.figure(value, in_text=False), value),),)
    if value in (None, ""):
        return _nothing(writer)
    text = str(value)
    return ((Run(language.prose(text) if shown.kind == "prose" else language.say(text)),),)


def _nothing(writer: Writer) -> tuple[Runs, ...]:
    return ((Run(writer.language.label("nothing")),),)
