"""What every export says of itself: whose figures it holds, under which terms, and how to cite it."""

from collections.abc import Iterator
from pathlib import Path

from warehouse.exports.content import Content, Share, label
from warehouse.home import parse_vintage
from warehouse.terms import OURS


def write(content: Content, folder: Path) -> None:
    """Write the licence notice, named for terms that are not open, and CITATION.cff."""
    name = "LICENCE.md" if content.terms.open else f"LICENCE.{label(content.terms)}.md"
    (folder / name).write_text("\n".join(_lines(content)) + "\n", encoding="utf-8")
    (folder / "CITATION.cff").write_text("\n".join(_citation(content)) + "\n", encoding="utf-8")


def title(content: Content) -> str:
    """Name the export in a line."""
    asked = content.asked
    moment = f", as of {asked.as_of}" if asked.as_of else ""
    moment = f", by editions up to {asked.edition_as_of}" if asked.edition_as_of else moment
    part = f" of {asked.indicator}" if asked.indicator else ""
    return f"ICT development indicators{part}, release {content.release.vintage}{moment}"


def day(content: Content) -> str:
    """Day of the release: the only clock that an export reads, so that it is the same whenever it is made."""
    return parse_vintage(content.release.vintage).date().isoformat()


def attribution(share: Share) -> str:
    """Give the words by which a source wants to be named, with its editions."""
    said = str(share.about.get("citation") or share.source)
    return said.replace("{edition}", ", ".join(share.editions) or "no figures")


def present(content: Content) -> list[Share]:
    """Sources that the export holds figures of."""
    return [share for share in content.shares if share.figures]


def _lines(content: Content) -> Iterator[str]:
    yield f"# {title(content)}"
    yield ""
    yield f"Terms of the whole: **{content.terms.licence}** ({content.terms.title}), the strictest of its parts."
    if not content.terms.open:
        yield "Not all of it is open data: `ictdev export … --open-only` leaves out what is not."
    yield "Each figure's own terms stand in its column `licence`; each source asks for the words below."
    for share in present(content):
        yield from _section(share)
    left = [share for share in content.shares if share.left_out]
    if left:
        yield ""
        yield "## Left out, because their terms are not open"
        yield ""
        yield from (f"- {share.source}: {share.left_out:,} figures" for share in left)


def _section(share: Share) -> Iterator[str]:
    yield ""
    yield f"## {share.source}: {share.about.get('title', '')}"
    yield ""
    yield f"- publisher: {share.about.get('publisher', '')}"
    yield f"- terms: {share.terms.licence} · {share.terms.title} · {share.terms.url}"
    yield f"- attribution: {attribution(share)}"
    yield f"- figures: {share.figures:,}"
    if share.source == OURS:
        yield "- each figure of ours carries the strictest terms of the figures that went into it"


def _citation(content: Content) -> Iterator[str]:
    yield "cff-version: 1.2.0"
    yield "message: Name the publishers of the figures you use; LICENCE… beside this file says how."
    yield "type: dataset"
    yield f"title: {_quoted(title(content))}"
    yield "authors:"
    shares = present(content) or content.shares
    for name in dict.fromkeys(str(share.about.get("publisher") or share.source) for share in shares):
        yield f"  - name: {_quoted(name)}"
    yield f"version: {_quoted(content.release.vintage)}"
    yield f"date-released: {day(content)}"
    yield f"abstract: {_quoted('Terms: ' + content.terms.licence)}"


def _quoted(text: object) -> str:
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(mark if mark.isprintable() else f"\\u{ord(mark):04x}" for mark in escaped) + '"'
