"""Looking over this machine: what a refresh needs, what is there, and what to do about what is not."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flows import screen
from flows.invocation import as_typed
from flows.plan import bundled
from flows.settings import Settings
from flows.sharing import address
from schemas import bounded
from schemas.errors import IctdevError
from warehouse import releases
from warehouse.home import Home

NEEDED_SPACE = 500_000_000
"""Bytes that a refresh and its release may take at most on the bundled figures, with room to spare."""
_PACKAGES = ("duckdb", "pyarrow", "pandas", "prefect", "great-expectations", "fastapi", "sqlalchemy", "httpx")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    good: bool
    fact: str
    advice: str = ""


def examine(settings: Settings) -> int:
    """Print every finding; give 0 when nothing is missing, 1 otherwise."""
    home = Home(settings.home)
    looks: list[Callable[[], Finding]] = [
        _python,
        _packages,
        _limits,
        lambda: _folder(home),
        lambda: _space(home),
        _figures,
        lambda: _release(home),
        lambda: _storage(settings, home),
    ]
    findings = [look() for look in looks]
    for finding in findings:
        mark = "ok" if finding.good else "!!"
        screen.out.print(f"{mark}  {finding.name:<10} {finding.fact}", markup=False)
        if finding.advice:
            screen.out.print(f"               → {as_typed(finding.advice)}", markup=False)
    return 0 if all(finding.good for finding in findings) else 1


def _python() -> Finding:
    good = sys.version_info >= (3, 11)
    text = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("python", good, text, "" if good else "install Python 3.11 or newer")


def _packages() -> Finding:
    try:
        there = {name: version(name) for name in _PACKAGES}
    except PackageNotFoundError as error:
        return Finding("packages", good=False, fact=f"{error.name} is missing", advice="make setup")
    clash = _minor(there["fastapi"]) >= (0, 151) or _minor(there["sqlalchemy"]) >= (2, 1)
    fact = ", ".join(f"{name} {number}" for name, number in there.items())
    return Finding(
        "packages", not clash, fact, "prefect needs fastapi<0.151 and sqlalchemy<2.1: make setup" if clash else ""
    )


def _limits() -> Finding:
    """Say what the system does not bound of queries and workbooks that came from anywhere."""
    missing = bounded.unbounded()
    fact = f"this system does not bound {missing} of queries and workbooks; the clock and the size of answers do"
    return Finding("limits", good=True, fact=fact if missing else "queries and workbooks are bounded by the system")


def _minor(text: str) -> tuple[int, int]:
    first, second = text.split(".")[:2]
    return int(first), int(second)


def _folder(home: Home) -> Finding:
    try:
        home.create()
    except IctdevError as error:
        return Finding("home", good=False, fact=error.what, advice=error.next_step)
    return Finding("home", good=True, fact=f"{home.root.resolve()} can be written")


def _space(home: Home) -> Finding:
    place = home.root if home.root.exists() else Path()
    free = shutil.disk_usage(place).free
    good = free > NEEDED_SPACE
    return Finding(
        "space", good, f"{free / 1e9:.1f} GB free", "" if good else "free some space, or --home on another disk"
    )


def _figures() -> Finding:
    there = sorted(path.name for path in bundled().glob("*.csv.gz"))
    fact = ", ".join(there) if there else "no bundled figures in this installation"
    return Finding("figures", bool(there), fact, "" if there else "install the package again")


def _release(home: Home) -> Finding:
    try:
        found = releases.latest(home)
    except IctdevError as error:
        return Finding("release", good=False, fact=error.what, advice=error.next_step)
    if found is None:
        return Finding("release", good=True, fact="none yet", advice="ictdev refresh --bundled")
    return Finding("release", good=True, fact=f"{found.vintage} in {found.folder}")


def _storage(settings: Settings, home: Home) -> Finding:
    """Look whether the shared storage can be read, and whether it holds the release that stands here."""
    try:
        there = address(settings)
        if there is None:
            return Finding("storage", good=True, fact="releases are files in the home; nothing is shared")
        from warehouse.lake.connection import StillEmpty  # noqa: PLC0415 - only where there is a shared storage
        from warehouse.lake.reading import find  # noqa: PLC0415

        try:
            shared, own = find(home, there).vintage, releases.latest(home)
        except StillEmpty:
            return Finding(
                "storage", good=True, fact=f"{there} holds no release yet", advice="ictdev refresh --bundled"
            )
    except IctdevError as error:
        return Finding("storage", good=False, fact=error.what, advice=error.next_step)
    behind = own is not None and shared != own.vintage
    advice = "ictdev refresh   commits what the shared storage lacks" if behind else ""
    return Finding("storage", not behind, f"the newest release in {there} is {shared}", advice)
