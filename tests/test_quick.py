"""`make quick` chooses the test files that import what was changed, and those that were changed themselves."""

import pytest

from tests.quick import ROOT, concerned

ALL = sorted((ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize(
    ("file", "test"),
    [
        ("flows/diff.py", "tests/flows/test_diff.py"),
        ("flows/third_gate.py", "tests/flows/test_third_gate.py"),
        ("schemas/suites/stored.py", "tests/bad/test_frames.py"),
        ("warehouse/__init__.py", "tests/warehouse/test_read_api.py"),
        ("tests/flows/test_diff.py", "tests/flows/test_diff.py"),
    ],
)
def test_chosen(file, test):
    assert test in concerned([file], ALL)


def test_not_chosen():
    assert concerned(["README.md"], ALL) == []
    assert "tests/indicators/test_gap.py" not in concerned(["flows/diff.py"], ALL)
    assert concerned(["flows/dif.py"], ALL) == []
