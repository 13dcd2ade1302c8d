"""One site per session, and a browser that writes down what a page should not do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from dashboards.site.build import build
from tests.homes import linked
from warehouse.query import open_release

SCREENS = Path(__file__).parents[3] / "build" / "screens"
READY = "main[data-ready=yes]"
PATIENCE = 60_000
"""Milliseconds that a busy machine may take."""


@dataclass
class Seen:
    """A page that was opened, and what went wrong on it."""

    page: Page
    troubles: list[str] = field(default_factory=list)

    def go(self, folder: Path, where: str) -> "Seen":
        """Open a page of a site by its file and wait until it stands."""
        self.page.goto("about:blank")  # or only the part after # would change
        self.page.goto(f"{(folder / where.partition('#')[0]).as_uri()}#{where.partition('#')[2]}")
        self.page.wait_for_selector(READY, timeout=PATIENCE)
        return self

    def keep(self, name: str) -> None:
        """Keep a picture of the page under the build folder."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(SCREENS / f"{name}.png"), full_page=True)


@pytest.fixture(scope="session")
def site(released, keep, tmp_path_factory) -> Path:
    """The site of the bundled figures."""

    def built(folder: Path) -> None:
        with open_release(released.root) as session:
            build(session, folder / "site")

    return linked(keep("site", built), tmp_path_factory.mktemp("site")) / "site"


@pytest.fixture
def see(browser) -> Iterator[Callable[..., Seen]]:
    """Give fresh tabs that write down errors and every request that leaves the folder; none may be left at the end."""
    opened: list[Seen] = []

    def tab(**options) -> Seen:
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **options}
        context = browser.new_context(**options)
        seen = Seen(context.new_page())
        seen.page.set_default_timeout(PATIENCE)
        listen(seen)
        opened.append(seen)
        return seen

    yield tab
    troubles = [trouble for seen in opened for trouble in seen.troubles]
    for seen in opened:
        seen.page.context.close()
    assert troubles == []


def listen(seen: Seen) -> None:
    def asked(url: str) -> None:
        if not url.startswith(("file:", "data:", "blob:", "about:")):
            seen.troubles.append(f"asked {url}")

    seen.page.on("request", lambda request: asked(request.url))
    seen.page.on("pageerror", lambda error: seen.troubles.append(f"error {error}"))
    seen.page.on("console", lambda told: seen.troubles.append(told.text) if told.type == "error" else None)
    seen.page.on("dialog", lambda dialog: seen.troubles.append(f"dialog {dialog.message}"))
    seen.page.on(
        "requestfailed", lambda request: None if _left(request) else seen.troubles.append(f"missing {request.url}")
    )


def _left(request) -> bool:
    """Tell whether a request only failed because the reader had gone on to another page."""
    return "ERR_ABORTED" in (request.failure or "")


def violations(page) -> list[str]:
    """Give what axe-core finds fault with, and where."""
    options = {"resultTypes": ["violations"], "preload": False}  # or axe itself would fetch the style sheets
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:160]}" for one in found for node in one["nodes"]]
