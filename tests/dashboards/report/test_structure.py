"""The report has the same parts in every language and form, reads whole with few figures, and is the same each time."""

import io
import re
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from dashboards.report import LANGUAGES, write
from dashboards.report.blocks import Chart, Heading, Paragraph, Table, plain
from dashboards.report.compose import compose
from dashboards.report.found import queries, text_of
from dashboards.report.tables import SPECS
from tests.dashboards.report.conftest import BOTH, poor_home
from tests.dashboards.report.reading import read
from tests.homes import home_of, linked
from warehouse.query import open_release

ORDER = ("Key trends", "Regional implementation", "International process", "Targets", "Measurement")

ONE_ROW = r"release|looked_back|interval|stocktaking_state|openness|\w+_counts|paragraph_kinds"


def _broken(report) -> list[str]:
    """Give paragraphs that no editor would let pass."""
    missing = {"en": "(no figure)", "zh": "（无数值）"}[report.language]
    found = []
    for block in report.blocks:
        if isinstance(block, Paragraph):
            text = plain(block.runs)
            signs = r"  |\bNone\b|\(\)|（）|：。|，。|；。|\.\.|。。| ,| \.|\{|\}|\[\["
            if not text.strip() or missing in text or re.search(signs, text) or text[-1] in ",;:，；：(（":
                found.append(text)
    return found


@pytest.mark.parametrize("code", BOTH)
def test_no_sentence_is_empty_or_broken(code, reports):
    assert _broken(reports[code]) == []


def test_languages_have_the_same_blocks(reports):
    shapes = [
        [
            (type(block).__name__, getattr(block, "level", None) or getattr(block, "kind", None) or block.__class__)
            for block in report.blocks
        ]
        for report in reports.values()
    ]
    assert all(shape == shapes[0] for shape in shapes)
    tables = [
        [block.name for block in report.blocks if isinstance(block, Table | Chart)] for report in reports.values()
    ]
    assert all(names == tables[0] for names in tables)


def test_parts_stand_in_the_order_of_the_secretary_generals_reports(reports):
    headings = [plain(one.runs) for one in reports["en"].headings() if one.level == 1 and one.number]
    assert [any(name in heading for heading in headings[place : place + 1]) for place, name in enumerate(ORDER)] == [
        True
    ] * 5


def test_every_paragraph_of_the_resolution_has_its_row(reports):
    for report in reports.values():
        (table,) = (block for block in report.blocks if isinstance(block, Table) and block.name == "paragraphs")
        assert len(table.rows) == 71
        assert all(plain(lines[0]).strip() and plain(lines[0]) not in "–—" for row in table.rows for lines in row)


def test_chinese_leaves_nothing_untranslated_of_the_bundled_release(reports):
    for block in reports["zh"].blocks:
        texts = [plain(block.runs)] if isinstance(block, Paragraph | Heading) else []
        if isinstance(block, Table):
            texts = [block.caption, *(plain(line) for row in block.rows for cell in row for line in cell)]
        assert not [text for text in texts if "（原文）" in text]


def test_the_resolutions_numbers_and_two_editions_are_told_apart(reports):
    text = "\n".join(plain(block.runs) for block in reports["en"].blocks if isinstance(block, Paragraph))
    assert "12 per cent less likely" in text
    assert "31 per cent less likely" in text
    assert "Within the edition “Facts and Figures 2024”" in text


@pytest.mark.parametrize("code", BOTH)
def test_with_one_figure_the_report_still_reads_whole(code, poor):
    with open_release(poor.root) as session:
        report = compose(session, code)
    assert _broken(report) == []
    text = "\n".join(plain(block.runs) for block in report.blocks if isinstance(block, Paragraph))
    assert ("cannot be said" if code == "en" else "无法说明") in text
    assert len([one for one in report.headings() if one.level == 1]) == 12


def _retold(folder):
    first = [{"ref_area": area, "value": 40} for area in ("SEN", "GHA")]
    second: list[dict[str, Any]] = [{"ref_area": area, "value": 44, "edition": "2022-01-01"} for area in ("SEN", "GHA")]
    poor_home(folder, first, second)


@pytest.fixture(scope="session")
def retold(keep, tmp_path_factory):
    """A home whose second release revises the first. Only to be read."""
    return home_of(linked(keep("retold", _retold), tmp_path_factory.mktemp("retold")))


@pytest.mark.parametrize("code", BOTH)
def test_changes_are_told_with_their_cause(code, retold):
    with open_release(retold.root) as session:
        report = compose(session, code)
        told = compose(session, code, since="2000-01-01")
    (revised,) = (block for block in report.blocks if isinstance(block, Table) and block.name == "largest_revisions")
    assert any("44.0" in plain(line) for row in revised.rows for cell in row for line in cell)
    assert _broken(report) == _broken(told) == []


@pytest.mark.parametrize("ending", [".html", ".docx"])
def test_the_same_release_gives_the_same_bytes(ending, poor):
    with open_release(poor.root) as session:
        assert write(session, "zh", ending) == write(session, "zh", ending)


@pytest.mark.parametrize("code", BOTH)
def test_the_document_holds_what_the_page_holds(code, pages, release, reports):
    document = docx.Document(io.BytesIO(write(release, code, ".docx")))
    page = read(pages[code].read_text(encoding="utf-8"))
    headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert headings == page.headings
    assert len(document.tables) == len(page.tables)
    for table, shown in zip(document.tables, page.tables, strict=True):
        cells = [[cell.text.replace("\n", "") for cell in row.cells] for row in list(table.rows)[:3]]
        assert cells == [["".join(cell) for cell in row] for row in shown[:3]]
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
    assert len(document.inline_shapes) == sum(isinstance(block, Chart) for block in reports[code].blocks) > 2
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    assert "TOC" in document.element.xml
    assert document.core_properties.language == reports[code].labels["lang"]
    assert document.core_properties.created.strftime("%Y%m%dT%H%M%SZ") == release.release.vintage


def test_tables_are_labelled_in_every_language(reports):
    shown = {block.name for report in reports.values() for block in report.blocks if isinstance(block, Table)}
    rare = {"rejects", "revisions", "largest_revisions", "flips"}
    assert shown | rare == set(SPECS)


def test_languages_and_endings_that_are_not_there_are_refused(poor):
    with open_release(poor.root) as session:
        with pytest.raises(LookupError, match="en, zh"):
            write(session, "fr", ".html")
        with pytest.raises(LookupError, match=r"\.html or \.docx"):
            write(session, "en", ".pdf")
    assert LANGUAGES == ("en", "zh")


@pytest.mark.parametrize("query", queries())
def test_every_answer_of_several_rows_has_its_order(query):
    """Without one DuckDB gives rows as its threads end, and the same release would give other bytes."""
    assert "ORDER BY" in text_of(query) or re.fullmatch(ONE_ROW, query), query


def test_parts_of_the_document_stand_in_the_order_that_the_format_wants(poor):
    with open_release(poor.root) as session:
        document = docx.Document(io.BytesIO(write(session, "en", ".docx")))
    for table in document.tables:
        names = [child.tag.split("}")[1] for child in table._tbl.tblPr]
        order = ["tblStyle", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblLook", "tblDescription"]
        assert [name for name in order if name in names] == names
    settings = [child.tag.split("}")[1] for child in document.settings.element]
    assert settings.index("updateFields") < settings.index("compat")
