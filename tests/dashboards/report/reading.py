"""Reading a page as a reader does: its text, and its numbers with what the page says of each."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Number:
    value: str
    form: str
    place: str
    text: str = ""


@dataclass
class Page(HTMLParser):
    """The text outside of numbers, and the numbers."""

    text: list[str] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)
        self._number: Number | None = None
        self._skip = self._heading = self._cell = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._skip = self._skip or tag in ("style", "nav")
        if tag == "data":
            self._number = Number(given["value"], given["data-form"], given["data-at"])
        elif re.fullmatch("h[234]", tag) and not self._skip:
            self.headings.append("")
            self._heading = True
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._cell = True
        if tag in ("p", "li", "td", "th", "br", "h2", "h3", "h4", "caption", "figcaption"):
            self.text.append("\n")
        if given.get("alt"):
            self.text.append(f"\n{given['alt']}\n")

    def handle_endtag(self, tag):
        if tag in ("style", "nav"):
            self._skip = False
        if tag == "data" and self._number:
            self.numbers.append(self._number)
            self._number = None
        elif re.fullmatch("h[234]", tag):
            self._heading = False
        elif tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data):
        if self._skip:
            return
        if self._heading:
            self.headings[-1] += data
        if self._cell:
            self.tables[-1][-1][-1] += data
        if self._number:
            self._number.text += data
            self.text.append("\ufffc")
        else:
            self.text.append(data)


def read(content: str) -> Page:
    page = Page()
    page.feed(content)
    return page
