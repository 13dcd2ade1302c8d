"""The rules of a release as one hash, so that a run sees whether they are others than those before."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

_ROOMS = ("indicators", "schemas", "warehouse")
_KINDS = {".py", ".yml", ".sql", ".csv"}


@cache
def fingerprint(*rooms: str) -> str:
    """Hash of all that decides what a release says, besides the figures: catalogue, code lists, models, methods.

    `rooms` names other packages than those that hold it. It is that of the code that runs: files that change while a
    process lives count from the next one.
    """
    digest = hashlib.sha256()
    for package in rooms or _ROOMS:
        for path in sorted(_rule_files(Path(str(files(package))))):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _rule_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix in _KINDS and "bundled" not in path.parts]
