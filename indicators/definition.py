"""Reading definition files: what is measured, asked for or registered is written in YAML, and read strictly.

A key that nobody knows, a missing one and a wrong value stop the next command, which names file and key.
"""

from collections.abc import Callable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from schemas.strict_file import Fault, Misdefined, parse_strictly

Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text that must say something."""
Certainty = Literal["confirmed", "unconfirmed"]
"""Whether somebody read the fact in its source; what is not confirmed is shown as such."""
Folder: TypeAlias = Path | Traversable


class Strict(BaseModel):
    """A part of a definition file: no key beyond those named, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Text(Strict):
    """A text in the languages that every definition has."""

    en: Filled
    zh: Filled


Model = TypeVar("Model", bound=Strict)
Read = TypeVar("Read")


def texts(folder: Folder) -> dict[str, str]:
    """Give the text of each `.yml` file of a folder by the file's name, in order of names."""
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".yml")), key=lambda path: path.name)
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def read_folder(folder: Folder, model: type[Model], guide: str = "") -> dict[str, Model]:
    """Give the content of each file of a folder, by the file's name without its ending.

    Raises Misdefined with the faults of all files.
    """

    def read(name: str, text: str) -> Model:
        return parse_strictly(f"indicators/{folder.name}/{name}", text, model, guide)

    return read_each(texts(folder), read, guide)


def read_each(named: Mapping[str, str], read: Callable[[str, str], Read], guide: str = "") -> dict[str, Read]:
    """Read each text, given by its file's name. Raises Misdefined with the faults of all of them."""
    found: dict[str, Read] = {}
    faults: list[Fault] = []
    for name, text in named.items():
        try:
            found[name.removesuffix(".yml")] = read(name, text)
        except Misdefined as error:
            faults += error.faults
    if faults:
        raise Misdefined(faults, guide)
    return found


def unusable(name: str, why: str, guide: str = "") -> Misdefined:
    """Give the error that names a file and what is wrong in it."""
    return Misdefined([Fault(name, 0, why)], guide)


def repeated(names: list[str]) -> str:
    """Give the first name that stands twice; empty where none does."""
    return next((name for at, name in enumerate(names) if name in names[:at]), "")
