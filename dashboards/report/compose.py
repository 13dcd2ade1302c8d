"""Put a report together: ask the release, fill the texts, draw the charts."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from dashboards.report.blocks import Block, Paragraph, Report, Run
from dashboards.report.changes import tell
from dashboards.report.charts import chart
from dashboards.report.found import Answers
from dashboards.report.language import Language, language
from dashboards.report.tables import table
from dashboards.report.text import Writer
from warehouse import Session

MANDATE = "E/RES/2017/21"


def compose(session: Session, code: str, since: str | None = None) -> Report:
    """Give the report of a release in a language; `since` is the date or vintage that changes are told from.

    Raises LookupError for a language that is not complete, Usage for a `since` that is no moment.
    """
    spoken = language(code)
    answers = Answers(session, code, _given(session))
    tell(session, answers, since)
    writer = Writer(spoken, answers)
    release = answers.first("release")
    report = Report(
        language=code,
        title=spoken.label("title"),
        subtitle=writer.line(spoken.label("subtitle")),
        dated=spoken.figure(release.vintage, in_text=False) if release else "",
        vintage=session.release.vintage,
        labels={name: spoken.label(name) for name in ("contents", "table", "chart", "page", "of", "colon", "lang")},
    )
    report.blocks = list(writer.blocks(lambda kind, name: _placed(kind, name, writer, spoken)))
    return report


def _placed(kind: str, name: str, writer: Writer, spoken: Language) -> Iterator[Block]:
    """Give the table or chart of a directive; where the release has nothing for it, a sentence says so."""
    found = table(name, writer) if kind == "table" else chart(name, writer)
    if found:
        yield found
    elif kind == "table":
        caption = spoken.labels["tables"][name]["caption"]
        yield Paragraph((Run(f"{caption}{spoken.label('colon')}{spoken.label('empty_table')}"),), "note")


def _given(session: Session) -> Mapping[str, Any]:
    vintage = datetime.strptime(session.release.vintage, "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 - vintages are UTC
    day: date = vintage.date()
    return {"mandate": MANDATE, "day": day, "recent": day.year - 6}
