"""The charts as Vega-Lite specifications; figures and words come in on the page.

`{"$": name}` stands for what the page gives under that name and is left out where it gives nothing; data come under
the names of the data sets. Colours of marks that mean something are given too, because they follow the theme.
"""

from dashboards.site import charts_by_name
from dashboards.site.encodings import Spec, amount, by_series, by_year, given, layer, quantity, told
from dashboards.site.tiles import COLUMNS, ROWS


def specs() -> dict[str, Spec]:
    """Give every chart by its name."""
    return {
        "trend": _trend(),
        "tiles": _tiles(),
        "dumbbell": charts_by_name.dumbbell(),
        "editions": _editions(),
        "bars": charts_by_name.bars(),
        "split": _split(),
        "ranks": charts_by_name.ranks(),
        "residuals": _residuals(),
    }


_NAME = {"type": "text", "align": "left", "dx": 8, "fontSize": 13, "fontWeight": 600, "limit": 230}
_GROUND = {"stroke": given("paper"), "strokeWidth": 5, "strokeJoin": "round", "color": given("paper")}
"""Under the name of a line that ends early, so that lines which go on do not cross it."""


_BESIDE = {"type": "text", "align": "left", "dx": 4, "fontSize": 12, "color": given("muted")}


def _marks() -> list[Spec]:
    """Lines across the chart, each with its name above it."""
    rule = {"type": "rule", "strokeDash": [5, 4], "color": given("muted")}
    name = {"x": {"value": 0}, "y": quantity("value"), "text": {"field": "label"}}
    return [layer("marks", rule, {"y": quantity("value")}), layer("marks", {**_BESIDE, "dy": -7}, name)]


def _trend() -> Spec:
    """Lines over years, the name of each at its end; lines that are asked for; where the series would go."""
    pointer = told(("series", "word_area"), ("year", "word_year"), ("shown", "word_value"), ("source", "word_source"))
    end = {"x": by_year(), "y": quantity("place"), "text": {"field": "label"}}
    return {
        "width": "container",
        "height": 360,
        "layer": [
            *_marks(),
            layer(
                "ahead",
                {"type": "area", "opacity": 0.16},
                {"x": by_year(), "y": amount("lower"), "y2": {"field": "upper"}, "color": by_series()},
            ),
            layer(
                "ahead",
                {"type": "line", "strokeDash": [3, 3], "strokeWidth": 2},
                {"x": by_year(), "y": amount(), "color": by_series(), "tooltip": pointer[:3]},
            ),
            layer(
                "table",
                {"type": "line", "strokeWidth": 2.4, "point": {"size": 22, "filled": True}},
                {
                    "x": by_year(),
                    "y": amount(),
                    "color": by_series(),
                    "detail": [{"field": "line", "type": "nominal"}],
                    "tooltip": pointer,
                },
            ),
            layer("ends", {**_NAME, **_GROUND}, end),
            layer("ends", _NAME, {**end, "color": by_series()}),
        ],
    }


def _tiles() -> Spec:
    """One tile per economy, all of one size; those without a figure are left pale."""
    place = {
        "x": {"field": "column", "type": "ordinal", "axis": None, "scale": {"domain": list(range(COLUMNS))}},
        "y": {"field": "row", "type": "ordinal", "axis": None, "scale": {"domain": list(range(ROWS))}},
    }
    pointer = told(("area", "word_area"), ("shown", "word_value"), ("year", "word_year"), ("source", "word_source"))
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
                    "color": {"condition": known, **quantity("value", scale=scale, legend=legend)},
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


def _editions() -> Spec:
    """Gaps as printed, edition by edition: what the resolution said as lines, parity as a band."""
    gap = quantity("gap_pct", axis={"title": given("unit"), "tickCount": 6, "domain": False, "ticks": False})
    pointer = told(("series", "word_area"), ("year", "word_year"), ("shown", "word_gap"), ("edition", "word_edition"))
    return {
        "width": "container",
        "height": 380,
        "layer": [
            layer(
                "band",
                {"type": "rect", "opacity": 0.18, "color": given("good")},
                {"y": quantity("low"), "y2": {"field": "high"}},
            ),
            *_marks(),
            layer("band", {**_BESIDE, "dy": 0}, {"x": {"value": 0}, "y": {"datum": 0}, "text": {"field": "label"}}),
            layer(
                "table",
                {"type": "rule", "strokeWidth": 2},
                {
                    "x": by_year(),
                    "y": quantity("gap_lower"),
                    "y2": {"field": "gap_upper"},
                    "color": by_series(),
                },
            ),
            layer(
                "table",
                {"type": "line", "strokeWidth": 1.6},
                {"x": by_year(), "y": gap, "color": by_series(), "detail": [{"field": "line", "type": "nominal"}]},
            ),
            layer(
                "table",
                {"type": "point", "size": 90, "filled": True, "opacity": 1},
                {"x": by_year(), "y": gap, "color": by_series(), "tooltip": pointer},
            ),
            layer(
                "ends",
                {"type": "text", "align": "left", "dx": 10, "dy": 10, "fontSize": 12, "fontWeight": 600},
                {"x": by_year(), "y": quantity("place"), "text": {"field": "label"}, "color": by_series()},
            ),
        ],
    }


def _split() -> Spec:
    """Theil's index by year: the part between groups and the part inside them, one upon the other."""
    scale = {"domain": given("series"), "range": given("colours")}
    pointer = told(("series", "word_part"), ("year", "word_year"), ("shown", "word_value"))
    return {
        "width": "container",
        "height": 300,
        "data": {"name": "table"},
        "mark": {"type": "area", "opacity": 0.9},
        "encoding": {
            "x": by_year(),
            "y": quantity("value", stack="zero", axis={"title": given("unit"), "tickCount": 5, "domain": False}),
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


def _residuals() -> Spec:
    """Our score less the published one, against the published one."""
    pointer = told(("area", "word_area"), ("shown", "word_value"), ("published_shown", "word_published"))
    return {
        "width": "container",
        "height": 280,
        "layer": [
            {
                "data": {"values": [{"value": 0}]},
                "mark": {"type": "rule", "color": given("muted")},
                "encoding": {"y": quantity("value")},
            },
            layer(
                "table",
                {"type": "circle", "size": 60, "opacity": 0.85, "color": given("accent")},
                {
                    "x": quantity("published", axis={"title": given("word_published")}, scale={"zero": False}),
                    "y": quantity("residual", axis={"title": given("unit")}),
                    "tooltip": pointer,
                },
            ),
        ],
    }
