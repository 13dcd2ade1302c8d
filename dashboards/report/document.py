"""The report as a Word document that offices edit: real headings, numbered paragraphs, tables with header rows."""

import io
import re
import zipfile
from datetime import datetime
from typing import Any

from dashboards.report.blocks import Block, Chart, Contents, Heading, Paragraph, Report, Runs, Table, plain
from dashboards.report.charts import png
from dashboards.report.ooxml import (
    add_field,
    alternative,
    borders,
    keep_whole,
    language,
    numbering,
    repeat_header,
    update_fields,
)

_FIRST = (1980, 1, 1, 0, 0, 0)  # the zip format knows no earlier moment
_FONTS = {"en": ("Cambria", "Calibri", ""), "zh": ("Cambria", "Calibri", "SimSun")}


def document(report: Report) -> bytes:
    """Give the document's bytes: the same for the same report."""
    return _Word(report).bytes()


class _Word:
    def __init__(self, report: Report) -> None:
        from docx import Document  # noqa: PLC0415 - loaded where a document is asked for

        self.report, self.word = report, Document()
        self.tables = self.charts = 0
        self._set_up()
        numbering(self.word)
        self._cell_style = self.word.styles["Table Text"].style_id
        self.word.add_paragraph(report.title, style="Title")
        self._write(self.word.add_paragraph(style="Subtitle"), report.subtitle)
        for block in report.blocks:
            self._block(block)

    def _set_up(self) -> None:
        from docx.shared import Cm, Pt  # noqa: PLC0415

        latin, sans, east = _FONTS[self.report.language]
        language(self.word, self.report.labels["lang"], latin, sans, east)
        self.word.styles["Normal"].font.size = Pt(10.5)
        section = self.word.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(2)
        section.header.paragraphs[0].text = f"{self.report.title}\t\t{self.report.dated}"
        footer = section.footer.paragraphs[0]
        footer.alignment = 1
        for part in re.split(r"(\{page\}|\{pages\})", self.report.labels["page"]):
            if part in ("{page}", "{pages}"):
                add_field(footer, "PAGE" if part == "{page}" else "NUMPAGES", "1")
            elif part:
                footer.add_run(part)
        update_fields(self.word)
        moment = datetime.strptime(self.report.vintage, "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 - written as UTC
        properties = self.word.core_properties
        properties.title, properties.author, properties.comments = self.report.title, "ictdev", self.report.vintage
        properties.language = self.report.labels["lang"]
        properties.created = properties.modified = moment
        properties.last_modified_by, properties.revision = "ictdev", 1

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self.word.add_heading(f"{block.number}{plain(block.runs)}", level=block.level)
        elif isinstance(block, Paragraph):
            self._paragraph(block)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Chart):
            self._chart(block)
        elif isinstance(block, Contents):
            self.word.add_paragraph(self.report.labels["contents"], style="TOC Heading")
            add_field(self.word.add_paragraph(), r'TOC \o "1-2" \h \z \u', self._contents())

    def _contents(self) -> str:
        """Give what the field shows until the reader's program renews it."""
        return "\n".join(f"{one.number}{plain(one.runs)}" for one in self.report.headings() if one.level < 3)

    def _paragraph(self, block: Paragraph) -> None:
        styles = {"item": "List Bullet", "message": "Intense Quote", "note": "Table Note"}
        paragraph = self.word.add_paragraph(style=styles.get(block.kind))
        if block.kind == "numbered":
            paragraph.style = "Numbered Text"
        self._write(paragraph, block.runs)

    def _write(self, paragraph: Any, runs: Runs) -> None:
        for run in runs:
            paragraph.add_run(run.text).bold = run.strong or None

    def _caption(self, kind: str, number: int, text: str) -> None:
        paragraph = self.word.add_paragraph(style="Caption")
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(self.report.labels[kind])
        add_field(paragraph, f"SEQ {kind.capitalize()} \\* ARABIC", str(number))
        paragraph.add_run(f"{self.report.labels['of']}{text}")

    def _table(self, block: Table) -> None:
        from docx.shared import Cm, Pt  # noqa: PLC0415

        self.tables += 1
        self._caption("table", self.tables, block.caption)
        table = self.word.add_table(rows=1, cols=len(block.columns), style="Table Grid")
        table.autofit = False
        borders(table)
        alternative(table._tbl.tblPr, block.caption)  # noqa: SLF001 - python-docx has no way to describe a table
        total, size = sum(column.weight for column in block.columns), Pt(7.5 if len(block.columns) > 7 else 8.5)
        widths = [Cm(17 * column.weight / total) for column in block.columns]
        heads = [(((column.label),),) for column in block.columns]
        repeat_header(table.rows[0])
        for cell, (head,), column in zip(table.rows[0].cells, heads, block.columns, strict=True):
            self._cell(cell, [head[0]], size, numeric=column.numeric, strong=True)
        for row in block.rows:
            added = table.add_row()
            keep_whole(added)
            for cell, lines, column in zip(added.cells, row, block.columns, strict=True):
                self._cell(cell, [plain(line) for line in lines], size, numeric=column.numeric)
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width
        self._notes(block.notes)

    def _cell(self, cell: Any, lines: list[str], size: Any, *, numeric: bool, strong: bool = False) -> None:
        for index, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
            paragraph._p.style = self._cell_style  # noqa: SLF001 - by name it is looked up anew each time
            paragraph.alignment = 2 if numeric else 0
            run = paragraph.add_run(line)
            run.font.size, run.bold = size, strong or None

    def _chart(self, block: Chart) -> None:
        from docx.shared import Cm  # noqa: PLC0415

        self.charts += 1
        self._caption("chart", self.charts, block.caption)
        self.word.add_picture(io.BytesIO(png(block.svg)), width=Cm(16))
        self.word.paragraphs[-1].paragraph_format.keep_with_next = True
        alternative(self.word.inline_shapes[-1]._inline.docPr, block.alternative)  # noqa: SLF001 - as for tables
        self._notes(block.notes)

    def _notes(self, notes: tuple[Runs, ...]) -> None:
        for note in notes:
            self._write(self.word.add_paragraph(style="Table Note"), note)

    def bytes(self) -> bytes:
        """Write the file, then put its parts into a zip whose moments do not change."""
        raw, fixed = io.BytesIO(), io.BytesIO()
        self.word.save(raw)
        with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as out:
            for name in parts.namelist():
                entry = zipfile.ZipInfo(name, _FIRST)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
                out.writestr(entry, parts.read(name))
        return fixed.getvalue()
