"""Every page in English, Chinese and Arabic, in the dark and on a phone: whole, accessible, and of itself."""

import pytest

from dashboards.site.pages import PAGES
from tests.dashboards.site.conftest import violations

LANGUAGES = {"en": "ltr", "zh": "ltr", "ar": "rtl"}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_stands_by_itself_in_each_language(site, see, page, language):
    seen = see().go(site, f"{page}.html#lang={language}")
    root = seen.page.locator("html")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == (language, LANGUAGES[language])
    assert seen.page.locator("h1").count() == 1
    assert seen.page.locator("nav [aria-current=page]").count() == 1
    seen.keep(f"{page}-{language}")
    assert violations(seen.page) == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_a_phone_in_the_dark(site, see, page):
    seen = see(**PHONE).go(site, f"{page}.html#lang=en")
    assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    seen.page.get_by_role("button", name="Menu").click()
    assert seen.page.locator("nav a[aria-current=page]").is_visible()
    seen.keep(f"{page}-phone-dark")
    assert violations(seen.page) == []


def test_a_page_that_is_wider_than_needed_by_text_size_still_reads(site, see):
    seen = see(viewport={"width": 640, "height": 480}, device_scale_factor=2).go(site, "index.html#lang=en")
    assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_opened_parts_are_accessible_too(site, see):
    seen = see().go(site, "resolution.html#lang=en&p=31")
    seen.page.evaluate("document.querySelectorAll('#p-31 details').forEach((one) => { one.open = true; })")
    assert violations(seen.page) == []
    seen.go(site, "gender.html#lang=zh")
    seen.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert violations(seen.page) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_complete_languages_leave_no_key_and_no_english_word_of_the_interface(site, see, language):
    for page in PAGES:
        seen = see().go(site, f"{page}.html#lang={language}")
        assert seen.page.evaluate("ICTDEV.unsaid()") == []


@pytest.mark.parametrize("language", ["fr", "es", "ru", "ar"])
def test_what_is_not_translated_says_that_it_is_english(site, see, language):
    seen = see().go(site, f"indicator.html#lang={language}")
    lead = seen.page.locator(".head .lead .fallback")
    assert lead.get_attribute("lang") == "en"
    assert seen.page.locator("h1 code").inner_text() == "internet_users"
    assert seen.page.locator("h1 .fallback").count() == 0


def test_without_scripts_a_page_says_where_the_figures_are(site, see):
    seen = see(java_script_enabled=False)
    seen.page.goto((site / "index.html").as_uri())
    assert "Parquet" in seen.page.locator("noscript").inner_text()


def test_the_printed_page_holds_figures_and_no_controls(site, see):
    seen = see().go(site, "gender.html#lang=en")
    seen.page.emulate_media(media="print")
    assert not seen.page.locator("nav").is_visible()
    assert not seen.page.locator("#chart-editions .tools").is_visible()
    assert seen.page.locator("#chart-editions svg").is_visible()
    printed = seen.page.pdf()
    assert printed.startswith(b"%PDF")
    assert len(printed) > 20_000
