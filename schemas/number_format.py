"""Number formats of spreadsheets: what a cell shows of the number that it holds.

A reader must take what a person sees: 0.568 under `0.0%` is 56.8. Rounding changes nothing (56.84 under `0` is 56.84),
but a format that shows another quantity (`0,` thousands, `0.0"k"`), another sign, a word or nothing in place of the
number is no basis for a figure: such a cell is refused, with the reason.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

_PLAIN_SIGNS = frozenset(" \t\u00a0\u202f$€£¥+-−()/:%'’")
"""Signs that a format may put beside a number without changing what it says."""
_CONDITION = re.compile(r"^(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)$")
_SCALE = re.compile(r"[0#?],+(?=$|[.%E/])")
_DATE_LETTERS = "ymdhsgeb"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a cell shows: a text to read, or why it is none that can be read."""

    text: str = ""
    fault: str = ""


@dataclass(slots=True)
class _Section:
    """One of up to four parts of a format."""

    body: str = ""
    """Placeholders and signs with a meaning, in order."""
    literal: str = ""
    """What is shown word for word."""
    dates: str = ""
    """Letters of parts of a date."""
    condition: tuple[str, float] | None = None
    general: bool = False
    elapsed: bool = False

    @property
    def numeric(self) -> bool:
        return self.general or any(sign in self.body for sign in "0#?@")

    @property
    def hides_zero(self) -> bool:
        return not self.general and not any(sign in self.body for sign in "0@/")

    def strange(self) -> str:
        """Give the signs beside the number that may change what it says."""
        return "".join(sign for sign in self.literal if sign not in _PLAIN_SIGNS)


def shown(number: str, code: str, *, epoch_1904: bool = False) -> Shown:
    """Say what a cell with this number (as text) and format shows."""
    value = float(number)
    section = _applies(_sections(code), value)
    if section is None:
        return Shown(fault=f"its format “{code}” has no part for this number")
    if section.dates and not section.numeric:
        return _date(value, section, epoch_1904=epoch_1904)
    fault = _fault(section, value, code)
    if fault:
        return Shown(fault=fault)
    percents = section.body.count("%")
    return Shown(_percent(value, percents) if percents else plain(number))


def is_plain(code: str) -> bool:
    """Tell whether a format shows every number as it is, so that none needs a look of its own."""
    found = _sections(code)
    return len(found) == 1 and found[0].condition is None and found[0].numeric and not (
        found[0].dates or found[0].hides_zero or "%" in found[0].body or _fault(found[0], 1.0, code)
    )  # fmt: skip


def plain(number: str) -> str:
    """Write a number in full: whole ones without a point, others with the digits that tell them apart."""
    if number.isdigit() and len(number) < 16:
        return str(int(number))
    value = float(number)
    return str(int(value)) if value.is_integer() else repr(value)


def _percent(value: float, percents: int) -> str:
    """Multiply by 100 for each sign, in decimals, to the 15 digits that a spreadsheet has."""
    scaled = Decimal(repr(value)).scaleb(2 * percents)
    return plain(repr(float(f"{scaled:.15g}")))


def _fault(section: _Section, value: float, code: str) -> str:
    if not section.numeric or (value == 0 and section.hides_zero):
        instead = f"shows “{section.literal.strip()}” in place of" if section.literal.strip() else "hides"
        return f"its format “{code}” {instead} the number {plain(repr(value))}"
    if _SCALE.search(section.body):
        return f"its format “{code}” shows {plain(repr(value))} in thousands or millions"
    if section.strange():
        return f"its format “{code}” writes “{section.strange()}” beside the number {plain(repr(value))}"
    return ""


def _applies(sections: tuple[_Section, ...], value: float) -> _Section | None:
    """Choose the part for a number: by condition, else by sign."""
    if any(section.condition for section in sections):
        fits = (one for one in sections if one.condition is None or _holds(one.condition, value))
        return next(fits, None)
    if value < 0 and len(sections) > 1:
        section = sections[1]
        signed = any(sign in section.literal for sign in "-−(") or not section.numeric or bool(section.dates)
        return section if signed else _Section(literal=f"{-value:g}")  # shown as if it were positive
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]


def _holds(condition: tuple[str, float], value: float) -> bool:
    sign, bound = condition
    return {
        "<": value < bound, ">": value > bound, "=": value == bound,
        "<=": value <= bound, ">=": value >= bound, "<>": value != bound,
    }[sign]  # fmt: skip


def _date(value: float, section: _Section, *, epoch_1904: bool) -> Shown:
    """Write a day as ISO, or as the year or month where the format shows no more; a time alone is no date."""
    letters = set(section.dates)
    if section.elapsed or not letters & {"y", "d", "e", "g", "b"} | ({"m"} & letters if "h" not in letters else set()):
        return Shown(fault="it shows a time of day")
    try:
        day = _day(value, epoch_1904=epoch_1904)
    except (OverflowError, ValueError):
        return Shown(fault=f"it is formatted as a date, which {plain(repr(value))} is not")
    if "y" in letters and "d" not in letters:
        return Shown(f"{day:%Y-%m}" if "m" in letters else f"{day:%Y}")
    return Shown(day.isoformat())


def _day(value: float, *, epoch_1904: bool) -> date:
    """Give the day of a serial number; the older calendar counts a 29 February 1900 that there was not."""
    if value < 0:
        raise ValueError(value)
    first = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30 if value >= 60 else 31)  # noqa: DTZ001
    return (first + timedelta(days=value)).date()


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    """Part a format into its sections; the one for text (`@`) says nothing of numbers."""
    found = [_Section()]
    for kind, text in _tokens(code):
        if kind == "next":
            found.append(_Section())
        else:
            _take(found[-1], kind, text)
    numbers = [one for one in found if one.body != "@"]
    return tuple(numbers[:3]) if numbers else (_Section(general=True),)


_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"?)|\\(?P<escaped>.)|(?P<pad>[_*].)|\[(?P<bracket>[^\]]*)\]?|(?P<next>;)"""
    r"""|(?P<general>general|standard)|(?P<half>am/pm|a/p)|(?P<exponent>e[+-])|(?P<body>[0#?.,%@])|(?P<other>.)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


def _tokens(code: str) -> list[tuple[str, str]]:
    return [(match.lastgroup or "", match.group(match.lastgroup or 0)) for match in _TOKEN.finditer(code or "General")]


def _take(section: _Section, kind: str, text: str) -> None:
    """Add one token to a section."""
    if kind == "quoted":
        section.literal += text.strip('"')
    elif kind == "escaped":
        section.literal += text
    elif kind == "bracket":
        _take_bracket(section, text)
    elif kind == "general":
        section.general = True
    elif kind == "body":
        section.body += text
    elif kind == "exponent":
        section.body += "E"
    elif kind == "half":
        section.dates += "h"
    elif kind == "other":
        _take_other(section, text)


def _take_bracket(section: _Section, text: str) -> None:
    """`[Red]`, `[$€-407]` and the like say nothing; `[>=1000]` is a condition, `[h]` a time that has passed."""
    condition = _CONDITION.match(text.strip())
    if condition:
        section.condition = (condition[1], float(condition[2]))
    elif text and set(text.lower()) <= set("hms"):
        section.elapsed, section.dates = True, section.dates + text[0].lower()


def _take_other(section: _Section, sign: str) -> None:
    if sign.lower() in _DATE_LETTERS:
        section.dates += sign.lower()
    elif sign == "/" and not section.dates and any(place in section.body for place in "0#?"):
        section.body += "/"  # a fraction
    else:
        section.literal += sign
