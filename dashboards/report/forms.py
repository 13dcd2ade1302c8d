"""Named forms in which numbers are written, by language: rounding, year, date, chance."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

_COLUMNS: dict[str, tuple[str, ...]] = {
    "year": (
        *("year", "deadline", "former_year", "benchmark_year", "met_in", "year_met", "year_met_earliest"),
        *("year_met_latest", "base_year", "adopted_year", "newest_year", "first_year", "last_year", "year_before"),
    ),
    "portion": ("coverage", "estimated_share", "level", "portion"),
    "chance": ("probability",),
    "pace": ("pace_per_year", "needed_per_year", "by_data", "by_composition"),
    "index": ("gini", "theil", "theil_between", "theil_within"),
    "span": ("change", "years_behind", "points", "change_pct", "largest"),
    "printed": ("gap_pct",),
}
_FORM_OF_COLUMN = {column: form for form, columns in _COLUMNS.items() for column in columns}
_PRINTED = frozenset({"benchmark_value", "target_value", "threshold"})
_OF_UNIT = _PRINTED | {
    *("value", "former_value", "lower", "upper", "expected", "expected_lower", "expected_upper", "base_value"),
    *("middle_value", "highest", "lowest", "median", "value_before", "female", "male", "before", "after"),
    *("value_2g", "value_3g", "value_4g", "value_5g"),
}
_UNIT_FORMS = {"per_100_inhabitants": "rate", "persons": "count", "ratio": "ratio"}


def form_of(column: str, value: Any, row: Mapping[str, Any]) -> str:
    """Give the form of a number by its column and, where it is a figure, by the unit beside it."""
    if isinstance(value, datetime | date):
        return "date"
    if column in _FORM_OF_COLUMN:
        return _FORM_OF_COLUMN[column]
    if column in _OF_UNIT:
        return _form_of_unit(str(row.get("unit") or ""), printed=column in _PRINTED)
    return "count" if isinstance(value, int) else "ratio"


def _form_of_unit(unit: str, *, printed: bool) -> str:
    """Give the form of a figure; what is quoted keeps the digits that it was printed with."""
    if unit.startswith("percent"):
        return "printed" if printed or unit == "percent" else "share"
    return _UNIT_FORMS.get(unit, "rate")


def _number(value: float, places: str, locale: str) -> str:
    from babel.numbers import format_decimal  # noqa: PLC0415 - the command line starts without it

    # Babel rounds half to even as the binary fraction is printed; -0 is nothing.
    text: str = format_decimal(value + 0.0, format=places, locale=locale)
    return (
        text.removeprefix("-") if not any(sign in text for sign in "123456789") else text.replace("-", "\N{MINUS SIGN}")
    )


def _tenth(value: Any, locale: str) -> str:
    return _number(float(value), "#,##0.0" if abs(float(value)) < 1000 else "#,##0", locale)


def _printed(value: Any, locale: str) -> str:
    """Write a figure that is published in whole numbers without a decimal that nobody gave."""
    return _number(float(value), "#,##0.#", locale)


def _pace(value: Any, locale: str) -> str:
    return _number(float(value), "0.00", locale)


def _index(value: Any, locale: str) -> str:
    return _number(float(value), "0.000", locale)


def _count(value: Any, locale: str) -> str:
    return _number(float(value), "#,##0", locale)


def _ratio(value: Any, locale: str) -> str:
    return _number(float(value), "0.00", locale)


def _portion(value: Any, locale: str) -> str:
    """Write a share of one in whole per cents; what is not whole is never written as nothing or as all."""
    per_cent = float(value) * 100
    if 0 < per_cent < 1:
        return f"<{_count(1, locale)}"
    return f">{_count(99, locale)}" if 99 < per_cent < 100 else _count(per_cent, locale)


def _year(value: Any, _: str) -> str:
    return str(int(value))


def _date(value: Any, locale: str) -> str:
    from babel.dates import format_date  # noqa: PLC0415

    return str(format_date(value, "long", locale=locale))


FORMS: dict[str, Callable[[Any, str], str]] = {
    "share": _tenth,
    "rate": _tenth,
    "span": _tenth,
    "printed": _printed,
    "pace": _pace,
    "index": _index,
    "count": _count,
    "ratio": _ratio,
    "portion": _portion,
    "chance": _portion,
    "year": _year,
    "date": _date,
}
"""How a value becomes digits; words and signs around them are the language's."""


@cache
def signs(locale: str) -> Mapping[str, tuple[str, str, str]]:
    """Give what stands in running text around digits of a form: as a rule, below the least, above the greatest."""
    if locale.startswith("zh"):
        per_cent = ("{}%", "不到{}%", "超过{}%")
        return dict.fromkeys(("share", "printed", "portion", "chance"), per_cent)
    per_cent = ("{} per cent", "less than {} per cent", "more than {} per cent")
    return dict.fromkeys(("share", "printed", "portion", "chance"), per_cent)


def written(value: Any, form: str, locale: str, *, in_text: bool) -> str:
    """Write a value: in a cell the digits alone, in running text with the words of its form."""
    digits = FORMS[form](value, locale)
    if not in_text:
        return digits
    usual, below, above = signs(locale).get(form, ("{}", "<{}", ">{}"))
    if digits.startswith("<"):
        return below.format(digits[1:])
    return above.format(digits[1:]) if digits.startswith(">") else usual.format(digits)
