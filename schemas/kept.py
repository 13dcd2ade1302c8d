"""What is made once per installed version and kept: the same bytes every time, so that no run makes them again.

The folder lies in the virtual environment, so that `make setup` can fill it; elsewhere it is the user's cache.
Nothing in it is state: whoever deletes it only waits once more.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

VARIABLE = "ICTDEV_CACHE"
"""Names another folder."""
_HASH = hashlib.sha256().digest_size


def folder() -> Path:
    """Give the folder of what is kept; it need not exist."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    if sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK):
        return Path(sys.prefix) / "var" / "ictdev"
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "ictdev"


def place(name: str, version: str) -> Path:
    """Give the file that keeps the bytes of this name and version; it need not exist."""
    return folder() / f"{name}-{hashlib.sha256(version.encode()).hexdigest()[:16]}"


def kept(name: str, version: str, make: Callable[[], bytes]) -> bytes:
    """Give the bytes of this name and version, from the folder or made anew where they are absent or damaged.

    `version` names all that decides the bytes, for example the versions of the packages that make them.
    Where the folder cannot be written, the bytes are made each time.
    """
    path = place(name, version)
    found = intact(path)
    if found is None:
        found = make()
        with suppress(OSError):
            _keep(path, found)
    return found


def intact(path: Path) -> bytes | None:
    """Give what a file of the folder keeps, or None where it is absent or damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, kept_bytes = content[:_HASH], content[_HASH:]
    return kept_bytes if hashlib.sha256(kept_bytes).digest() == digest else None


def _keep(path: Path, content: bytes) -> None:
    """Write the file in one step, its hash first, and remove those of other versions of the same name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "wb") as written:
        written.write(hashlib.sha256(content).digest() + content)
    os.replace(beside, path)  # noqa: PTH105 - the one call that is atomic
    name = path.name.rpartition("-")[0]
    for other in path.parent.iterdir():
        if other != path and other.name.rpartition("-")[0] == name:
            other.unlink(missing_ok=True)
