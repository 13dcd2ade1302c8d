"""The charts of the report: drawn from the answers that the tables beside them show, as SVG without a browser."""

from collections.abc import Callable
from typing import Any

from dashboards.report.blocks import Chart, plain
from dashboards.report.citing import notes
from dashboards.report.found import Found
from dashboards.report.text import Writer

FONT = "'Noto Sans', 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', sans-serif"
PALETTE = ["#004f9f", "#c8501e", "#1b7f5c", "#7a4f9a", "#8a6d00"]
"""Blue, vermilion, green, purple, ochre: apart for colour-blind readers, 4.5:1 on white."""
WIDTH, HEIGHT = 560, 290

Row = dict[str, Any]


def _users(rows: list[Found], writer: Writer) -> Any:
    import altair as alt  # noqa: PLC0415 - slow to load

    values = [_point(row, writer) for row in rows]
    names = list(dict.fromkeys(value["area"] for value in values))
    ends = list({value["area"]: value for value in values}.values())
    colour = alt.Color("area:N", sort=names, scale=alt.Scale(domain=names, range=PALETTE[: len(names)]), legend=None)
    axis = alt.Axis(format="d", grid=False, title=None)
    x = alt.X("year:Q", axis=axis, scale=alt.Scale(nice=False))
    y = alt.Y("value:Q", title=writer.language.label("axes", "share"), scale=alt.Scale(domain=[0, 100]))
    lines = alt.Chart(alt.InlineData(values=values)).mark_line(strokeWidth=2.2).encode(x=x, y=y, color=colour)
    last = alt.Chart(alt.InlineData(values=ends)).encode(x=x, y=y, color=colour)
    labels = last.mark_text(align="left", dx=6, fontSize=11).encode(text="area:N")
    return (lines + last.mark_point(filled=True, size=28, opacity=1) + labels).properties(width=WIDTH - 150)


def _regions(rows: list[Found], writer: Writer) -> Any:
    import altair as alt  # noqa: PLC0415

    chosen = [row for row in rows if row.raw("depth") == 1 and row.raw("value") is not None]
    values = [_point(row, writer) for row in chosen]
    y = alt.Y("area:N", sort=None, title=None, axis=alt.Axis(labelLimit=220))
    x = alt.X("value:Q", title=writer.language.label("axes", "share"), scale=alt.Scale(domain=[0, 100]))
    base = alt.Chart(alt.InlineData(values=values)).encode(y=y)
    former = [
        {**_point(row, writer), "former": row.raw("middle_value")}
        for row in chosen
        if row.raw("middle_value") is not None
    ]
    bars = base.mark_bar(color=PALETTE[0], height=14).encode(x=x)
    ticks = alt.Chart(alt.InlineData(values=former)).mark_tick(color="#ffb000", thickness=4, size=20, opacity=1)
    text = base.mark_text(align="left", dx=5, fontSize=11).encode(x=x, text="shown:N")
    return (bars + ticks.encode(y=y, x="former:Q") + text).properties(width=WIDTH - 130, height=32 * len(values))


def _gender(rows: list[Found], writer: Writer) -> Any:
    import altair as alt  # noqa: PLC0415

    chosen = [r for r in rows if r.raw("indicator") == "internet_gender_gap" and r.raw("gap_pct") is not None]
    values = [
        {
            **_point(row, writer),
            "value": row.raw("gap_pct"),
            "shown": writer.language.figure(row.gap_pct, in_text=False),
            "label": f"{row.raw('year')} · {row.edition}",
        }
        for row in chosen
    ]
    order = list(dict.fromkeys(v["label"] for v in sorted(values, key=lambda v: v["year"])))
    names = list(dict.fromkeys(v["area"] for v in values))
    y = alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=260, grid=True))
    x = alt.X("value:Q", title=writer.language.label("axes", "gap"), scale=alt.Scale(domainMin=0, domainMax=50))
    scale = alt.Scale(domain=names, range=PALETTE[: len(names)])
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=y,
        x=x,
        color=alt.Color("area:N", scale=scale, legend=alt.Legend(title=None, orient="top")),
        shape=alt.Shape("area:N", legend=alt.Legend(title=None, orient="top"), scale=alt.Scale(domain=names)),
    )
    text = (
        alt.Chart(alt.InlineData(values=values))
        .mark_text(align="left", dx=8, fontSize=11)
        .encode(y=y, x=x, text="shown:N")
    )
    dots = base.mark_point(filled=True, size=90, opacity=1)
    return (dots + text).properties(width=WIDTH - 220, height=30 * len(order))


def _coverage(rows: list[Found], writer: Writer) -> Any:
    import altair as alt  # noqa: PLC0415

    values = [
        {**_point(row, writer), "value": row.raw(column), "network": column.removeprefix("value_").upper()}
        for row in rows
        for column in ("value_2g", "value_3g", "value_4g", "value_5g")
        if row.raw(column) is not None
    ]
    for value in values:
        value["shown"] = f"{value['value']:.0f}"
    x = alt.X("area:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelLimit=140))
    y = alt.Y("value:Q", title=writer.language.label("axes", "share"), scale=alt.Scale(domain=[0, 100]))
    colour = alt.Color(
        "network:N", scale=alt.Scale(range=["#9dbbd8", "#3f7fbf", "#004f9f", "#002a5c"]), legend=alt.Legend(title=None)
    )
    return (
        alt.Chart(alt.InlineData(values=values)).mark_bar().encode(x=x, y=y, color=colour, xOffset="network:N")
    ).properties(width=WIDTH - 80, height=HEIGHT - 60)


def _point(row: Found, writer: Writer) -> Row:
    value = row.raw("value") if row.has("value") else None
    shown = writer.language.figure(row.value, in_text=False) if value is not None else ""
    return {"area": writer.language.area(row), "year": row.raw("year"), "value": value, "shown": shown}


_DRAWN: dict[str, tuple[str, Callable[[list[Found], Writer], Any]]] = {
    "users": ("users_series", _users),
    "regions": ("regions", _regions),
    "gender": ("gender_published", _gender),
    "coverage": ("coverage", _coverage),
}


def chart(name: str, writer: Writer) -> Chart | None:
    """Give a chart, or None where the release has no figure for it."""
    query, draw = _DRAWN[name]
    rows = writer.answers(query)
    drawn = [row for row in rows if not row.has("value") or row.raw("value") is not None]
    if not drawn:
        return None
    labels = writer.language.labels["charts"][name]
    alternative = plain(writer.line(labels["alternative"]))
    return Chart(name, labels["caption"], alternative, _svg(draw(drawn, writer)), notes(drawn, writer, labels["note"]))


def _svg(drawn: Any) -> str:
    import vl_convert  # noqa: PLC0415 - carries a JavaScript engine

    axis = {"labelColor": "#333", "titleColor": "#333", "gridColor": "#e4e7eb", "domainColor": "#8a9099"}
    spec = drawn.configure(font=FONT, background="white").configure_view(stroke=None).configure_axis(
        **axis, labelFontSize=11, titleFontSize=11, titleFontWeight="normal"
    ).configure_legend(labelFontSize=11)  # fmt: skip
    return str(vl_convert.vegalite_to_svg(spec.to_dict()))


def png(svg: str) -> bytes:
    """Give a chart as a picture for documents that cannot show SVG, at twice its size."""
    import vl_convert  # noqa: PLC0415

    return bytes(vl_convert.svg_to_png(svg, scale=2))


def names() -> list[str]:
    """Give the names of all charts."""
    return list(_DRAWN)
