"""What a report is made of, before it becomes a page or a document."""

from dataclasses import dataclass, field

from dashboards.report.found import Figure


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text; with the figure that it writes, where it is one."""

    text: str
    figure: Figure | None = None
    strong: bool = False


Runs = tuple[Run, ...]


def plain(runs: Runs) -> str:
    """Give the text of runs."""
    return "".join(run.text for run in runs)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3, with its number as it is written before it."""

    level: int
    runs: Runs
    number: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: numbered, plain, item (of a list), message (a key finding) or note."""

    runs: Runs
    kind: str = "numbered"
    number: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, and whether it holds numbers."""

    label: str
    numeric: bool = False
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with caption, notes under it, and cells of one or more lines."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[Runs, ...], ...], ...]
    notes: tuple[Runs, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as SVG, what it shows in words, and the notes under it."""

    name: str
    caption: str
    alternative: str
    svg: str
    notes: tuple[Runs, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """The place of the table of contents."""


Block = Heading | Paragraph | Table | Chart | Contents


@dataclass(slots=True)
class Report:
    """A whole report: title, what stands under it, and its blocks."""

    language: str
    title: str
    subtitle: Runs
    dated: str
    vintage: str
    blocks: list[Block] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)

    def headings(self) -> list[Heading]:
        """Give the headings, in order."""
        return [block for block in self.blocks if isinstance(block, Heading)]
