"""Two lists of the field: the Partnership's core list of ICT indicators, and which goals each WSIS action line serves.

Both stand in files that a statistician edits: `indicators/core_list.yml` and `indicators/wsis_sdg.yml`.
"""

from functools import cache
from importlib.resources import files
from typing import Annotated

import pyarrow as pa
from pydantic import Field, model_validator

from indicators import catalogue
from indicators.definition import Certainty, Filled, Model, Strict, Text, repeated
from schemas.strict_file import parse_strictly


class Item(Strict):
    """One item of the core list."""

    code: Filled
    name: Text
    certainty: Certainty


class CoreList(Strict):
    """The file `core_list.yml`. Which indicator serves an item stands in the indicator's own file."""

    edition: Filled
    citation: Filled
    items: tuple[Item, ...]

    @model_validator(mode="after")
    def _names_each_item_once(self) -> "CoreList":
        twice = repeated([item.code for item in self.items])
        if twice:
            raise ValueError(f"the item {twice} stands there twice")
        return self


class Goals(Strict):
    """One action line, or one application of line C7, with the goals that it serves."""

    line: Filled
    name: Text
    goals: tuple[Annotated[int, Field(ge=1, le=17)], ...] = Field(min_length=1)
    note: str = ""


class Matrix(Strict):
    """The file `wsis_sdg.yml`."""

    as_of: Filled
    citation: Filled
    certainty: Certainty
    lines: tuple[Goals, ...]


@cache
def load() -> CoreList:
    """Give the core list. Raises Invalid, naming file and key."""
    return _read("core_list.yml", CoreList)


@cache
def matrix() -> Matrix:
    """Give the action lines with their goals. Raises Invalid, naming file and key."""
    return _read("wsis_sdg.yml", Matrix)


def _read(name: str, model: type[Model]) -> Model:
    return parse_strictly(f"indicators/{name}", (files("indicators") / name).read_text(encoding="utf-8"), model)


_TEXT = pa.string()
_ITEM = pa.schema(
    [
        ("position", pa.int32()),
        ("code", _TEXT),
        ("name_en", _TEXT),
        ("name_zh", _TEXT),
        ("certainty", _TEXT),
        ("indicator", _TEXT),
    ]
)
_CELL = pa.schema(
    [
        ("action_line", _TEXT),
        ("name_en", _TEXT),
        ("name_zh", _TEXT),
        ("goal", pa.int32()),
        ("as_of", _TEXT),
        ("citation", _TEXT),
        ("certainty", _TEXT),
        ("note", _TEXT),
    ]
)


def item_table() -> pa.Table:
    """Give the core list's items with each indicator that serves them; an item that none serves has one row too."""
    serving: dict[str, list[str | None]] = {}
    for indicator in catalogue.load().values():
        serving.setdefault(indicator.core_list, []).append(indicator.id)
    rows = [
        {
            "position": position,
            "code": item.code,
            "name_en": item.name.en,
            "name_zh": item.name.zh,
            "certainty": item.certainty,
            "indicator": indicator,
        }
        for position, item in enumerate(load().items, start=1)
        for indicator in serving.get(item.code, [None])
    ]
    return pa.Table.from_pylist(rows, schema=_ITEM)


def matrix_table() -> pa.Table:
    """Give the table `wsis_sdg`: one row per action line and goal."""
    told = matrix()
    rows = [
        {
            "action_line": one.line,
            "name_en": one.name.en,
            "name_zh": one.name.zh,
            "goal": goal,
            "as_of": told.as_of,
            "citation": told.citation,
            "certainty": told.certainty,
            "note": one.note,
        }
        for one in told.lines
        for goal in one.goals
    ]
    return pa.Table.from_pylist(rows, schema=_CELL)
