"""The state of a whole mandate, paragraph by paragraph: what can be measured with its figures, what cannot with why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rich.markup import escape

from flows.standing import heading, lines, number
from warehouse.literals import quoted
from warehouse.query import Session

Row = dict[str, Any]
_QUERY = """
SELECT s.*, p.summary_en, i.name_en, o.title AS source_title
FROM paragraph_state s
JOIN paragraph p USING (mandate, paragraph)
LEFT JOIN indicator i ON i.indicator = s.indicator
LEFT JOIN source o ON o.id = s.source
ORDER BY s.position, s.told_by DESC, s.framework <> s.mandate, s.framework, s.target, s.basis, s.source, s.edition,
  s.indicator, s.breakdown, s.ref_area DESC"""
_LABELS = {"process": "process", "requirement": "requirement", "none": "not measurable"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a mandate is asked for; an empty text asks for all."""

    mandate: str
    paragraph: str = ""
    kind: str = ""
    status: str = ""
    indicator: str = ""

    def where(self) -> str:
        """Give the condition on table `paragraph_state` in SQL."""
        names = ("mandate", "paragraph", "kind", "status", "indicator")
        given = ((name, getattr(self, name)) for name in names)
        return " AND ".join(f"{name} = {quoted(text)}" for name, text in given if text)

    @property
    def narrowed(self) -> bool:
        """True where one paragraph or a choice of its rows is asked for: then every target is shown whole."""
        return bool(self.paragraph or self.status or self.indicator)


def rows(session: Session, asked: Asked) -> list[Row]:
    """Give what tells of the paragraphs that are asked for; nothing for a framework that is no mandate."""
    query = _QUERY.replace("FROM paragraph_state s", f"FROM (FROM paragraph_state WHERE {asked.where()}) s")
    return session.rows(query, [])


def texts(found: Sequence[Row], *, whole: bool) -> Iterator[str]:
    """Give the lines of each paragraph; with `whole` also those of targets that other instruments set."""
    for _, group in groupby(found, key=lambda row: row["position"]):
        told = list(group)
        if any(row["told_by"] in {"target", "figure", "economies"} for row in told):
            yield ""
            yield f"[bold]§ {told[0]['paragraph']}[/]  {escape(told[0]['summary_en'])}"
            yield from _targets([row for row in told if row["told_by"] == "target"], whole=whole)
            yield from _figures(told)
        else:
            yield _in_one_line(told)


def _in_one_line(told: Sequence[Row]) -> str:
    """Say what there is beside figures, or why there is nothing."""
    label = _LABELS.get(told[0]["kind"], "no figure")
    reason = "; ".join(dict.fromkeys(row["reason"] for row in told))
    return f"[dim]§ {told[0]['paragraph']:<4}{label}: {escape(reason)}[/]"


def _targets(told: Sequence[Row], *, whole: bool) -> Iterator[str]:
    shown = [row for row in told if whole or row["framework"] == row["mandate"]]
    for _, group in groupby(shown, key=lambda row: row["target"]):
        standings = list(group)
        yield heading(_with_framework(standings[0]))
        for row in standings:
            yield from lines(row)
    others = {row["target"]: row["status"] for row in told if row not in shown}
    if others:
        counted = ", ".join(f"{list(others.values()).count(one)} {one}" for one in sorted(set(others.values())))
        place = f"--paragraph {told[0]['paragraph']}"
        yield f"  {len(others)} more targets of instruments that it names: {counted} ({place})"


def _with_framework(row: Row) -> Row:
    """Name the instrument where it is another than the mandate itself."""
    if row["framework"] == row["mandate"]:
        return row
    return {**row, "question_en": f"{row['question_en']} ({row['framework']})"}


def _figures(told: Sequence[Row]) -> Iterator[str]:
    newest = [row for row in told if row["told_by"] == "figure"]
    for (name, breakdown), group in groupby(newest, key=lambda row: (row["name_en"], row["breakdown"])):
        which = "" if breakdown == "_T" else f", {breakdown}"
        values = [
            f"{row['ref_area']} {number(row, row['value'])} ({row['year']}, {row['source']} {row['edition']})"
            for row in group
        ]
        yield f"  {escape(name + which)}: {escape(' · '.join(values))}"
    for row in told:
        if row["told_by"] in {"economies", "none"}:
            yield f"  [dim]{escape(row['name_en'])}: {escape(row['reason'])}[/]"
