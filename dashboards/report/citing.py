"""What stands under a table or a chart: where its figures are from, in which edition, and of which release."""

from collections.abc import Iterable, Sequence

from dashboards.report.blocks import Runs
from dashboards.report.found import Found
from dashboards.report.text import Writer


def notes(rows: Sequence[Found], writer: Writer, note: str | None = None) -> tuple[Runs, ...]:
    """Give the source line of the rows, after what the language says of the table, if anything."""
    said = (writer.line(note),) if note else ()
    line = sources(rows, writer)
    return (*said, line) if line else said


def sources(rows: Sequence[Found], writer: Writer) -> Runs:
    """Give one line with the citation of every publisher and edition behind the rows, and the day of the release."""
    cited = list(dict.fromkeys(_citations(rows, writer)))
    release = writer.answers.first("release")
    day = release.vintage if release else None
    separator = "；" if writer.language.code == "zh" else "; "
    template = writer.language.label("source_line" if cited else "release_line")
    return writer.line(template, cited=separator.join(cited), day=day)


def _citations(rows: Iterable[Found], writer: Writer) -> Iterable[str]:
    known = {row.raw("source"): row.citation for row in writer.answers("sources")}
    for row in rows:
        if row.has("citation"):
            if "{edition}" not in row.citation:  # a row about a publisher, not about a figure
                yield row.citation
        elif row.has("source") and row.raw("source") and row.raw("source") != "ictdev":
            yield _cited(known.get(row.raw("source")) or f"{row.source}, {{edition}}", _edition(row))
        elif row.has("source") and row.raw("source") == "ictdev" and row.has("edition") and row.edition:
            yield from _own(row, writer)


def _edition(row: Found) -> str:
    return str((row.edition if row.has("edition") else "") or "")


def _own(row: Found, writer: Writer) -> Iterable[str]:
    """Cite a figure of our own by its method, then the publishers whose figures went in."""
    name = str(row.edition)
    yield f"{writer.language.label('own_calculation')} {writer.language.say(name)}"
    if row.has("indicator"):
        for part in writer.answers.where("inputs", indicator=row.raw("indicator")):
            yield _cited(str(part.citation), str(part.edition))


def _cited(citation: str, edition: str) -> str:
    return citation.replace("{edition}", edition)
