"""The recipes of docs/connect.md, run as they are printed, beside the exports that they name."""

import re
from pathlib import Path

import pytest

from tests.warehouse.exports.conftest import exported, mixed  # noqa: F401 - the fixture is used by name

_PAGE = (Path(__file__).parents[1] / "docs" / "connect.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def folder(mixed, tmp_path_factory):  # noqa: F811
    root = tmp_path_factory.mktemp("connect")
    for form in re.findall(r"ictdev export (\S+) --out", _PAGE):
        exported(mixed, form, root / form, open_only=True)
    return root


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.split()[1] for recipe in RECIPES])
def test_every_recipe_runs_as_it_is_printed(folder, recipe, monkeypatch):
    monkeypatch.chdir(folder)
    exec(compile(recipe, "docs/connect.md", "exec"), {})


def test_the_recipes_were_found():
    assert len(RECIPES) >= 7
