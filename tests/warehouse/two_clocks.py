"""A model of the two clocks in a few lines: which answers came, in which order, and what they say of each place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Place = tuple[str, int]
"""Area and year of a figure; everything else of it is the same throughout."""
Figures = dict[Place, float]
AREAS, YEARS = ("SEN", "GHA"), (2019, 2020)
PLACES = tuple((area, year) for area in AREAS for year in YEARS)
Moment = TypeVar("Moment")


@dataclass(frozen=True)
class Scope:
    """The places that an answer speaks of."""

    areas: tuple[str, ...] = AREAS
    years: tuple[int, int] = (YEARS[0], YEARS[-1])

    def holds(self, place: Place) -> bool:
        """Tell whether the answer speaks of the place."""
        return place[0] in self.areas and self.years[0] <= place[1] <= self.years[1]


@dataclass(frozen=True)
class Answer:
    """One edition of a publisher, or a part of it: what stands in it, and what it speaks of."""

    edition: int
    figures: Figures
    scope: Scope = Scope()

    def rows(self) -> list[dict[str, Any]]:
        """Give the figures as made-up observations."""
        return [
            {"ref_area": area, "time_period": str(year), "value": value, "edition": day(self.edition)}
            for (area, year), value in sorted(self.figures.items())
        ]

    def without_what_it_does_not_speak_of(self) -> "Answer":
        """Drop figures outside the scope: no publisher gives them."""
        inside = {place: value for place, value in self.figures.items() if self.scope.holds(place)}
        return Answer(self.edition, inside, self.scope)


def day(edition: int) -> str:
    """Give the edition's date; there are days between two numbers for nobody."""
    return f"2021-{1 + edition // 28:02}-{1 + edition % 28:02}"


@dataclass
class Model(Generic[Moment]):
    """What is current is what the newest edition that speaks of a place says; of one edition its last word counts."""

    answers: list[Answer] = field(default_factory=list)
    beliefs: dict[Moment, Figures] = field(default_factory=dict)

    def take(self, answer: Answer, moment: Moment) -> None:
        """Take an answer in."""
        self.answers.append(answer)
        self.beliefs[moment] = self.current()

    def current(self) -> Figures:
        """Give what stands now."""
        return {place: found[place] for place in PLACES if place in (found := self._newest(place))}

    def _newest(self, place: Place) -> Figures:
        speaking = [answer for answer in self.answers if answer.scope.holds(place)]
        return _last(speaking).figures if speaking else {}

    def said_by(self, edition: int) -> Figures:
        """Give the last thing that any edition up to this one had said of each place.

        An edition that leaves a figure out says nothing of it.
        """
        known = [answer for answer in self.answers if answer.edition <= edition]
        return {
            place: _last(giving).figures[place]
            for place in PLACES
            if (giving := [answer for answer in known if place in answer.figures])
        }

    @property
    def newest(self) -> int:
        """Number of the newest edition, 0 before the first."""
        return max((answer.edition for answer in self.answers), default=0)

    def unused_before_newest(self) -> list[int]:
        """Give the editions that never came and are older than the newest."""
        return sorted(set(range(1, self.newest)) - {answer.edition for answer in self.answers})

    def last_words(self) -> list[Answer]:
        """Give the last answer of each edition."""
        return list({answer.edition: answer for answer in self.answers}.values())


def _last(answers: list[Answer]) -> Answer:
    """Give the answer of the newest edition, the one that came last among several of it."""
    return max(enumerate(answers), key=lambda one: (one[1].edition, one[0]))[1]


def figures(rows: Iterable[Mapping[str, Any]]) -> Figures:
    """Give rows of observations as the model holds them."""
    return {(row["ref_area"], row["year"]): row["value"] for row in rows}
