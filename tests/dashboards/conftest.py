"""One browser for all pages: a process can drive only one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the machine. Every test that asks for it is marked `browser`."""
    place = CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")
    if place is None:
        pytest.fail("no Chromium on this machine, and `make browser` tests with it (Debian: apt-get install chromium)")
    with sync_playwright() as engine:
        started = engine.chromium.launch(executable_path=place, args=["--no-sandbox"])
        yield started
        started.close()
