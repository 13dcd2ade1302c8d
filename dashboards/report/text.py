"""Templates to blocks: the texts of a language, every number in them filled from an answer."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from dashboards.report.blocks import Block, Contents, Heading, Paragraph, Run, Runs
from dashboards.report.found import Answers, Figure, Found, printable
from dashboards.report.language import TEXTS, Language

_OPEN, _CLOSE = "\ue000", "\ue001"  # Answers are cleared of private characters, so that no text can hold these.
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_DIRECTIVE = re.compile(r"\[\[(\w+)(?: (\w+))?\]\]")
_BARE_TAGS = re.compile(r"\{%.*?%\}")
_KINDS = {"- ": "item", "> ": "message", "~ ": "plain"}


@dataclass(frozen=True, slots=True)
class Bare:
    """A number that is written in running text without the word of its unit."""

    figure: Figure


class _Lines(FileSystemLoader):
    """Loads templates in which a line that holds words ends with its line break, also where a tag closes it."""

    def get_source(self, environment: Environment, template: str) -> Any:
        source, path, fresh = super().get_source(environment, template)
        return _keeping_breaks(source), path, fresh


def _keeping_breaks(source: str) -> str:
    """Jinja takes away the break after a tag; that is wanted only of lines that hold nothing but tags."""
    lines = source.split("\n")
    return "\n".join(
        f"{line}{{{{ '' }}}}" if line.endswith("%}") and _BARE_TAGS.sub("", line).strip() else line for line in lines
    )


class Writer:
    """Renders the templates of one language over the answers of one release."""

    def __init__(self, language: Language, answers: Answers) -> None:
        self.language, self.answers = language, answers
        self._ink: list[Run] = []
        self._short: dict[str, Template] = {}
        self._in_text = True
        self.environment = Environment(
            loader=_Lines(TEXTS / language.code),
            undefined=StrictUndefined,
            finalize=self._finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # noqa: S701 - what is rendered is cut into runs; each writer escapes those
        )
        self.environment.globals.update(
            ask=answers,
            one=answers.first,
            where=lambda query, **match: list(answers.where(query, **match)),
            told=self._told,
            area=language.area,
            say=language.say,
            prose=language.prose,
            label=language.label,
        )
        self.environment.filters.update(bare=Bare, cap=_capital, prose=language.prose, say=language.say)

    def _told(self, target: str) -> Found | None:
        """Give the newest published standing of a target that has both a figure and a verdict, or None."""
        rows = [row for row in self.answers.where("standings", target=target) if row.raw("value") is not None]
        judged = [row for row in rows if row.raw("status") != "cannot say" and row.raw("basis") == "published"]
        return max(judged, key=lambda row: (row.raw("year"), row.raw("edition")), default=None)

    def _finalize(self, value: Any) -> Any:
        """Put a number or a text of the release aside, and a mark in its place."""
        if isinstance(value, StrictUndefined):
            return value
        if isinstance(value, Bare):
            return self._mark(Run(self.language.figure(value.figure, in_text=False), value.figure))
        if isinstance(value, Figure):
            return self._mark(Run(self.language.figure(value, in_text=self._in_text), value))
        text = self.language.label("missing") if value is None else printable(str(value))
        return self._mark(Run(text))

    def _mark(self, run: Run) -> str:
        self._ink.append(run)
        return f"{_OPEN}{len(self._ink) - 1}{_CLOSE}"

    def _compiled(self, template: str) -> Template:
        """Compile a short template once: a cell's is rendered for every row."""
        if template not in self._short:
            self._short[template] = self.environment.from_string(template)
        return self._short[template]

    def runs(self, text: str) -> Runs:
        """Cut a rendered text into runs; what stands between two asterisks is strong."""
        found: list[Run] = []
        for number, part in enumerate(text.split("**")):
            strong = number % 2 == 1
            for index, piece in enumerate(_MARK.split(part)):
                if index % 2:
                    held = self._ink[int(piece)]
                    found.append(Run(held.text, held.figure, strong))
                elif piece:
                    found.append(Run(piece, strong=strong))
        return _joined(found)

    def line(self, template: str, *, in_text: bool = True, **given: Any) -> Runs:
        """Render one line from a short template."""
        self._in_text = in_text
        try:
            return self.runs(_space(self._compiled(template).render(**given), self.language))
        finally:
            self._in_text = True

    def lines(self, template: str, **given: Any) -> tuple[Runs, ...]:
        """Render a cell: one or more lines, empty ones left out."""
        text = self._compiled(template).render(**given)
        return tuple(self.runs(_space(line, self.language)) for line in text.splitlines() if line.strip())

    def blocks(self, place: Callable[[str, str], Iterator[Block]]) -> Iterator[Block]:
        """Give the blocks of the whole report; `place` gives those of a directive (kind, name)."""
        numbers, paragraphs = [0, 0, 0], 0
        text = self.environment.get_template("report.txt").render()
        for piece in re.split(r"\n\s*\n", text):
            block = piece.strip()
            found = _DIRECTIVE.fullmatch(block)
            if found:
                yield from [Contents()] if found[1] == "contents" else place(found[1], found[2])
            elif block.startswith("#"):
                yield self._heading(block, numbers)
            elif block:
                for paragraph in self._paragraphs(block):
                    if paragraph.kind == "numbered":
                        paragraphs += 1
                        yield Paragraph(paragraph.runs, "numbered", str(paragraphs))
                    else:
                        yield paragraph

    def _heading(self, block: str, numbers: list[int]) -> Heading:
        marks, _, rest = block.partition(" ")
        level = len(marks.rstrip("!"))
        if marks.endswith("!"):  # a heading without a number: summary, annexes
            return Heading(
                level, self.runs(_space(rest, self.language)), "", f"h-{_slug(numbers)}-{abs(hash_of(rest))}"
            )
        numbers[level - 1] += 1
        numbers[level:] = [0] * (3 - level)
        number = self.language.heading_number(level, numbers[level - 1])
        return Heading(level, self.runs(_space(rest, self.language)), number, f"s-{_slug(numbers)}")

    def _paragraphs(self, block: str) -> Iterator[Paragraph]:
        """Give a block's paragraphs: a list has one on each line that begins with a dash."""
        if block.startswith("- "):
            for item in re.split(r"\n- ", block[2:]):
                yield Paragraph(self.runs(_space(item, self.language)), "item")
            return
        kind = _KINDS.get(block[:2], "numbered")
        runs = self.runs(_space(block if kind == "numbered" else block[2:], self.language))
        if runs:
            yield Paragraph(runs, kind)


def hash_of(text: str) -> int:
    """Give a number for a text that is the same in every process."""
    import zlib  # noqa: PLC0415 - only headings without a number need it

    return zlib.crc32(text.encode())


def _slug(numbers: list[int]) -> str:
    return "-".join(str(number) for number in numbers if number) or "0"


def _space(text: str, language: Language) -> str:
    """Join the lines of a paragraph: Chinese is written without spaces between them."""
    joiner = "" if language.code == "zh" else " "
    return joiner.join(line.strip() for line in text.strip().splitlines() if line.strip())


def _joined(runs: list[Run]) -> Runs:
    """Join neighbouring pieces of text, keep numbers apart."""
    found: list[Run] = []
    for run in runs:
        if found and run.figure is None and found[-1].figure is None and run.strong == found[-1].strong:
            found[-1] = Run(found[-1].text + run.text, None, run.strong)
        else:
            found.append(run)
    if found and found[-1].figure is None:
        found[-1] = Run(found[-1].text.rstrip(), None, found[-1].strong)
    return tuple(run for run in found if run.text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
