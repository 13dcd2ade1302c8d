"""Judging targets: what no series tells, and what names no number, is a row with its reason."""

from typing import Any

import pytest

from flows import judge
from flows.standing import heading, lines
from indicators import targets
from indicators.targets import Framework, Target


@pytest.fixture
def judged(monkeypatch):
    """Judge one target in a framework of its own, by figures that are given."""

    def run(points=(), **given: Any) -> list[dict[str, Any]]:
        usual: dict[str, Any] = {
            "id": "t",
            "paragraph": "1",
            "question": {"en": "question", "zh": "问题"},
            "deadline": 2030,
            "written_in": "here",
        }
        framework = Framework(mandate="Made up", targets=(Target.model_validate({**usual, **given}),))
        figures = [{"year": year, "value": value, "source": "s", "edition": "e"} for year, value in points]
        monkeypatch.setattr(targets, "load", lambda: (framework,))
        monkeypatch.setattr(judge, "fetch_rows", lambda con, query, values: figures if "source" in query else [])
        return judge.table(judge.standings(None, 2026)).to_pylist()

    return run


HELD = {"indicator": "internet_users", "area": "WLD", "base_year": 2015}


def test_a_target_without_series_is_one_row_with_the_reason(judged):
    (row,) = judged(series="none", why="nobody counts it", comparison="at_least", value=50)
    assert (row["status"], row["reason"], row["basis"]) == ("cannot say", "nobody counts it", "none")
    assert (row["value"], row["source"], row["ref_area"], row["certainty"]) == (None, "", "", "unconfirmed")
    shown = {**row, "unit": None, "source_title": None}
    assert heading(shown) == "[bold]§ 1   question[/]: at least 50 by 2030; unconfirmed"
    assert list(lines(shown)) == ["  [dim]cannot say [/] no figure", "              nobody counts it"]


def test_a_target_without_a_number_shows_its_newest_figure(judged):
    published, recomputed = judged([(2020, 40.0), (2024, 60.0)], **HELD, certainty="confirmed")
    assert (published["status"], published["year"], published["value"]) == ("cannot say", 2024, 60.0)
    assert published["target_value"] is None
    assert published["reason"] == "the target names no number"
    assert recomputed["reason"] == "no figure is held"
    shown = {**published, "unit": "percent_of_population", "source_title": "S"}
    assert heading(shown) == "[bold]§ 1   question[/]: by 2030"


def test_a_target_with_series_and_number_is_judged_as_before(judged):
    published, _ = judged([(2015, 20.0), (2025, 96.0)], **HELD, comparison="at_least", value=95)
    assert (published["status"], published["basis"]) == ("met", "published")
