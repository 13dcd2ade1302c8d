"""How this command was called, so that every next step that is printed works as typed."""

import re
import shlex
import shutil
import sys
from pathlib import Path

_COMMANDS = (
    "refresh|status|sql|why|assess|doctor|diff|release|verify|rebuild|export|submit|schedule|notify|serve|mirror"
)
_PRINTED = re.compile(rf"(?<![\w/.-])ictdev (?=(?:{_COMMANDS}|--help)\b)")

_home: list[Path] = []


def remember_home(home: Path | None) -> None:
    """Keep the folder that the command line named; one that comes from settings needs no repeating."""
    _home[:] = [home] if home else []


def as_typed(text: str) -> str:
    """Write the `ictdev …` commands of a text as this person has to type them here."""
    start = " ".join([_program(), *(f"--home {shlex.quote(str(home))}" for home in _home)])
    return _PRINTED.sub(lambda _: f"{start} ", text)


def _program() -> str:
    """Give `ictdev` where the shell finds this very program, else the path by which it was started."""
    started = Path(sys.argv[0])
    found = shutil.which("ictdev")
    if started.name != "ictdev" or (found and Path(found).resolve() == started.resolve()):
        return "ictdev"
    try:
        return shlex.quote(str(started.resolve().relative_to(Path.cwd())))
    except ValueError:
        return shlex.quote(str(started))
