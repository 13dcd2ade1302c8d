"""Who may import whom: the rooms of the project stay apart."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("schemas", "indicators", "warehouse", "dashboards", "flows")
MAY = {
    "schemas": {"schemas"},
    "indicators": {"schemas", "indicators"},
    "warehouse": {"schemas", "warehouse"},
    "dashboards": {"warehouse", "dashboards"},
    "flows": set(ROOMS),
}
LENT = {"dashboards": {"schemas.kept", "schemas.yaml_text"}}
"""Modules of other rooms that know nothing of figures: what is kept per installed version, and how YAML is read."""
ONLY_IN = {"prefect": ("flows",), "httpx": ("flows",), "duckdb": ("warehouse", "schemas/tabular.py")}
ENGINE = "great_expectations"


def _files(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def _rooms(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("room", [room for room in ROOMS if (ROOT / room).exists()])
def test_a_room_imports_only_what_it_may(room):
    for path in _files(room):
        named = _imports(path) - LENT.get(room, set())
        foreign = (_rooms(named) & set(ROOMS)) - MAY[room]
        assert not foreign, f"{path.relative_to(ROOT)} imports {foreign}"


@pytest.mark.parametrize("package", sorted(ONLY_IN))
def test_a_package_stays_where_it_belongs(package):
    for room in ROOMS:
        for path in _files(room):
            place = str(path.relative_to(ROOT))
            if package in _rooms(_imports(path)):
                assert place.startswith(ONLY_IN[package]), f"{place} imports {package}"


def test_the_engine_of_checks_is_loaded_only_by_the_suites():
    for room in ROOMS:
        for path in _files(room):
            if ENGINE in _rooms(_imports(path)):
                assert path.parent == ROOT / "schemas" / "suites", path


def test_every_module_says_first_what_it_is_for():
    for room in ROOMS:
        for path in _files(room):
            docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
            assert docstring, f"{path.relative_to(ROOT)} has no docstring"
