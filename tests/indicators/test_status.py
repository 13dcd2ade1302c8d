"""The rules of standing: every case has words, and the words take the values they name."""

import pytest

from indicators import status
from schemas.errors import Invalid


def test_every_case_can_be_said():
    told = {"deadline": 2030, "value": 1.0, "year": 2024, "since": 2020, "count": "1 figure", "first_year": 2015,
            "grown": 1.0, "pace": 1.0, "needed": 1.0}  # fmt: skip
    said = {case: status.load().say(case, **told) for case in status.load().rules}
    assert said["missed_reached_later"] == ("missed", "1 in 2024, the deadline was 2030; reached in 2020")
    assert all("{" not in reason for _, reason in said.values())


def test_a_rule_that_is_missing_or_unknown_is_named():
    text = "method: m\nversion: '1'\ngrace_years: 1\nstandstill: 0.01\nrules: {}"
    with pytest.raises(Invalid, match=r"status\.yml"):
        status.parse(text)
    with pytest.raises(Invalid) as caught:
        status.parse(text.replace("{}", "{sunny: {when: w, status: met, reason: r}}"))
    assert "sunny" in caught.value.why


def test_the_rules_are_a_table_in_order():
    rows = status.table().to_pylist()
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["rule"] == "no_figure"
