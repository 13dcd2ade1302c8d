"""Reading definition files: what is measured, asked for or registered is written in YAML, and read strictly.

A key that nobody knows, a missing one and a wrong value stop the next command, which names file and key.
"""

from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from schemas.errors import Invalid
from schemas.yaml_text import YamlError, read_yaml

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


def texts(folder: Folder) -> dict[str, str]:
    """Give the text of each `.yml` file of a folder by the file's name, in order of names."""
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".yml")), key=lambda path: path.name)
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def read_folder(folder: Folder, model: type[Model], guide: str = "") -> dict[str, Model]:
    """Give what stands in each file of a folder, by the file's name without its ending."""
    return {
        name.removesuffix(".yml"): parse(f"indicators/{folder.name}/{name}", text, model, guide)
        for name, text in texts(folder).items()
    }


def parse(name: str, text: str, model: type[Model], guide: str = "", **fixed: str) -> Model:
    """Read the text of one file. Raises Invalid, naming file and key; `guide` is the page that explains the keys.

    `fixed` are keys that do not stand in the file, as an id that is the file's name.
    """
    try:
        content = read_yaml(text)
        return model.model_validate({**fixed, **content} if fixed and isinstance(content, dict) else content)
    except (YamlError, ValidationError) as error:
        raise unusable(name, first_fault(error), guide) from error


def unusable(name: str, why: str, guide: str = "") -> Invalid:
    """Give the error that names a file and what is wrong in it."""
    step = f"{guide} shows every key that a file may have" if guide else "mend the file"
    return Invalid(f"{name} cannot be used", why=why, next_step=step)


def first_fault(error: YamlError | ValidationError) -> str:
    """Say where the first mistake of a file lies, and what it is."""
    if isinstance(error, ValidationError):
        one = error.errors()[0]
        where = ".".join(str(part) for part in one["loc"])
        return f"{where}: {one['msg']}" if where else one["msg"]
    return str(error).splitlines()[0]


def repeated(names: list[str]) -> str:
    """Give the first name that stands twice; empty where none does."""
    return next((name for at, name in enumerate(names) if name in names[:at]), "")
