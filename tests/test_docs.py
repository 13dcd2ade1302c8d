"""The documents say what is so: every command and option, every table, and SQL that runs."""

import importlib.util
import re
from pathlib import Path

import pytest
import typer

from benchmarks.stage import Stage
from flows import tables_page
from flows.cli import app
from indicators import catalogue
from schemas import correction, rules
from schemas.errors import Changed
from schemas.source import Raw, Series
from tests.bad import cases
from tests.conftest import observations
from warehouse.query import open_release

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def _text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def _commands() -> dict[str, typer.core.TyperCommand]:
    return typer.main.get_command(app).commands  # type: ignore[attr-defined]


def _section(command: str) -> str:
    found = re.search(rf"^## ictdev {command}\b.*?(?=^## )", _text("cli.md"), re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no section on ictdev {command}"
    return found[0]


@pytest.mark.parametrize("command", sorted(_commands()))
def test_every_option_of_a_command_is_documented(command):
    section = _section(command)
    for parameter in _commands()[command].params:
        for name in (*parameter.opts, *parameter.secondary_opts):
            shown = name if name.startswith("-") else str(parameter.metavar)
            if shown not in {"--help", "-h"}:
                assert shown in section, f"{shown} of ictdev {command}"


def test_every_global_option_is_documented():
    section = _text("cli.md").split("## ictdev refresh")[0]
    for parameter in typer.main.get_command(app).params:
        for name in parameter.opts:
            assert f"`{name}" in section, name


def test_every_setting_is_documented():
    from flows.settings import Settings  # noqa: PLC0415

    for name in Settings.model_fields:
        assert name in _section_of_settings(), name


def _section_of_settings() -> str:
    return _text("cli.md").split("## Settings")[1]


_COOKBOOK = re.findall(r"```sql\n(.*?)```", _text("sql.md"), re.DOTALL)


@pytest.mark.parametrize("query", _COOKBOOK, ids=lambda text: " ".join(text.split())[:50])
def test_every_recipe_of_the_cookbook_answers(released, query):
    with open_release(released.root) as session:
        assert session.sql(query).num_columns > 0


@pytest.mark.parametrize("query", [one for one in _COOKBOOK if "2017" not in one and "NOT passed" not in one])
def test_the_recipes_give_rows_on_the_bundled_figures(released, query):
    with open_release(released.root) as session:
        assert session.sql(query).num_rows > 0


def test_the_page_of_tables_is_the_release_s_own_text(released):
    with open_release(released.root) as session:
        assert tables_page.page(session) == _text("tables.md"), "run: ictdev refresh --bundled && make docs"


def test_the_shown_indicator_file_can_be_read():
    (shown,) = re.findall(r"```yaml\n(.*?)```", _text("add-an-indicator.md"), re.DOTALL)
    name = shown.splitlines()[0].rpartition("/")[2]
    assert catalogue.parse(name, shown).id == name.removesuffix(".yml")


def test_every_key_of_an_indicator_file_is_explained():
    text = _text("add-an-indicator.md")
    for key in catalogue.Indicator.model_fields:
        assert key == "id" or f"`{key}" in text, key


def test_readme_says_the_same_in_chinese():
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
    chinese = chinese.replace("--lang zh", "--lang en")
    for pattern in (r"\]\(([^)]+)\)", r"^    ((?:ictdev|make|duckdb) [^#\n]*?) *(?:#|$)", r"^(##) "):
        found, other = (re.findall(pattern, text, re.MULTILINE) for text in (english, chinese))
        assert len(found) > 3
        assert [one for one in found if one != "README.zh.md"] == [one for one in other if one != "README.md"]


@pytest.mark.parametrize("path", [*sorted(DOCS.glob("*.md")), *sorted(ROOT.glob("*.md"))])
def test_every_link_inside_the_project_leads_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert target.startswith("http") or (path.parent / target).exists(), target


def test_the_shown_source_reads_its_answer(tmp_path):
    (shown,) = re.findall(r"```python\n(.*?)```", _text("add-a-source.md"), re.DOTALL)
    path = tmp_path / "my_office.py"
    path.write_text(shown, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("my_office", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    answer = b'[{"code":"U1","area":"SEN","year":2020,"value":50.5}]'
    series = [Series("internet_users", "U1", "percent_of_population")]
    (request,) = module.plan(module.SOURCE, series)
    assert module.next_page(request, answer) is None
    assert module.page_facts(answer, "answer").counted == 1
    reading = module.read(Raw(answer, "answer", received="2026-11-24"), series)
    assert reading.observations.select(["ref_area", "value"]).to_pylist() == [{"ref_area": "SEN", "value": 50.5}]
    with pytest.raises(Changed):
        module.read(Raw(b"{}", "answer"), series)


def test_every_warning_on_the_bundled_figures_is_explained_and_none_is_grave(released):
    with open_release(released.root) as session:
        failed = session.rows("SELECT check_id, severity, rows_failed FROM quality_check WHERE NOT passed")
    assert [row for row in failed if row["severity"] == "fail"] == []
    for row in failed:
        if row["severity"] == "warn":
            assert f"| `{row['check_id']}` | {row['rows_failed']} |" in _text("checks.md"), row


def test_the_shown_correction_can_be_read():
    (shown,) = re.findall(r"```yaml\n(.*?)```", _text("checks.md"), re.DOTALL)
    assert correction.parse(shown, "made_up")[0].figure(410) == 41


def test_the_shown_check_catches_its_example(monkeypatch):
    rule_text, case_text = re.findall(r"```python\n(.*?)```", _text("add-a-check.md"), re.DOTALL)
    monkeypatch.setattr(rules, "_FOUND", {})
    monkeypatch.setattr(cases, "CASES", {})
    exec(rule_text, {"rule": rules.rule})
    exec(case_text, {"CASES": cases.CASES, "Case": cases.Case, "sexes": cases.sexes})
    (shown,) = rules._FOUND.values()
    case = cases.CASES[shown.check.id]
    stage, only = Stage(), {shown.check.id: shown}
    assert set(stage.put(observations(*case.catches)).broken(only)) == {shown.check.id}
    assert stage.put(observations(*case.passes)).broken(only) == {}
