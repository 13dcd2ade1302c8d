"""What a source is: who publishes, under which terms, how it is asked, and what one of its answers turns into."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol

import pyarrow as pa

from schemas.observation import TOTAL


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms under which figures may be passed on."""

    id: str
    title: str
    url: str
    open: bool
    """True when the figures may enter an open bundle or an `--open-only` export."""


CC_BY_4_0 = Licence(
    "CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/", open=True
)
CC_BY_NC_SA_3_0_IGO = Licence(
    "CC-BY-NC-SA-3.0-IGO",
    "Creative Commons Attribution-NonCommercial-ShareAlike 3.0 IGO",
    "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/",
    open=False,
)
UN_TERMS = Licence(
    "UN-terms", "United Nations, free use with attribution", "https://unstats.un.org/UNSDWebsite/", open=True
)
AS_INPUTS = Licence("as-inputs", "The strictest terms of the figures that went in", "", open=False)
"""Of figures of ours: `warehouse/terms.py` tells each one's own. As a whole they are not open."""


@dataclass(frozen=True, slots=True)
class Series:
    """One publisher's series that carries an indicator, with the dimensions that its code fixes."""

    indicator: str
    code: str
    unit: str
    sex: str = TOTAL
    age: str = TOTAL
    urbanisation: str = TOTAL
    breakdown: str = TOTAL
    ended: bool = False
    """True for a code that the publisher no longer uses: it is read where it comes, and not asked for."""


@dataclass(frozen=True, slots=True)
class Release:
    """The question which edition stands: the path behind the source's address, and how to read the answer."""

    path: str
    read: Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Source:
    """Contract with one publisher."""

    id: str
    title: str
    publisher: str
    address: str
    licence: Licence
    citation: str
    """Text with `{edition}`, for the foot of a table."""
    cadence: str
    """How often the publisher renews the figures, in words: `monthly`, `quarterly`, `yearly`."""
    area_scheme: str
    """Column of the area code list that holds this publisher's codes."""
    routes: tuple[str, ...] = ()
    """Other ways to the same figures, in words, shown when the address does not answer."""
    release_key: str = "day of arrival"
    """What tells one edition from the next, in words."""
    paging: str = "one answer"
    """How an answer is parted, in words."""
    economies: int = 0
    """Economies that a whole answer has at least; fewer are told as a warning."""
    any_indicator: bool = False
    """True when it carries figures of any indicator, under our own ids."""
    first_year: int = 0
    """Year before which no series of it begins; an earlier one is told as a warning."""
    edition_days: int = 0
    """Usual days between two editions, where that is not the cadence's: a publisher may be asked more often."""
    lag_years: int = 2
    """Years between the newest reference year and the present that are usual for it."""
    mirrors: tuple[str, ...] = ()
    """Other hosts that its answers may come from, after a redirect."""
    pause: float = 0.0
    """Seconds between two requests, where the publisher asks for gentleness."""
    on_request: bool = False
    """True when it is asked only where a person names it, because its answers are many or large."""
    release: "Release | None" = None
    """How to ask which edition stands, where the answers themselves do not say it."""
    files_are_parts: bool = False
    """True when a file is never all that there is, unless a person says so: a form with the figures of one survey."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a publisher."""

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    series: tuple[str, ...] = ()
    page: int = 1
    name: str = ""
    """What is asked for, in words, where that is not a series."""
    areas: tuple[str, ...] | None = None
    """Areas that are asked for, in our codes; None for all."""
    years: tuple[int, int] | None = None
    """First and last year that are asked for; None for all."""


@dataclass(frozen=True)
class Raw:
    """Bytes as they came, with what is known of how they came."""

    content: bytes
    name: str
    url: str = ""
    edition: str = ""
    """Edition that the person who gave the file named; empty when the content must say it."""
    received: str = ""
    """Day of arrival, ISO; the edition of last resort, then marked as assumed."""
    snapshot: str = ""
    """Hash of the bytes that came, where `content` is what was unpacked from them."""
    prefix: str = ""
    """What locators of records begin with: the member of a zip that `content` was unpacked from."""
    notices: tuple[str, ...] = ()
    """What had to be concluded about the file, in sentences for its reading."""

    @cached_property
    def sha256(self) -> str:
        """Hash of the bytes that came: the snapshot's name."""
        return self.snapshot or hashlib.sha256(self.content).hexdigest()


Basis = Literal["whole", "claimed", "proven", "part", "named"]
"""Why an answer may remove: it is whole; it is a file that is whole if what was held before proves it; it has proved
it. Or why it may not: it is a part of what was claimed, or only names some figures."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an answer covers: a figure that is absent inside it was removed, outside it nothing is said.

    `areas` or `years` None means all of them. A reader says what an answer covers if it arrived whole;
    `flows/coverage.py` decides by its route whether it did.
    """

    source: str
    series_code: str
    areas: tuple[str, ...] | None = None
    years: tuple[int, int] | None = None
    place: tuple[str, ...] | None = None
    """Period, sex, age, urbanisation and breakdown of one figure (a blank period: of all of them); None means any."""
    basis: Basis = "whole"


@dataclass(frozen=True)
class Reading:
    """What one answer turned into: observations, the records that could not become one, and the edition."""

    observations: pa.Table
    rejects: pa.Table
    edition: str
    scopes: tuple[Scope, ...] = ()
    edition_assumed: bool = False
    blanks: int = 0
    """Records whose value is a mark for 'no figure'."""
    skipped: int = 0
    """Records that were not asked for: of other series, of groups of the publisher's own, of national reporting."""
    notices: tuple[str, ...] = ()
    withdrawn: tuple[Scope, ...] = ()
    """Figures that the answer itself withdraws by name (SDMX's action D); they go, whatever else it speaks of."""
    unread: pa.Table | None = None
    """Series, area and period of records that were set aside: a figure that stands there is not proved to be gone."""
    costs: pa.Table | None = None
    """What the rejects cost each series by area, from which `coverage` of several parts together is made."""
    coverage: pa.Table | None = None
    """What the rejects cost each series (`schemas/rejecting.py`); None or no row where nothing is lost."""
    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    """What is no figure: rows for the tables `classification` and `stocktaking` of a release."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says of the whole answer: records announced and on this page, and the release key."""

    declared: int | None = None
    counted: int | None = None
    release: str = ""


def one_answer(request: Request, content: bytes) -> Request | None:  # noqa: ARG001 - the shape is the protocol's
    """Serve as `next_page` where an answer is whole."""
    return None


def no_facts(content: bytes, name: str) -> PageFacts:  # noqa: ARG001
    """Serve as `page_facts` where an answer says nothing of itself."""
    return PageFacts()


def not_asked(source: Source, series: Sequence[Series]) -> Iterator[Request]:  # noqa: ARG001
    """Serve as `plan` where nobody is asked and files are given."""
    yield from ()


class Reader(Protocol):
    """A source's module: the contract and how to ask and read."""

    SOURCE: Source
    plan: Callable[[Source, Sequence[Series]], Iterator[Request]]
    next_page: Callable[[Request, bytes], Request | None]
    page_facts: Callable[[bytes, str], PageFacts]
    read: Callable[[Raw, Sequence[Series]], Reading]
