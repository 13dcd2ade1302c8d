"""Names and notes of a release are text: they are escaped on the page, and the document opens again."""

import io
from html import escape

import docx
import hypothesis
from hypothesis import strategies as st

from dashboards.report.blocks import Block, Column, Contents, Heading, Paragraph, Report, Run, Table
from dashboards.report.compose import _given
from dashboards.report.document import document
from dashboards.report.found import Answers, printable
from dashboards.report.html import page
from dashboards.report.language import language
from dashboards.report.text import Writer
from tests.dashboards.report.reading import read

NASTY = (
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "{% include 'x' %}", "**"),
    *("# a", "- item", "[[table groups]]", "\ue0000\ue001", "\x00\x1b[31m", "\ud800", "]]>", "&amp;", "\u202e"),
    *("a\n\nb",),
)
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))


def _report(text: str) -> Report:
    runs = (Run(printable(text)),)
    table = Table("t", printable(text), (Column(printable(text)),), (((runs,),),), (runs,))
    labels = dict.fromkeys(("contents", "table", "chart", "of", "colon"), "x") | {"page": "{page}", "lang": "en"}
    blocks: list[Block] = [Contents(), Heading(1, runs, "I. ", "a"), Paragraph(runs), Paragraph(runs, "item"), table]
    return Report("en", printable(text), runs, "", "20261125T065500Z", blocks, labels)


@hypothesis.settings(max_examples=300)
@hypothesis.given(TEXTS)
def test_no_text_becomes_markup_on_the_page(text):
    content = page(_report(text)).decode("utf-8")
    assert "<script" not in content
    assert "<img" not in content
    assert escape(printable(text), quote=False).strip() in content
    found = read(content)
    assert len(found.tables) == 1
    assert len(found.headings) == 1


@hypothesis.settings(max_examples=40)
@hypothesis.given(TEXTS)
def test_the_document_opens_again_with_the_same_text(text):
    opened = docx.Document(io.BytesIO(document(_report(text))))
    assert len(opened.tables) == 1
    expected = printable(text)
    assert opened.tables[0].rows[1].cells[0].text == expected
    assert opened.paragraphs[0].text == expected


@hypothesis.settings(max_examples=300, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@hypothesis.given(TEXTS)
def test_no_text_is_read_as_a_template_or_as_layout(release, text):
    answers = Answers(release, "en", _given(release))
    answers.hold({"nasty": [{"name_en": text, "ref_area": "X"}]})
    writer = Writer(language("en"), answers)
    runs = writer.line("before {{ one('nasty').name }} after")
    told = printable(text).strip()
    if told:
        assert "".join(run.text for run in runs) == f"before {told} after"
    assert not any(run.strong or run.figure for run in runs)
