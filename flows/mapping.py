"""What an operator mapped: a file beside the journal, read before each run, changed by `ictdev map`."""

import getpass
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import orjson

from flows.plan import known_source
from schemas.errors import Invalid, Unanswered, Usage
from schemas.mapping import Mapped, check
from warehouse.home import Home, write_atomically


def load(home: Home) -> tuple[Mapped, ...]:
    """Give what is mapped in a home. Raises Invalid for a file that is damaged."""
    if not home.mapping.exists():
        return ()
    try:
        return tuple(Mapped(**one) for one in orjson.loads(home.mapping.read_bytes()))
    except (orjson.JSONDecodeError, TypeError) as error:
        raise Invalid(
            f"{home.mapping.name} was damaged on disk",
            why=str(error),
            next_step=f"restore {home.mapping.name} in the folder snapshots/journal from a backup",
        ) from error


def parse(source: str, dimension: str, pairs: Sequence[str], *, why: str, by: str = "") -> list[Mapped]:
    """Read `CODE=OURS` pairs of a source's dimension. Raises Usage for one that is none, or whose code is not ours."""
    known_source(source)
    found = []
    since = datetime.now(UTC).date().isoformat()
    for text in pairs:
        code, equals, ours = text.rpartition("=")
        if not equals:
            raise Usage(f"“{text}” is not CODE=OURS", next_step="ictdev map unsd_sdg age 25-74=Y25T74 --why TEXT")
        told = Mapped(
            source, dimension.strip(), code.strip(), ours.strip(), why.strip(), by or getpass.getuser(), since
        )
        found.append(check(told))
    return found


def add(home: Home, entries: Sequence[Mapped]) -> None:
    """Put entries into the home's file, in the place of former ones for the same code. Call under the home's lock."""
    places = {one.place for one in entries}
    _write(home, [*(one for one in load(home) if one.place not in places), *entries])


def remove(home: Home, source: str, dimension: str, codes: Sequence[str]) -> None:
    """Take entries out of the home's file. Raises Unanswered where one is not there. Call under the home's lock."""
    present = load(home)
    places = {Mapped(source, dimension, code.partition("=")[0].strip(), "", "").place for code in codes}
    missing = places - {one.place for one in present}
    if missing:
        raise Unanswered(
            f"{source} {dimension}: {', '.join(sorted(code for _, _, code in missing))} is not mapped",
            next_step="ictdev map   lists what is",
        )
    _write(home, [one for one in present if one.place not in places])


def _write(home: Home, entries: Sequence[Mapped]) -> None:
    home.journal.mkdir(parents=True, exist_ok=True)
    ordered = sorted(entries, key=lambda one: one.place)
    write_atomically(home.mapping, orjson.dumps([asdict(one) for one in ordered], option=orjson.OPT_INDENT_2))
