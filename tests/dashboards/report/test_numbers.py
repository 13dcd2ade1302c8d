"""Every number of the report is found in the release; none is typed into a template."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

from dashboards.report.compose import MANDATE, _given
from dashboards.report.forms import written
from dashboards.report.found import Answers
from dashboards.report.language import TEXTS, language
from tests.dashboards.report.conftest import BOTH
from tests.dashboards.report.reading import read

DECLARED = (
    *("E/RES/2017/21", "2017/21", "9.c", "C7", "3G", "4G", "2G", "M49", "per 100 inhabitants"),
    *("annex I", "annex II", "paragraph 66", "第66段", "第2017/21号"),
)
"""Names of documents and of technologies, and phrases in which a digit is no figure."""
PARAGRAPHS = re.compile(
    r"[Pp]aragraphs? \d+(?:, \d+)*(?: and \d+)?(?: to \d+)?(?: \(\w\))?"
    r"|第\d+(?:、\d+)*(?:和\d+)?段(?:和第\d+至第?\d+段)?|第\d+至第?\d+段"
)
_TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def _undeclared(text: str) -> str:
    for name in DECLARED:
        text = text.replace(name, "")
    return PARAGRAPHS.sub("", text)


def _templates() -> list[Path]:
    return sorted(TEXTS.glob("*/*.txt"))


@pytest.mark.parametrize("path", _templates(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_digit_is_typed_into_a_template(path):
    words = _undeclared(_TAGS.sub("", path.read_text(encoding="utf-8")))
    assert not re.findall(r".{0,20}\d+.{0,20}", words)


@pytest.mark.parametrize("path", _templates(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_number_is_printed_from_within_a_tag(path):
    for printed in re.findall(r"\{\{(.*?)\}\}", path.read_text(encoding="utf-8")):
        assert not re.search(r"""^\s*["']?\d|["'][^"']*\d[^"']*["']\s*$""", printed), printed


@pytest.mark.parametrize("code", BOTH)
def test_no_digit_is_typed_into_a_label(code):
    labels = yaml.safe_load((TEXTS / code / "labels.yml").read_text(encoding="utf-8"))

    def texts(found):
        if isinstance(found, dict):
            for value in found.values():
                yield from texts(value)
        else:
            yield str(found)

    for text in texts(labels):
        assert not re.search(r"\d", _undeclared(_TAGS.sub("", text))), text


@pytest.mark.parametrize("code", BOTH)
def test_every_number_stands_in_the_release_as_it_is_written(code, pages, release):
    answers = Answers(release, code, _given(release))
    spoken = language(code)
    numbers = read(pages[code].read_text(encoding="utf-8")).numbers
    assert len(numbers) > 1500
    for number in numbers:
        query, index, column = number.place.split("/")
        value = answers(query)[int(index)].raw(column)
        assert str(value) == number.value, number
        shown = {written(value, number.form, spoken.locale, in_text=in_text) for in_text in (True, False)}
        assert number.text in shown, number


def test_figures_of_series_stand_in_the_tables_that_analysts_see(reports, release):
    """A second way to the same numbers: by indicator, area, year, source and edition, past the report's queries."""
    looked_up = 0
    for row in Answers(release, "en", _given(release))("users_published"):
        held = release.rows(
            "SELECT value FROM observation WHERE indicator = ? AND ref_area = ? AND year = ? AND source = ? "
            "AND edition = ? AND sex = '_T' AND age = '_T' AND urbanisation = '_T'",
            [row.raw(name) for name in ("indicator", "ref_area", "year", "source", "edition")],
        )
        assert [one["value"] for one in held] == [row.raw("value")]
        looked_up += 1
    for query in ("groups", "subscriptions", "users_series", "regions"):
        for row in Answers(release, "en", _given(release))(query):
            if row.raw("value") is None:
                continue
            held = release.rows(
                "SELECT value FROM observation WHERE indicator = ? AND ref_area = ? AND year = ? AND source = 'ictdev' "
                "AND edition = ? AND sex = '_T' AND age = '_T' AND urbanisation = '_T' AND breakdown = '_T'",
                [row.raw(name) for name in ("indicator", "ref_area", "year", "edition")],
            )
            assert [one["value"] for one in held] == [row.raw("value")], row.raw("ref_area")
            looked_up += 1
    assert looked_up > 150
    assert reports


def _known_texts(release) -> set[str]:
    """Give every run of digits in the texts of the release that are no figures: names, notes, citations, reasons."""
    found: set[str] = set()
    tables = (
        "area indicator paragraph paragraph_state register published_figure target assessment source quality_check "
    )
    for table in (
        tables + "status_rule method core_list wsis_sdg run source_state observation group_aggregate"
    ).split():
        columns = release.rows(
            "SELECT column_name AS c FROM duckdb_columns() WHERE table_name = ? AND NOT internal "
            "AND data_type IN ('VARCHAR', 'VARCHAR[]')",
            [table],
        )
        for column in (row["c"] for row in columns if row["c"] not in ("snapshot", "record", "series_code")):
            values = release.rows(f'SELECT DISTINCT "{column}"::VARCHAR AS v FROM {table} WHERE "{column}" IS NOT NULL')
            found |= {digits for row in values for digits in re.findall(r"\d+", row["v"])}
    goals = release.rows("SELECT DISTINCT goal::VARCHAR AS v FROM wsis_sdg")
    return found | {row["v"] for row in goals}


@pytest.mark.parametrize("code", BOTH)
def test_digits_outside_of_figures_are_texts_of_the_release_or_declared(code, pages, release):
    known = _known_texts(release)
    text = "".join(read(pages[code].read_text(encoding="utf-8")).text)
    text = re.sub(r"(?m)^\s*\d+\. ?|(?:Table|Figure|表|图) ?\d+", "", text)  # numbers of paragraphs, headings, tables
    text = re.sub(r"(?m)^\s*第?\d+[.、]", "", text)
    day = release.rows("SELECT max(vintage)::DATE AS d FROM run")[0]["d"]
    allowed = known | {str(day.day), str(day.month), str(day.year)}
    plain = _undeclared(text)
    strange = {digits for digits in re.findall(r"\d+", plain) if digits not in allowed}
    alternatives = set(re.findall(r"\d+", "".join(_alternatives(pages[code]))))
    assert not strange - alternatives


def _alternatives(path: Path) -> list[str]:
    """Descriptions of charts hold numbers as text; `test_charts_describe_the_figures_of_their_tables` looks at them."""
    return re.findall(r' alt="([^"]*)"', path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", BOTH)
def test_charts_describe_the_figures_of_their_tables(code, pages):
    page = read(pages[code].read_text(encoding="utf-8"))
    written_somewhere = {re.sub(r"[^\d.]", "", number.text) for number in page.numbers}
    written_somewhere |= {text for one in written_somewhere for text in (one, one.removesuffix(".0"))}
    for alternative in _alternatives(pages[code]):
        numbers = re.findall(r"(\d+(?:\.\d+)?)(?: per cent|%)", alternative)
        assert numbers
        assert not set(numbers) - written_somewhere


def test_forms_write_what_they_say():
    assert written(31.077, "share", "en_GB", in_text=True) == "31.1 per cent"
    assert written(31.077, "share", "zh_Hans", in_text=True) == "31.1%"
    assert written(12.0, "printed", "en_GB", in_text=True) == "12 per cent"
    assert written(0.004, "chance", "en_GB", in_text=True) == "less than 1 per cent"
    assert written(0.997, "portion", "zh_Hans", in_text=True) == "超过99%"
    assert written(1, "portion", "en_GB", in_text=False) == "100"
    assert written(0, "chance", "en_GB", in_text=False) == "0"
    assert written(-0.04, "span", "en_GB", in_text=False) == "0.0"
    assert written(-0.66, "span", "en_GB", in_text=False) == "−0.7"
    assert written(95952, "count", "zh_Hans", in_text=False) == "95,952"
    assert written(datetime(2026, 11, 25, 6, 55), "date", "zh_Hans", in_text=True) == "2026年11月25日"
    assert written(date(2026, 11, 25), "date", "en_GB", in_text=True) == "25 November 2026"
    assert MANDATE == "E/RES/2017/21"
