"""The site of a release: pages, scripts, and the figures as script files. The same release gives the same bytes."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from dashboards.site import charts, columns, names, pages, partitioned, tiles
from dashboards.site.texts import LANGUAGES, query, texts
from schemas.kept import kept
from warehouse.query import Session

FILES: dict[str, tuple[str, ...]] = {
    "core": ("indicators", "areas", "sources"),
    "standings": ("standings", "sparks"),
    "resolution": ("paragraphs", "states", "evidence", "registers"),
    "gender": ("gaps", "quoted"),
    "groups": ("groups",),
    "idi": ("idi", "idi_parts"),
    "changes": ("changes", "revised", "flips", "runs"),
    "quality": ("checks", "agreement", "corrections", "rejects", "freshness"),
    "tables": ("tables",),
}
"""Script files of figures, each with the queries whose answers it holds; a page loads those that it shows."""


_BUNDLED = "window.vegaEmbed = vegaEmbed;"
"""Script that vl-convert bundles with the libraries that it names."""


class Watch:
    """Seconds spent in each step, for who wants to know."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        started = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0) + time.perf_counter() - started


def build(session: Session, out: Path, watch: Watch | None = None) -> Path:
    """Write the site of the session's release into a folder that is new or empty, and give its front page.

    `watch` is told how long each step took. Raises OSError where the folder cannot be written.
    """
    watch = watch or Watch()
    out.mkdir(parents=True, exist_ok=True)
    with watch.step("tables"):
        _write_tables(session, out)
    with watch.step("series"):
        partitioned.write(session, out)
    with watch.step("words"):
        _write_words(session, out)
    with watch.step("pages"):
        pages.write(out, session.release.vintage)
        pages.write_assets(out)
    with watch.step("chart library"):
        (out / "assets" / "vega.js").write_text(chart_library(), encoding="utf-8")
    return out / "index.html"


def replace(session: Session, out: Path) -> Path:
    """Write the site in the place of a former one; a folder that holds anything else is refused with OSError."""
    if out.exists() and any(out.iterdir()):
        if not (out / "assets" / "early.js").is_file():
            raise FileExistsError(f"{out} is not empty and holds no site")
        shutil.rmtree(out)
    return build(session, out)


def _write_tables(session: Session, out: Path) -> None:
    for file, queries in FILES.items():
        content: dict[str, object] = {name: columns.packed(session.sql(query(name))) for name in queries}
        if file == "core":
            content |= {"release": session.release.vintage, "languages": LANGUAGES}
        columns.write(out, file, content)
    columns.write(out, "charts", charts.specs())
    columns.write(out, "tiles", columns.packed(pa.Table.from_pylist(tiles.read())))


def _write_words(session: Session, out: Path) -> None:
    """Write the words of each language, and the names of areas, indicators and codes in it."""
    for language in LANGUAGES:
        content = {"interface": texts(language)["interface"], **names.of(session, language)}
        columns.write(out, f"words-{language}", content)


@cache
def chart_library() -> str:
    """Give the scripts of Vega, Vega-Lite and Vega-Embed that vl-convert ships; nothing is asked of the network.

    They are made once per installed version and kept, since vl-convert bundles them anew with a JavaScript engine.
    """
    return kept("vega", f"{version('vl-convert-python')} {_BUNDLED}", _bundle).decode()


def _bundle() -> bytes:
    import vl_convert  # noqa: PLC0415 - takes two seconds and 130 MB, once per installed version

    return str(vl_convert.javascript_bundle(_BUNDLED)).encode()
