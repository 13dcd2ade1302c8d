"""Charts with one line per area or cause, in the order that the page gives: bars, dumbbells, scores and intervals."""

from dashboards.site.encodings import Spec, given, quantity, told

_NAMES = {
    "title": None,
    "labelLimit": given("label_limit"),
    "domain": False,
    "ticks": False,
    "labelPadding": 8,
    "labelFontSize": 13,
}
_PLACE = {"field": "area", "type": "nominal", "sort": given("order"), "axis": _NAMES}
_BY_NAME = {"width": "container", "height": given("height"), "data": {"name": "table"}}


def dumbbell() -> Spec:
    """Women's and men's figures of each area on one line."""
    pointer = told(
        ("area", "word_area"),
        ("year", "word_year"),
        ("women", "word_women"),
        ("men", "word_men"),
        ("gap", "word_gap"),
        ("source", "word_source"),
    )
    axis = {"title": given("unit"), "orient": "top", "format": given("format")}
    scale = {"domain": given("domain")}
    dot = {"type": "circle", "size": 130, "opacity": 1}
    return {
        **_BY_NAME,
        "encoding": {"y": _PLACE},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 3, "color": given("line")},
                "encoding": {
                    "x": quantity("female", axis=axis, scale=scale),
                    "x2": {"field": "male"},
                    "tooltip": pointer,
                },
            },
            {
                "mark": {**dot, "color": given("men_colour")},
                "encoding": {"x": quantity("male", scale=scale), "tooltip": pointer},
            },
            {
                "mark": {**dot, "color": given("women_colour")},
                "encoding": {"x": quantity("female", scale=scale), "tooltip": pointer},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 12, "fontSize": 12, "color": given("muted")},
                "encoding": {"x": quantity("right", scale=scale), "text": {"field": "gap"}},
            },
        ],
    }


def bars() -> Spec:
    """One bar per name, the figure at its end."""
    pointer = told(("area", "word_area"), ("year", "word_year"), ("shown", "word_value"), ("source", "word_source"))
    axis = {
        "title": given("unit"),
        "orient": "top",
        "format": given("format"),
        "tickCount": 5,
        "values": given("ticks"),
    }
    return {
        **_BY_NAME,
        "encoding": {"y": _PLACE, "x": quantity("value", axis=axis, scale={"domain": given("domain")})},
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 3, "height": {"band": 0.66}},
                "encoding": {
                    "color": {
                        "condition": {"test": "datum.mine", "value": given("accent")},
                        "value": given("line"),
                    },
                    "tooltip": pointer,
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "color": given("ink")},
                "encoding": {"text": {"field": "shown"}},
            },
        ],
    }


def ranks() -> Spec:
    """The index: score, the interval that rounding and gaps allow, and the score that was published."""
    pointer = told(
        ("area", "word_area"), ("shown", "word_value"), ("published_shown", "word_published"), ("ranks", "word_ranks")
    )
    axis = {"title": given("unit"), "orient": "top"}
    return {
        **_BY_NAME,
        "encoding": {"y": _PLACE},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.35, "color": given("accent")},
                "encoding": {
                    "x": quantity("lower", axis=axis, scale={"zero": False}),
                    "x2": {"field": "upper"},
                    "tooltip": pointer,
                },
            },
            {
                "mark": {"type": "tick", "thickness": 2, "color": given("ink")},
                "encoding": {"x": quantity("published"), "tooltip": pointer},
            },
            {
                "mark": {"type": "circle", "size": 70, "opacity": 1, "color": given("accent")},
                "encoding": {"x": quantity("score"), "tooltip": pointer},
            },
        ],
    }
