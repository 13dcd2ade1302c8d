"""The parts that charts are made of: fields, axes, colours, and what stands for what the page gives."""

from typing import Any

Spec = dict[str, Any]


def given(name: str) -> Spec:
    """Stand for what the page gives under a name."""
    return {"$": name}


def layer(name: str, mark: str | Spec, encoding: Spec, **more: Any) -> Spec:
    """Give a layer that draws a data set."""
    return {"data": {"name": name}, "mark": mark, "encoding": encoding, **more}


def quantity(name: str, **more: Any) -> Spec:
    """Give a field that is a number, with its axis and scale."""
    return {"field": name, "type": "quantitative", **more}


def by_series() -> Spec:
    """Colour by series, in the order and with the colours that the page gives."""
    scale = {"domain": given("series"), "range": given("colours")}
    return {"field": "series", "type": "nominal", "scale": scale, "legend": None}


_YEAR_AXIS = {
    "format": "d",
    "tickMinStep": 1,
    "tickCount": 10,
    "grid": False,
    "title": None,
    "labelOverlap": True,
    "labelSeparation": 6,
}


def by_year() -> Spec:
    """Give the years as an axis."""
    return quantity("year", axis=_YEAR_AXIS, scale={"zero": False, "nice": False, "padding": 12})


def amount(field: str = "value") -> Spec:
    """Give a figure as an axis that begins at nought, with its unit."""
    axis = {"title": given("unit"), "format": given("format"), "tickCount": 5, "domain": False, "ticks": False}
    return quantity(field, axis=axis, scale={"zero": True})


def told(*fields: tuple[str, str]) -> list[Spec]:
    """Give what a pointer is told: field and the name of its word."""
    return [{"field": field, "type": "nominal", "title": given(word)} for field, word in fields]
