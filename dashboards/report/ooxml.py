"""What Office Open XML can say and python-docx has no words for: fields, header rows, languages, descriptions."""

from typing import Any


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement  # noqa: PLC0415 - loaded where a document is asked for
    from docx.oxml.ns import qn  # noqa: PLC0415

    found = OxmlElement(name)
    for key, value in attributes.items():
        found.set(qn(f"w:{key}"), value)
    return found


_AFTER_UPDATE = ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "docVars", "rsids", "mathPr", "themeFontLang",
                 "clrSchemeMapping", "shapeDefaults", "decimalSymbol", "listSeparator")  # fmt: skip
_AFTER_BORDERS = ("shd", "tblLayout", "tblCellMar", "tblLook", "tblCaption", "tblDescription")
"""What the format wants to follow; a part in another place makes Word call the document damaged."""


def _before(parent: Any, child: Any, followers: tuple[str, ...]) -> None:
    """Put a part in front of the first of those that must follow it."""
    for place in parent:
        if place.tag.split("}")[1] in followers:
            place.addprevious(child)
            return
    parent.append(child)


def add_field(paragraph: Any, instruction: str, shown: str) -> None:
    """Add a field (page number, caption number, table of contents) with what it shows until it is renewed."""
    lines = shown.split("\n")
    paragraph.add_run()._r.append(_element("w:fldChar", fldCharType="begin"))
    code = _element("w:instrText")
    code.text = f" {instruction} "
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    paragraph.add_run()._r.append(code)
    paragraph.add_run()._r.append(_element("w:fldChar", fldCharType="separate"))
    run = paragraph.add_run(lines[0])
    for line in lines[1:]:
        run.add_break()
        run = paragraph.add_run(line)
    paragraph.add_run()._r.append(_element("w:fldChar", fldCharType="end"))


def update_fields(word: Any) -> None:
    """Have the reader's program renew the fields when the document is opened."""
    _before(word.settings.element, _element("w:updateFields", val="true"), _AFTER_UPDATE)


def repeat_header(row: Any) -> None:
    """Repeat a row on every page that the table reaches."""
    row._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))
    keep_whole(row)


def keep_whole(row: Any) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))


def alternative(properties: Any, text: str) -> None:
    """Describe a table or a picture for those who do not see it."""
    if properties.tag.endswith("tblPr"):
        properties.append(_element("w:tblDescription", val=text))
    else:
        properties.set("descr", text)


def borders(table: Any) -> None:
    """Draw lines between rows only, and stronger ones above and below."""
    edges = _element("w:tblBorders")
    for side, width in (("top", "12"), ("bottom", "12"), ("insideH", "4")):
        edges.append(_element(f"w:{side}", val="single", sz=width, space="0", color="7F8FA3"))
    for side in ("left", "right", "insideV"):
        edges.append(_element(f"w:{side}", val="nil"))
    _before(table._tbl.tblPr, edges, _AFTER_BORDERS)
    for cell in table.rows[0].cells:
        cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill="E8EFF7"))


def numbering(word: Any) -> None:
    """Add the styles of numbered text, notes and cells; paragraphs number themselves, as reports of the UN do."""
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415
    from docx.shared import Pt, RGBColor  # noqa: PLC0415

    text = word.styles.add_style("Numbered Text", WD_STYLE_TYPE.PARAGRAPH)
    text.base_style = word.styles["List Number"]
    text.paragraph_format.left_indent = text.paragraph_format.first_line_indent = Pt(0)
    text.paragraph_format.space_after = Pt(6)
    for name, size in (("Table Note", 8), ("Table Text", 8.5)):
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
        style.font.size = Pt(size)
        style.paragraph_format.space_after = Pt(2 if name == "Table Note" else 0)
        style.paragraph_format.space_before = Pt(0)
    word.styles["Table Note"].font.color.rgb = RGBColor(0x44, 0x4C, 0x56)


def language(word: Any, code: str, latin: str, sans: str, east: str) -> None:
    """Set the language of the text, and fonts for Latin letters and for Chinese characters, in every style."""
    from docx.oxml.ns import qn  # noqa: PLC0415

    defaults = word.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for former in defaults.findall(qn("w:lang")):
        defaults.remove(former)
    defaults.append(
        _element("w:lang", val="en-GB" if code == "en" else code, eastAsia="zh-CN" if code != "en" else "en-GB")
    )
    for style in word.styles:
        properties = getattr(style, "font", None)
        if properties is None:
            continue
        heading = style.name.startswith(("Heading", "Title", "Subtitle", "Caption", "TOC"))
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        if heading or style.name == "Normal":
            fonts.set(qn("w:ascii"), sans if heading else latin)
            fonts.set(qn("w:hAnsi"), sans if heading else latin)
            if east:
                fonts.set(qn("w:eastAsia"), "Microsoft YaHei" if heading else east)
