"""Definition files, read strictly: all faults of a file at once, each with its line.

A key that nobody knows is named together with the nearest one that is known.
"""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from schemas.errors import Invalid
from schemas.yaml_text import YamlError, read_yaml

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a definition file. `line` counts from 1; 0 where no line is to blame."""

    place: str
    line: int
    text: str

    def __str__(self) -> str:
        """Write it as editors and compilers do: file, line, what is wrong."""
        return f"{self.place}:{self.line}: {self.text}" if self.line else f"{self.place}: {self.text}"


class Misdefined(Invalid):
    """Definition files cannot be used as they are; `faults` lists every mistake."""

    title = "definitions are wrong"
    exit_status: ClassVar[int] = 2

    def __init__(self, faults: Sequence[Fault], guide: str = "") -> None:
        places = list(dict.fromkeys(fault.place for fault in faults))
        super().__init__(
            f"{', '.join(places) if len(places) <= 3 else f'{len(places)} definition files'} cannot be used",
            why="\n".join(str(fault) for fault in faults),
            next_step=f"{guide} shows every key that a file may have" if guide else "correct the lines named above",
        )
        self.faults = tuple(faults)


def parse_strictly(place: str, text: str, model: type[Model], guide: str = "", **fixed: str) -> Model:
    """Read the text of one file. Raises Misdefined with every fault; `guide` is the page that explains the keys.

    `fixed` are keys that are not in the file, as an id that is the file's name.
    """
    content = parse_yaml(place, text, guide)
    try:
        return model.model_validate({**fixed, **content} if fixed and isinstance(content, dict) else content)
    except ValidationError as error:
        raise Misdefined(list(faults_of(error, place, text, model)), guide) from error


def parse_yaml(place: str, text: str, guide: str = "") -> Any:
    """Give the content of a file's text. Raises Misdefined, naming the line, where it is no YAML."""
    try:
        return read_yaml(text)
    except YamlError as error:
        mark = getattr(error, "problem_mark", None)
        fault = Fault(place, mark.line + 1 if mark else 0, " ".join(str(error).split("\n")[:1]))
        raise Misdefined([fault], guide) from error


def faults_of(
    error: ValidationError, place: str, text: str, model: type[BaseModel], before: Location = ()
) -> Iterator[Fault]:
    """Give every fault that the model finds. `before` is the way to the part of the file that was validated."""
    for one in error.errors():
        location = (*before, *one["loc"])
        where = ".".join(str(part) for part in one["loc"])
        said = one["msg"]
        if one["type"] == "extra_forbidden":
            said = f"this key is not known{nearest(str(one['loc'][-1]), _known_keys(model, one['loc'][:-1]))}"
        yield Fault(place, line_of(text, location), f"{where}: {said}" if where else said)


def line_of(text: str, location: Location) -> int:
    """Give the line, from 1, of the deepest part of a location that the text of a YAML file has; 0 for no YAML."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except YamlError:
        return 0
    line = node.start_mark.line if node else -1
    for part in location:
        found = _child(node, part)
        if found is None:
            continue  # the model's own step, as a choice between shapes
        node, line = found
    return line + 1


def _child(node: Any, part: int | str) -> tuple[Any, int] | None:
    """Give the value under a key or at a place of a list, and the line where it begins."""
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line
    return None


def nearest(key: str, known: Sequence[str]) -> str:
    """Give the question whether the known name nearest to a key was meant; empty where none is near."""
    found = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {found[0]}?" if found else ""


def _known_keys(model: type[BaseModel], location: Location) -> list[str]:
    """Give the keys that the part of a model at a location may have."""
    whole = model.model_json_schema()
    schemas = [whole]
    for part in location:
        schemas = [step for one in schemas for step in _steps(_resolved(one, whole), part, whole)]
    return sorted({key for one in schemas for key in _resolved(one, whole).get("properties", {})})


def _steps(schema: dict[str, Any], part: int | str, whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for choice in (schema, *(_resolved(one, whole) for one in schema.get("anyOf", ()))):
        if isinstance(part, int) and isinstance(choice.get("items"), dict):
            yield choice["items"]
        elif part in choice.get("properties", {}):
            yield choice["properties"][part]
        elif isinstance(choice.get("additionalProperties"), dict):
            yield choice["additionalProperties"]


def _resolved(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference to a definition of the same schema."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    return whole["$defs"][name] if name else schema
