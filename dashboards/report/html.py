"""The report as one page that needs nothing else: styles and pictures inside, ready to print."""

import base64
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from dashboards.report.blocks import Block, Chart, Contents, Heading, Paragraph, Report, Run, Runs, Table, plain

STYLE = Path(__file__).parent / "page.css"
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""What the page may load: nothing from elsewhere, and no script at all."""
_LEVELS = {1: "h2", 2: "h3", 3: "h4"}


def page(report: Report) -> bytes:
    """Give the page as UTF-8."""
    return "\n".join(_page(report)).encode("utf-8") + b"\n"


def _page(report: Report) -> Iterator[str]:
    lang = report.labels["lang"]
    yield f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta name="generator" content="ictdev"><meta name="release" content="{escape(report.vintage)}">'
    yield f"<title>{escape(report.title)}</title>"
    yield f"<style>\n{STYLE.read_text(encoding='utf-8')}{_footer(report)}</style>\n</head>\n<body>\n<main>"
    yield f"<header>\n<h1>{escape(report.title)}</h1>\n<p class=subtitle>{_runs(report.subtitle)}</p>\n</header>"
    numbers = _Numbers(report)
    open_list = ""
    for block in report.blocks:
        kind = _list_of(block)
        if open_list and kind != open_list:
            yield f"</{open_list}>"
        if kind and kind != open_list:
            yield f"<{kind}>"
        open_list = kind
        yield from numbers.block(block)
    if open_list:
        yield f"</{open_list}>"
    yield "</main>\n</body>\n</html>"


def _footer(report: Report) -> str:
    """Put title and page number into the margin of printed pages."""
    title = report.title.replace("\\", "").replace('"', "'").replace("<", "")
    page_of = report.labels["page"].replace("{page}", '" counter(page) "').replace("{pages}", '" counter(pages) "')
    return (
        f'@page {{ @top-left {{ content: "{title}"; }} @top-right {{ content: "{report.dated}"; }} '
        f'@bottom-center {{ content: "{page_of}"; }} }}\n'
    )


def _list_of(block: Block) -> str:
    return "ul" if isinstance(block, Paragraph) and block.kind == "item" else ""


class _Numbers:
    """Writes blocks, counting tables and charts."""

    def __init__(self, report: Report) -> None:
        self.report, self.tables, self.charts = report, 0, 0

    def block(self, block: Block) -> Iterator[str]:
        if isinstance(block, Heading):
            tag = _LEVELS[block.level]
            yield f'<{tag} id="{block.anchor}">{escape(block.number)}{_runs(block.runs)}</{tag}>'
        elif isinstance(block, Paragraph):
            yield _paragraph(block)
        elif isinstance(block, Table):
            self.tables += 1
            yield from _table(block, f"{self.report.labels['table']}{self.tables}{self.report.labels['of']}")
        elif isinstance(block, Chart):
            self.charts += 1
            yield from _chart(block, f"{self.report.labels['chart']}{self.charts}{self.report.labels['of']}")
        elif isinstance(block, Contents):
            yield from _contents(self.report)


def _runs(runs: Runs) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    text = escape(run.text, quote=False)
    if run.figure is not None:
        title = f' title="{escape(run.figure.told)}"' if run.figure.told else ""
        value = escape(str(run.figure.value))
        text = f'<data value="{value}" data-form="{run.figure.form}" data-at="{run.figure.place}"{title}>{text}</data>'
    return f"<strong>{text}</strong>" if run.strong else text


def _paragraph(block: Paragraph) -> str:
    if block.kind == "item":
        return f"<li>{_runs(block.runs)}</li>"
    number = f'<span class="number">{block.number}.</span> ' if block.number else ""
    return f'<p class="{block.kind}">{number}{_runs(block.runs)}</p>'


def _contents(report: Report) -> Iterator[str]:
    label = escape(report.labels["contents"])
    yield f'<nav aria-label="{label}"><h2 class="contents">{label}</h2>\n<ol>'
    for heading in report.headings():
        if heading.level < 3:
            text = f"{escape(heading.number)}{escape(plain(heading.runs))}"
            yield f'<li class="level-{heading.level}"><a href="#{heading.anchor}">{text}</a></li>'
    yield "</ol></nav>"


def _table(block: Table, number: str) -> Iterator[str]:
    wide = " wide" if len(block.columns) > 7 else ""
    label = escape(f"{number}{block.caption}")
    yield f'<div class="scroll{wide}" role="region" aria-label="{label}" tabindex="0"><table id="t-{block.name}">'
    yield f'<caption><span class="which">{escape(number)}</span>{escape(block.caption)}</caption><colgroup>'
    total = sum(column.weight for column in block.columns)
    yield "".join(f'<col style="width:{100 * column.weight / total:.1f}%">' for column in block.columns)
    heads = "".join(
        f'<th scope="col"{_numeric(column.numeric)}>{escape(column.label)}</th>' for column in block.columns
    )
    yield f"</colgroup><thead><tr>{heads}</tr></thead><tbody>"
    for row in block.rows:
        cells = []
        for index, (column, lines) in enumerate(zip(block.columns, row, strict=True)):
            tag, scope = ("th", ' scope="row"') if index == 0 else ("td", "")
            cells.append(f"<{tag}{scope}{_numeric(column.numeric)}>{'<br>'.join(map(_runs, lines))}</{tag}>")
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody></table></div>"
    yield from (f'<p class="note">{_runs(note)}</p>' for note in block.notes)


def _numeric(numeric: bool) -> str:  # noqa: FBT001 - one attribute
    return ' class="n"' if numeric else ""


def _chart(block: Chart, number: str) -> Iterator[str]:
    picture = base64.b64encode(block.svg.encode("utf-8")).decode("ascii")
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', block.svg)
    sides = f' width="{float(size[1]):.0f}" height="{float(size[2]):.0f}"' if size else ""
    yield f'<figure id="c-{block.name}"><figcaption><span class="which">{escape(number)}</span>{escape(block.caption)}'
    yield f'</figcaption><img src="data:image/svg+xml;base64,{picture}" alt="{escape(block.alternative)}"{sides}>'
    yield "</figure>"
    yield from (f'<p class="note">{_runs(note)}</p>' for note in block.notes)
