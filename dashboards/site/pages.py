"""The HTML of the pages: frames without figures, which the scripts fill."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from dashboards.site.texts import LANGUAGES, RIGHT_TO_LEFT, texts

PAGES = ("index", "resolution", "indicator", "economy", "gender", "groups", "idi", "changes", "quality", "data")
"""In the order of the menu; each has `assets/page-<name>.js` and is written as `<name>.html`."""
SCRIPTS = ("core.js", "dom.js", "format.js", "state.js", "chart-data.js", "chart.js", "search.js", "shell.js")
"""What every page loads, in this order, after the words and before its own script."""
PARTS = {
    "indicator": ("indicator-map.js",),
    "economy": ("economy-course.js",),
    "gender": ("gender-pairs.js",),
    "groups": ("groups-apart.js",),
}
"""What a page's own script is made of besides."""


def write(folder: Path, vintage: str) -> None:
    """Write one file per page."""
    from jinja2 import Environment  # noqa: PLC0415 - loaded only where pages are written

    text = (files("dashboards.site") / "templates" / "page.html.j2").read_text(encoding="utf-8")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)
    for page in PAGES:
        shown = template.render(**_content(page), vintage=vintage)
        (folder / f"{page}.html").write_text(shown + "\n", encoding="utf-8")


def _content(page: str) -> dict[str, Any]:
    words = texts("en")["interface"]
    return {
        "page": page,
        "title": words[f"page_{page}"],
        "description": words[f"lead_{page}"],
        "noscript": words["noscript"],
        "skip": words["skip"],
        "scripts": (*SCRIPTS, *PARTS.get(page, ())),
        "languages": LANGUAGES,
        "right_to_left": RIGHT_TO_LEFT,
    }


def write_assets(folder: Path) -> None:
    """Copy our own scripts and styles."""
    place = folder / "assets"
    place.mkdir(parents=True, exist_ok=True)
    for asset in sorted((files("dashboards.site") / "assets").iterdir(), key=lambda one: one.name):
        if asset.name.endswith((".js", ".css", ".svg")):
            (place / asset.name).write_bytes(asset.read_bytes())
