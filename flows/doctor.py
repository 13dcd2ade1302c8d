"""Looking over this machine: what a refresh needs, what is there, and what to do about what is not."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flows import screen
from flows.engine import database, named
from flows.engine.database import Standing
from flows.invocation import as_typed
from flows.plan import bundled
from flows.settings import Settings
from flows.sharing import address
from schemas import bounded
from schemas.errors import IctdevError
from warehouse import releases
from warehouse.home import Home
from warehouse.storage_version import maker_of, newer_maker, storage_number

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
        lambda: _history(home),
        lambda: _release(home),
        lambda: _storage(settings, home),
        lambda: _prefect(home),
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


def _history(home: Home) -> Finding:
    """Look whether this DuckDB can read the history, by the header of its file: a refresh may have it open."""
    if not home.history.exists():
        return Finding("history", good=True, fact="none yet")
    number = storage_number(home.history)
    if number is None:
        return Finding("history", good=False, fact="it is no database of DuckDB", advice="ictdev verify --repair")
    if maker := newer_maker(home.history):
        advice = f"install DuckDB {maker} or newer, or make the history anew: ictdev rebuild"
        return Finding("history", good=False, fact=f"DuckDB {maker} wrote it; this one is older", advice=advice)
    return Finding("history", good=True, fact=f"made by DuckDB {maker_of(home.history)}, storage version {number}")


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


def _prefect(home: Home) -> Finding:
    """Look at the API that the user named, or at what a server of ours starts from."""
    try:
        if address := named.api():
            named.Asking(address).answers()
            return Finding("prefect", good=True, fact=f"the named API at {address} answers")
        if url := named.database():
            return Finding("prefect", good=True, fact=f"a server of ours, on the database that is set: {_shown(url)}")
        standing, damaged = database.look(database.place(home)), database.ready_is_damaged()
    except IctdevError as error:
        return Finding("prefect", good=False, fact=f"{error.what}: {error.why}", advice=error.next_step)
    good = not damaged and standing not in (Standing.FOREIGN, Standing.DAMAGED)
    facts = [f"a server of ours; its database is {standing}", _ready_fact(damaged=damaged), *_aside_facts(home)]
    return Finding("prefect", good, ", ".join(facts), "" if good else "ictdev refresh   makes it anew")


def _shown(url: str) -> str:
    """Leave out what stands before the host: a password may."""
    return url.rpartition("@")[2]


def _ready_fact(*, damaged: bool) -> str:
    if damaged:
        return "the ready one that is kept is damaged"
    return "a ready one is kept" if database.is_ready() else "a ready one is made at the next refresh (about 10 s)"


def _aside_facts(home: Home) -> list[str]:
    there = database.aside(home)
    return [f"{len(there)} set aside, which may be removed: {', '.join(path.name for path in there)}"] if there else []
