"""Texts of publishers on every page: 300 random ones as names, notes and examples, and none of them does anything."""

import shutil
from pathlib import Path

import duckdb
import hypothesis
import pytest
from hypothesis import strategies as st

from dashboards.site.build import build
from dashboards.site.pages import PAGES
from tests.dashboards.site.conftest import READY, Seen, listen
from warehouse.pointer import Release, newest
from warehouse.query import Session

NASTY = [
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    '"><svg onload=window.hacked=1>',
    "'; window.hacked=1; //",
    "${window.hacked=1}",
    "javascript:window.hacked=1",
    "line\u2028separator\u2029paragraph",
    "]]><!--<script>",
    "{{constructor.constructor('window.hacked=1')()}}",
    "\u202eevil",
    "datum['value']",
    "__proto__",
    "toString",
    "\\u003cb\\u003e",
    "&lt;b&gt;&amp;",
]
TEXTS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60),
    min_size=300,
    max_size=300,
)
SPOILED = {
    "area": ("name_en", "name_zh", "name_ar", "note"),
    "indicator": ("name_en", "name_zh", "definition", "none_held"),
    "paragraph": ("summary_en", "summary_zh", "why_not"),
    "register": ("what_en", "what_zh", "place", "citation", "url"),
    "source": ("title", "publisher", "licence_title", "licence_url", "citation"),
    "quality_check": ("examples", "meaning", "next_step"),
    "assessment": ("question_en", "question_zh", "reason"),
    "paragraph_state": ("question_en", "question_zh", "reason"),
    "published_figure": ("edition", "citation"),
    "gender_gap": ("reason", "edition"),
    "idi": ("reason",),
    "observation_history": ("note", "edition"),
    "source_state": ("reason", "next_step", "timeliness_reason"),
}
"""Columns that hold texts of publishers or of people."""


def _spoil(database: Path, texts: list[str]) -> None:
    """Put the texts into every column of texts, one after the other."""
    with duckdb.connect(str(database)) as con:
        con.execute(
            "CREATE TEMP TABLE bad AS SELECT unnest(?::VARCHAR[]) AS text, unnest(range(?)) AS n", [texts, len(texts)]
        )
        for table, columns in SPOILED.items():
            sets = ", ".join(
                f"{name} = (SELECT text FROM bad WHERE n = ({table}.rowid + {at}) % {len(texts)})"
                for at, name in enumerate(columns)
            )
            con.execute(f"UPDATE {table} SET {sets}")


@hypothesis.given(TEXTS)
@hypothesis.settings(
    max_examples=1,
    deadline=None,
    phases=[hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_three_hundred_texts_on_every_page_do_nothing(released, browser, tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("spoiled")
    release = newest(released)
    shutil.copy(release.database, folder / "ictdev.duckdb")
    _spoil(folder / "ictdev.duckdb", [*NASTY, *texts][:300])
    with Session(Release(folder, {"vintage": "20260101T000000Z"})) as session:
        build(session, folder / "site")
        (name,) = session.rows("SELECT name_en FROM area WHERE ref_area = 'SEN'")
    context = browser.new_context(locale="en-GB")
    seen = Seen(context.new_page())
    listen(seen)
    for page in PAGES:
        for language in ("en", "ar"):
            seen.go(folder / "site", f"{page}.html#lang={language}")
            _check(seen.page)
    seen.go(folder / "site", "economy.html#area=SEN&lang=en")
    shown = seen.page.evaluate("document.querySelector('h1 .named').firstChild.textContent")
    assert shown == name["name_en"]
    seen.go(folder / "site", "resolution.html#lang=en")
    seen.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    seen.page.wait_for_timeout(500)
    _check(seen.page)
    seen.page.fill("#search", "script")
    _check(seen.page)
    context.close()
    assert seen.troubles == []


def _check(page) -> None:
    page.wait_for_selector(READY)
    assert page.evaluate("window.hacked") is None
    assert (
        page.evaluate("[...document.querySelectorAll('main script, main img, main iframe, main object')].length") == 0
    )
    assert (
        page.evaluate(
            "[...document.querySelectorAll('a')].filter((a) => /^(javascript|data|vbscript):/i.test(a.href)).length"
        )
        == 0
    )
    assert (
        page.evaluate(
            "[...document.querySelectorAll('*')].some((e) => [...e.attributes].some((a) => a.name.startsWith('on')))"
        )
        is False
    )


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:1", "data:text/html,x", "//evil.example", " javascript:1", "\tjavascript:1"],
)
def test_only_addresses_of_the_web_and_of_the_site_become_links(site, see, address):
    page = see().go(site, "data.html#lang=en").page
    assert page.evaluate("(address) => ICTDEV.h('a', { href: address }, 'x').getAttribute('href')", address) == "#"
    assert (
        page.evaluate("ICTDEV.h('a', { href: 'https://example.org/a?b=c' }, 'x').getAttribute('href')")
        == "https://example.org/a?b=c"
    )
