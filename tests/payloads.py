"""Finding the real payloads for testing: skipped with the reason where they are absent, never in CI."""

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("ICTDEV_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


def payload(name: str) -> Path:
    """Give the path of a real payload, or skip the test."""
    path = ROOT / name
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"real payload {name} is absent in CI")
        pytest.skip(f"real payload {name} is not at hand (ICTDEV_TEST_DATA names the folder)")
    return path
