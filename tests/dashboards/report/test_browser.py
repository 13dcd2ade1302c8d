"""In a browser the page opens without error or outside request, prints, and axe-core finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.dashboards.report.conftest import BOTH


@pytest.mark.parametrize(("code", "scheme"), [*((code, "light") for code in BOTH), ("en", "dark")])
def test_the_page_opens_prints_and_is_accessible(code, scheme, browser, pages):
    # axe runs as a script, which the page's own policy forbids to pages
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, offline=True)
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(pages[code].as_uri())
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
    assert page.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    if scheme == "light":
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    context.close()


def test_on_a_telephone_only_tables_scroll_sideways(browser, pages):
    page = browser.new_page(viewport={"width": 360, "height": 700})
    page.goto(pages["en"].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()
