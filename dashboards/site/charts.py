"""The charts as Vega-Lite specifications; figures and words come in on the page.

`{"$": name}` stands for what the page gives under that name and is left out where it gives nothing; data come under
the names of the data sets. Colours of marks that mean something are given too, because they follow the theme.
"""

from typing import Any

from dashboards.site.tiles import COLUMNS, ROWS

Spec = dict[str, Any]


def given(name: str) -> Spec:
    """Stand for what the page gives under a name."""
    return {"$": name}


def specs() -> dict[str, Spec]:
    """Give every chart by its name."""
    return {
        "trend": _trend(),
        "tiles": _tiles(),
        "dumbbell": _dumbbell(),
        "editions": _editions(),
        "bars": _bars(),
        "split": _split(),
        "ranks": _ranks(),
        "residuals": _residuals(),
    }


def _named(name: str, mark: str | Spec, encoding: Spec, **more: Any) -> Spec:
    """Give a layer that draws a data set."""
    return {"data": {"name": name}, "mark": mark, "encoding": encoding, **more}


def _field(name: str, **more: Any) -> Spec:
    return {"field": name, "type": "quantitative", **more}


def _series(*, legend: bool = False) -> Spec:
    """Colour by series, in the order and with the colours that the page gives."""
    scale = {"domain": given("series"), "range": given("colours")}
    return {"field": "series", "type": "nominal", "scale": scale, **({} if legend else {"legend": None})}


_YEAR_AXIS = {"format": "d", "tickMinStep": 1, "tickCount": 10, "grid": False, "title": None, "labelOverlap": True}


def _year() -> Spec:
    return _field("year", axis=_YEAR_AXIS, scale={"zero": False, "nice": False, "padding": 12})


def _amount(field: str = "value") -> Spec:
    axis = {"title": given("unit"), "format": given("format"), "tickCount": 5, "domain": False, "ticks": False}
    return _field(field, axis=axis, scale={"zero": True})


def _told(*fields: tuple[str, str]) -> list[Spec]:
    """Give what a pointer is told: field and the name of its word."""
    return [{"field": field, "type": "nominal", "title": given(word)} for field, word in fields]


def _trend() -> Spec:
    """Lines over years, the name of each at its end; lines that are asked for; where the series would go."""
    pointer = _told(("series", "word_area"), ("year", "word_year"), ("shown", "word_value"), ("source", "word_source"))
    mark_label = {"type": "text", "align": "left", "dy": -7, "dx": 4, "fontSize": 12, "color": given("muted")}
    return {
        "width": "container",
        "height": 360,
        "layer": [
            _named("marks", {"type": "rule", "strokeDash": [5, 4], "color": given("muted")}, {"y": _field("value")}),
            _named("marks", mark_label, {"x": {"value": 0}, "y": _field("value"), "text": {"field": "label"}}),
            _named(
                "ahead",
                {"type": "area", "opacity": 0.16},
                {"x": _year(), "y": _amount("lower"), "y2": {"field": "upper"}, "color": _series()},
            ),
            _named(
                "ahead",
                {"type": "line", "strokeDash": [3, 3], "strokeWidth": 2},
                {"x": _year(), "y": _amount(), "color": _series(), "tooltip": pointer[:3]},
            ),
            _named(
                "table",
                {"type": "line", "strokeWidth": 2.4, "point": {"size": 22, "filled": True}},
                {
                    "x": _year(),
                    "y": _amount(),
                    "color": _series(),
                    "detail": [{"field": "line", "type": "nominal"}],
                    "tooltip": pointer,
                },
            ),
            _named(
                "ends",
                {"type": "text", "align": "left", "dx": 8, "fontSize": 13, "fontWeight": 600, "limit": 230},
                {"x": _year(), "y": _field("place"), "text": {"field": "label"}, "color": _series()},
            ),
        ],
    }


def _tiles() -> Spec:
    """One tile per economy, all of one size; those without a figure are left pale."""
    place = {
        "x": {"field": "column", "type": "ordinal", "axis": None, "scale": {"domain": list(range(COLUMNS))}},
        "y": {"field": "row", "type": "ordinal", "axis": None, "scale": {"domain": list(range(ROWS))}},
    }
    pointer = _told(("area", "word_area"), ("shown", "word_value"), ("year", "word_year"), ("source", "word_source"))
    scale = {"range": given("ramp"), "domain": given("domain"), "clamp": True}
    legend = {"title": given("unit"), "orient": "top", "gradientLength": 260, "format": given("format")}
    known = {"test": "datum.value === null", "value": given("pale")}
    label = {"test": "datum.value === null", "value": given("muted")}
    return {
        "width": given("width"),
        "height": 24 * ROWS,
        "data": {"name": "table"},
        "encoding": place,
        "layer": [
            {
                "mark": {"type": "rect", "cornerRadius": 3, "cursor": "pointer", "invalid": "show"},
                "encoding": {
                    "color": {"condition": known, **_field("value", scale=scale, legend=legend)},
                    "tooltip": pointer,
                },
            },
            {
                "mark": {"type": "text", "fontSize": 9, "fontWeight": 600},
                "encoding": {
                    "text": {"field": "ref_area"},
                    "color": {"condition": [label, {"test": "datum.deep", "value": "#ffffff"}], "value": "#12263a"},
                    "tooltip": pointer,
                },
            },
        ],
    }


def _dumbbell() -> Spec:
    """Women's and men's figures of each area on one line."""
    place = {"field": "area", "type": "nominal", "sort": given("order"), "axis": _NAMES}
    pointer = _told(
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
        "width": "container",
        "height": given("height"),
        "data": {"name": "table"},
        "encoding": {"y": place},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 3, "color": given("line")},
                "encoding": {
                    "x": _field("female", axis=axis, scale=scale),
                    "x2": {"field": "male"},
                    "tooltip": pointer,
                },
            },
            {
                "mark": {**dot, "color": given("men_colour")},
                "encoding": {"x": _field("male", scale=scale), "tooltip": pointer},
            },
            {
                "mark": {**dot, "color": given("women_colour")},
                "encoding": {"x": _field("female", scale=scale), "tooltip": pointer},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 12, "fontSize": 12, "color": given("muted")},
                "encoding": {"x": _field("right", scale=scale), "text": {"field": "gap"}},
            },
        ],
    }


_NAMES = {
    "title": None,
    "labelLimit": given("label_limit"),
    "domain": False,
    "ticks": False,
    "labelPadding": 8,
    "labelFontSize": 13,
}


def _editions() -> Spec:
    """Gaps as printed, edition by edition: what the resolution said as lines, parity as a band."""
    gap = _field("gap_pct", axis={"title": given("unit"), "tickCount": 6, "domain": False, "ticks": False})
    pointer = _told(("series", "word_area"), ("year", "word_year"), ("shown", "word_gap"), ("edition", "word_edition"))
    mark_label = {"type": "text", "align": "left", "dx": 4, "fontSize": 12, "color": given("muted")}
    return {
        "width": "container",
        "height": 380,
        "layer": [
            _named(
                "band",
                {"type": "rect", "opacity": 0.18, "color": given("good")},
                {"y": _field("low"), "y2": {"field": "high"}},
            ),
            _named("marks", {"type": "rule", "strokeDash": [5, 4], "color": given("muted")}, {"y": _field("value")}),
            _named(
                "marks", {**mark_label, "dy": -7}, {"x": {"value": 0}, "y": _field("value"), "text": {"field": "label"}}
            ),
            _named("band", {**mark_label, "dy": 0}, {"x": {"value": 0}, "y": {"datum": 0}, "text": {"field": "label"}}),
            _named(
                "table",
                {"type": "rule", "strokeWidth": 2},
                {
                    "x": _year(),
                    "y": _field("gap_lower"),
                    "y2": {"field": "gap_upper"},
                    "color": _series(),
                },
            ),
            _named(
                "table",
                {"type": "line", "strokeWidth": 1.6},
                {"x": _year(), "y": gap, "color": _series(), "detail": [{"field": "line", "type": "nominal"}]},
            ),
            _named(
                "table",
                {"type": "point", "size": 90, "filled": True, "opacity": 1},
                {"x": _year(), "y": gap, "color": _series(), "tooltip": pointer},
            ),
            _named(
                "ends",
                {"type": "text", "align": "left", "dx": 10, "dy": 10, "fontSize": 12, "fontWeight": 600},
                {"x": _year(), "y": _field("place"), "text": {"field": "label"}, "color": _series()},
            ),
        ],
    }


def _bars() -> Spec:
    """One bar per name, the figure at its end."""
    place = {"field": "area", "type": "nominal", "sort": given("order"), "axis": _NAMES}
    pointer = _told(("area", "word_area"), ("year", "word_year"), ("shown", "word_value"), ("source", "word_source"))
    axis = {"title": given("unit"), "orient": "top", "format": given("format"), "tickCount": 5}
    return {
        "width": "container",
        "height": given("height"),
        "data": {"name": "table"},
        "encoding": {"y": place, "x": _field("value", axis=axis, scale={"domain": given("domain")})},
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


def _split() -> Spec:
    """Theil's index by year: the part between groups and the part inside them, one upon the other."""
    scale = {"domain": given("series"), "range": given("colours")}
    pointer = _told(("series", "word_part"), ("year", "word_year"), ("shown", "word_value"))
    return {
        "width": "container",
        "height": 300,
        "data": {"name": "table"},
        "mark": {"type": "area", "opacity": 0.9},
        "encoding": {
            "x": _year(),
            "y": _field("value", stack="zero", axis={"title": given("unit"), "tickCount": 5, "domain": False}),
            "color": {
                "field": "series",
                "type": "nominal",
                "scale": scale,
                "legend": {"title": None, "orient": "top", "labelFontSize": 13, "labelLimit": 400, "offset": 22},
            },
            "order": {"field": "part", "type": "quantitative"},
            "tooltip": pointer,
        },
    }


def _ranks() -> Spec:
    """The index: score, the interval that rounding and gaps allow, and the score that was published."""
    place = {"field": "area", "type": "nominal", "sort": given("order"), "axis": _NAMES}
    pointer = _told(
        ("area", "word_area"), ("shown", "word_value"), ("published_shown", "word_published"), ("ranks", "word_ranks")
    )
    axis = {"title": given("unit"), "orient": "top"}
    return {
        "width": "container",
        "height": given("height"),
        "data": {"name": "table"},
        "encoding": {"y": place},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.35, "color": given("accent")},
                "encoding": {
                    "x": _field("lower", axis=axis, scale={"zero": False}),
                    "x2": {"field": "upper"},
                    "tooltip": pointer,
                },
            },
            {
                "mark": {"type": "tick", "thickness": 2, "color": given("ink")},
                "encoding": {"x": _field("published"), "tooltip": pointer},
            },
            {
                "mark": {"type": "circle", "size": 70, "opacity": 1, "color": given("accent")},
                "encoding": {"x": _field("score"), "tooltip": pointer},
            },
        ],
    }


def _residuals() -> Spec:
    """Our score less the published one, against the published one."""
    pointer = _told(("area", "word_area"), ("shown", "word_value"), ("published_shown", "word_published"))
    return {
        "width": "container",
        "height": 280,
        "layer": [
            {
                "data": {"values": [{"value": 0}]},
                "mark": {"type": "rule", "color": given("muted")},
                "encoding": {"y": _field("value")},
            },
            _named(
                "table",
                {"type": "circle", "size": 60, "opacity": 0.85, "color": given("accent")},
                {
                    "x": _field("published", axis={"title": given("word_published")}, scale={"zero": False}),
                    "y": _field("residual", axis={"title": given("unit")}),
                    "tooltip": pointer,
                },
            ),
        ],
    }
