"""The pages of the bundled release: how long they take with the share of each step, their weight, the first chart.

Yardstick: asking the pages' own queries of the release, which no site could do without.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.cost import apart, of_script

ROUNDS = 3
BUDGET = 1_500_000


def measure(home: Path, out: Path) -> dict[str, Any]:
    """Draw the pages once, and give the seconds of the queries alone, of the whole and of each step."""
    from dashboards.site.build import Watch, build
    from dashboards.site.texts import query
    from warehouse.query import open_release

    names = sorted(path.stem for path in (Path(__file__).parents[1] / "dashboards/site/queries").glob("*.sql"))
    watch = Watch()
    with open_release(home) as session:
        started = time.perf_counter()
        for name in names:
            session.sql(query(name))
        asked = time.perf_counter() - started
        started = time.perf_counter()
        build(session, out, watch)
        whole = time.perf_counter() - started
    return {"queries": asked, "whole": whole, "steps": watch.seconds}


def seen(site: Path) -> Iterator[tuple[str, int, float | None]]:
    """Open each page from its folder in Chromium; give its name, the bytes it loads, and the seconds to the first chart."""
    from playwright.sync_api import sync_playwright

    from dashboards.site.pages import PAGES

    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for page in PAGES:
            yield page, *_opened(browser, site, page)
        browser.close()


def _opened(browser: Any, site: Path, page: str) -> tuple[int, float | None]:
    moments, loaded = [], set[str]()
    for _ in range(ROUNDS):
        tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        tab.on("request", lambda request: loaded.add(request.url.partition("#")[0]))
        tab.goto((site / f"{page}.html").as_uri())
        tab.wait_for_selector("main[data-ready=yes]", timeout=60_000)
        moments.append(tab.evaluate("performance.getEntriesByName('ictdev-chart')[0]?.startTime ?? null"))
        tab.context.close()
    weight = sum((site / url.removeprefix(site.as_uri() + "/")).stat().st_size for url in loaded)
    known = sorted(moment for moment in moments if moment is not None)
    return weight, known[len(known) // 2] / 1000 if known else None


def lines() -> Iterator[str]:
    """Give seconds, shares and ratio of the drawing, then each page's weight and its first chart."""
    with tempfile.TemporaryDirectory() as folder:
        home, site = Path(folder) / "home", Path(folder) / "site"
        of_script("plain_run", home, "-", "--without-site")
        yield _drawing([apart("site", home, Path(folder) / str(number)) for number in range(ROUNDS)])
        apart("site", home, site)
        for page, weight, moment in seen(site):
            chart = "no chart" if moment is None else f"first chart after {moment:.2f} s"
            yield f"page {page:<12} {weight / 1e6:5.2f} MB (budget {BUDGET / 1e6:.1f})   {chart}"


def _drawing(found: list[dict[str, Any]]) -> str:
    middle = sorted(found, key=lambda one: float(one["whole"]))[len(found) // 2]
    shares = ", ".join(f"{name} {seconds / middle['whole']:.0%}" for name, seconds in middle["steps"].items())
    ratio = middle["whole"] / middle["queries"]
    return (
        f"site, all pages  {middle['whole']:6.2f} s   {ratio:.1f} × its queries ({middle['queries']:.2f} s); {shares}"
    )


def main() -> None:
    """Draw once and print what it took, or measure everything."""
    if len(sys.argv) == 3:
        print(json.dumps(measure(Path(sys.argv[1]), Path(sys.argv[2]))))
        return
    for line in lines():
        print(line, flush=True)


if __name__ == "__main__":
    main()
