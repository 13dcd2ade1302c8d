"""What a reader does: filter, search, follow a link, take figures along, send a view on."""

import csv
import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.conftest import refreshed, write_bundle
from tests.dashboards.site.conftest import READY, violations
from tests.payloads import payload
from warehouse.home import Home
from warehouse.pointer import newest
from warehouse.query import open_release


def _ready(page):
    page.wait_for_selector(READY)


def _taken(page, button: str) -> Path:
    with page.expect_download() as coming:
        page.locator(button).click()
    return Path(coming.value.path())


def test_the_first_sight_answers_the_resolution_with_the_release_s_figures(site, see, released):
    page = see().go(site, "index.html#lang=en").page
    with open_release(released.root) as session:
        rows = session.rows("SELECT DISTINCT target FROM assessment WHERE mandate = 'E/RES/2017/21'")
        (ldc,) = session.rows(
            "SELECT value, year, status FROM assessment WHERE target = 'gender_gap_ldc' AND value IS NOT NULL"
        )
    assert {card.get_attribute("data-target") for card in page.locator(".card").all()} == {r["target"] for r in rows}
    card = page.locator("[data-target=gender_gap_ldc]").inner_text()
    assert f"{ldc['value']:.0f} %" in card
    assert str(ldc["year"]) in card
    assert ldc["status"] in card
    assert "31 % less likely (2016)" in card
    counted = page.locator(".tally strong").all_inner_texts()
    assert sum(int(count) for count in counted) == len(rows)


def test_paragraphs_are_filtered_and_the_choice_stands_in_the_address(site, see):
    page = see().go(site, "resolution.html#lang=en").page
    assert page.locator(".paragraph").count() == 71
    page.select_option("#kind", "requirement")
    page.wait_for_function("document.querySelectorAll('.paragraph').length < 71")
    assert page.locator(".paragraph").count() == 4
    assert "kind=requirement" in page.url
    page.select_option("#kind", "")
    page.focus("#status")
    page.select_option("#status", "moving away")
    page.wait_for_function("document.querySelectorAll('.paragraph').length !== 71")
    assert page.locator("#p-31").count() == 1
    assert page.locator(":focus").get_attribute("id") == "status"
    page.go_back()
    page.wait_for_function("document.querySelectorAll('.paragraph').length === 71")


def test_a_deep_link_opens_its_paragraph_down_to_the_figures(site, see):
    page = see().go(site, "resolution.html#lang=zh&p=31").page
    assert page.locator("#p-31").get_attribute("open") is not None
    assert page.locator("#p-31 .evidence").count() > 0
    page.locator("#p-31 .evidence summary").first.click()
    assert page.locator("#p-31 .evidence li").first.is_visible()
    assert page.locator("#p-31").bounding_box()["y"] < 900


def test_search_finds_by_name_code_and_paragraph_and_leads_there(site, see):
    page = see().go(site, "index.html#lang=zh").page
    for asked, code in (("塞内加尔", "SEN"), ("senegal", "SEN"), ("SEN", "SEN")):
        page.fill("#search", asked)
        assert code in page.locator("#found").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#found").is_visible()
    page.fill("#search", "sen")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("economy.html#area=SEN"))
    _ready(page)
    assert "塞内加尔" in page.locator("h1").inner_text()
    page.fill("#search", "nothing that exists")
    assert not page.locator("#found").is_visible()


def test_the_keyboard_reaches_content_first_and_every_control(site, see):
    page = see().go(site, "indicator.html#lang=en").page
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("id") == "skip"
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "main"
    reached = set()
    for _ in range(24):
        page.keyboard.press("Tab")
        reached.add(page.locator(":focus").get_attribute("id"))
    assert {"ind", "sex", "add-area", "trend-csv", "trend-embed", "year"} <= reached


def test_the_table_behind_a_chart_holds_the_release_s_figures(site, see, released):
    page = see().go(site, "indicator.html#ind=internet_users&areas=SEN,KEN&lang=en").page
    page.locator("#chart-trend .behind summary").click()
    page.locator("#chart-trend .behind button").click()
    shown = {
        (row.locator("code").inner_text(), row.locator("td").nth(0).inner_text(), row.locator("td").nth(1).inner_text())
        for row in page.locator("#chart-trend tbody tr").all()
    }
    with open_release(released.root) as session:
        rows = session.rows(
            "SELECT ref_area, time_period, round(value, 2) AS value FROM observation_preferred "
            "WHERE indicator = 'internet_users' AND ref_area IN ('SEN', 'KEN') AND sex = '_T'"
        )
    assert shown == {
        (row["ref_area"], row["time_period"], f"{row['value']:.2f}".rstrip("0").rstrip(".")) for row in rows
    }


def test_a_chart_s_figures_go_along_as_csv_svg_and_png(site, see, released):
    page = see(accept_downloads=True).go(site, "indicator.html#ind=internet_users&areas=LDC,WLD&lang=en").page
    rows = list(csv.DictReader(io.StringIO(_taken(page, "#trend-csv").read_text(encoding="utf-8-sig"))))
    with open_release(released.root) as session:
        held = session.rows(
            "SELECT ref_area, time_period, value FROM observation_preferred WHERE indicator = 'internet_users' "
            "AND ref_area IN ('LDC', 'WLD') AND sex = '_T'"
        )
    assert {(row["ref_area"], row["period"], float(row["value"])) for row in rows} == {
        (row["ref_area"], row["time_period"], row["value"]) for row in held
    }
    assert {row["edition"] for row in rows} == {"2026-07-13"}
    drawing = _taken(page, "#trend-svg").read_text(encoding="utf-8")
    assert ET.fromstring(drawing).tag.endswith("svg")
    assert "World Development Indicators" in drawing
    assert "Individuals using the internet" in drawing
    assert _taken(page, "#map-png").read_bytes().startswith(b"\x89PNG")


def test_the_map_has_a_tile_for_every_economy_with_a_figure_and_no_borders(site, see, released):
    page = see().go(site, "indicator.html#ind=internet_users&lang=en").page
    with open_release(released.root) as session:
        (held,) = session.rows(
            "SELECT count(DISTINCT ref_area) AS n FROM observation_preferred JOIN area USING (ref_area) "
            "WHERE indicator = 'internet_users' AND kind = 'economy' AND sex = '_T'"
        )
    assert f"{held['n']} economies" in page.locator("#chart-map figcaption").inner_text()
    drawn = page.evaluate(
        "ICTDEV.rows('tiles').filter((tile) => ICTDEV.rows('i/internet_users')"
        ".some((row) => row.ref_area === tile.ref_area)).length"
    )
    assert drawn >= held["n"] - 2  # Channel Islands and Kosovo have no code of their own in the list of cities
    assert page.locator("#chart-map .plot svg path").count() >= drawn
    assert "no opinion" in page.locator("#foot").inner_text()
    page.select_option("#year", "2015")
    page.wait_for_function("document.querySelector('#chart-map figcaption').innerText.includes('2015')")
    assert "year=2015" in page.url


def test_areas_are_added_and_taken_away(site, see):
    page = see().go(site, "indicator.html#ind=internet_users&areas=WLD&lang=en").page
    page.fill("#add-area", "Senegal (SEN)")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.chosen li').length === 2")
    assert "areas=WLD,SEN" in page.url
    page.get_by_role("button", name="Remove World").click()
    page.wait_for_function("document.querySelectorAll('.chosen li').length === 1")
    assert "areas=SEN" in page.url


def test_an_embedded_chart_stands_alone(site, see):
    page = see().go(site, "gender.html#lang=en&embed=editions").page
    assert page.locator(".figure").count() == 1
    assert page.locator("#chart-editions svg").is_visible()
    assert not page.locator("#top").is_visible()
    page = see().go(site, "gender.html#lang=en").page
    page.locator("#editions-embed").click()
    told = page.locator("#chart-editions .told input").input_value()
    assert told.startswith("<iframe")
    assert "embed=editions" in told


def test_a_language_is_remembered_and_goes_along(site, see):
    page = see().go(site, "index.html#lang=en").page
    page.select_option("#language", "fr")
    page.wait_for_function("document.documentElement.lang === 'fr'")
    _ready(page)
    assert all("lang=fr" in (link.get_attribute("href") or "") for link in page.locator("nav a").all())
    page.goto("about:blank")
    page.goto((site / "data.html").as_uri())
    _ready(page)
    assert page.locator("html").get_attribute("lang") == "fr"


def test_the_dark_is_chosen_and_remembered(site, see):
    page = see().go(site, "index.html#lang=en").page
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.reload()
    _ready(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


def test_an_indicator_without_figures_says_why(site, see):
    page = see().go(site, "indicator.html#ind=cybersecurity_index&lang=en").page
    assert "no download or interface" in page.locator(".notice").inner_text()
    assert page.locator(".figure").count() == 0


def test_the_page_of_the_index_says_why_there_is_none_and_how_to_get_it(site, see):
    page = see().go(site, "idi.html#lang=en").page
    told = page.locator("main").inner_text()
    assert "at least 5 are needed" in told
    assert "--from-file itu_workbooks=" in told


def test_a_choice_that_does_not_exist_shows_the_usual_one(site, see):
    for where in (
        "economy.html#area=XYZ",
        "indicator.html#ind=<b>&areas=..,QQQ",
        "groups.html#ind=none",
        "resolution.html#kind=zz",
    ):
        assert see().go(site, f"{where}&lang=en").page.locator("h1").is_visible()


def test_every_recipe_for_the_database_that_can_be_run_here_runs(site, see, released):
    page = see().go(site, "data.html#lang=en").page
    text = page.locator("#connect-Python pre").inner_text()
    with open_release(released.root) as session:
        code = text.replace('"ictdev.duckdb"', repr(str(session.release.database)))
    program = f"{code}\nprint(len(frame))"  # a process of its own: this one may have the release open otherwise
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 0


@pytest.mark.parametrize("page", ["gender", "groups", "economy"])
def test_numbers_carry_year_and_source(site, see, page):
    figures = see().go(site, f"{page}.html#lang=en").page.locator("figure .source").all_inner_texts()
    assert figures
    assert all(re.search(r"Source: \S+", text) for text in figures)


@pytest.fixture(scope="session")
def indexed(tmp_path_factory) -> Path:
    """The site of a release to which somebody gave the inputs of the index."""
    home = Home(tmp_path_factory.mktemp("indexed") / "home")
    refreshed(home, files=[f"itu_workbooks={payload('idi/idi_2024_60_economies.csv')}"], site=True)
    return newest(home).folder / "site"


@pytest.mark.payloads
def test_the_index_is_shown_with_residuals_and_ranks_where_its_inputs_are_held(indexed, see):
    seen = see().go(indexed, "idi.html#lang=en")
    page = seen.page
    assert page.locator(".figure").count() == 2
    assert "35" in page.locator("#chart-ranks figcaption").inner_text()
    page.locator("#chart-ranks .behind summary").click()
    assert page.locator("#chart-ranks tbody tr").count() == 60
    assert "cannot say" in page.locator("#chart-ranks tbody").inner_text()
    assert violations(page) == []
    seen.keep("idi-with-inputs")


def test_changes_are_told_by_cause_where_there_is_a_release_before(home, refresh, see, tmp_path):
    refresh(bundle=write_bundle(tmp_path / "one", [{"value": 50}, {"ref_area": "KEN", "value": 40}]))
    newer = [{"value": 51, "edition": "2022-01-01"}, {"ref_area": "KEN", "value": 40, "edition": "2022-01-01"}]
    refresh(bundle=write_bundle(tmp_path / "two", newer), site=True)
    page = see().go(newest(home).folder / "site", "changes.html#lang=en").page
    assert "source revised" in page.locator("#chart-causes").inner_text()
    revised = page.locator("section", has_text="Largest revisions").locator("tbody tr").all_inner_texts()
    assert any("SEN" in row and "50 %" in row and "51 %" in row for row in revised)
    assert page.locator("#vintage option").count() == 2
    page.select_option("#vintage", index=1)
    page.wait_for_function("document.querySelector('#chart-causes').innerText.includes('source added')")
