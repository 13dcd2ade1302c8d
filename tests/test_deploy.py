"""What ships to run an installation by itself: each file parses, names what there is, and agrees with the contracts."""

import re
import shlex
import shutil
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from cronsim import CronSim

from flows import deployments, due
from flows.cli import app
from flows.plan import asked
from flows.settings import Settings
from schemas.cadence import CADENCES

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
TICK = Settings.model_fields["schedule"].default
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def _is_a_command(words: list[str]) -> None:
    """Hold a call of ours against the command line: command and options."""
    command = typer.main.get_command(app)
    with command.make_context("ictdev", list(words)) as context:
        name, sub, rest = command.resolve_command(context, [*context._protected_args, *context.args])  # type: ignore[attr-defined]
        sub.make_context(name, rest, parent=context)


def test_prefect_yaml_is_what_the_contracts_say():
    assert (ROOT / "prefect.yaml").read_text(encoding="utf-8") == deployments.text(), "run: make deployments"


def test_every_source_with_a_rhythm_stands_in_the_deployment_under_its_own():
    for source in asked([]):
        (line,) = [line for line in deployments.rhythms().splitlines() if re.search(rf"\b{source}\b", line)]
        assert line.startswith(f"{due.words_of(source)}: {due.cadence_of(source).meaning}: ")


def test_every_deployment_leads_to_a_flow_that_takes_its_parameters():
    from prefect.flows import load_flow_from_entrypoint  # noqa: PLC0415

    for one in yaml.safe_load(deployments.text())["deployments"]:
        flow: Any = load_flow_from_entrypoint(one["entrypoint"], use_placeholder_flow=False)
        assert set(one["parameters"]) <= set(flow.parameters.properties), one["name"]


@pytest.mark.parametrize("cadence", CADENCES.values(), ids=str)
def test_the_ticks_meet_every_day_on_which_somebody_is_asked(cadence):
    minute, hour, *days = TICK.split()
    assert days == ["*", "*", "*"]
    assert (minute.isdigit(), hour.isdigit()) == (True, True)
    CronSim(f"0 0 {cadence.asked}", datetime.now(UTC))


def test_timer_and_cron_line_tick_when_the_schedule_does():
    minute, hour, *_ = TICK.split()
    assert f"OnCalendar=*-*-* {int(hour):02}:{int(minute):02}:00 UTC" in (DEPLOY / "ictdev-refresh.timer").read_text()
    (line,) = [one for one in (DEPLOY / "ictdev.cron").read_text().splitlines() if re.match(r"[\d*]", one)]
    assert line.startswith(f"{TICK} ictdev ")
    call = shlex.split(line.split("&&")[1].split(">>")[0])
    _is_a_command(call[2:])


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_are_what_systemd_takes(path, tmp_path):
    text = path.read_text()
    for call in re.findall(r"^ExecStart=/opt/ictdev/.venv/bin/ictdev (.*)$", text, re.MULTILINE):
        _is_a_command(shlex.split(call))
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        pytest.skip("systemd-analyze is not on this machine")
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/ictdev/.venv/bin/ictdev", "/bin/true"))
    done = subprocess.run([verifier, "verify", str(tmp_path / path.name)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_compose_names_commands_ports_and_volumes_that_there_are():
    content = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = content["services"]
    assert set(services) == {"database", "server", "worker", "site"}
    _is_a_command(services["site"]["command"][1:])
    for service in services.values():
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in content["volumes"]
        for port in service.get("ports", []):
            host, _, inner = port.rpartition(":")
            assert host.startswith("127.0.0.1:")
            assert inner in service["command"]
        for other in service.get("depends_on", {}):
            assert other in services
    build = services["server"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).samefile(DEPLOY / "Containerfile")
    for name in services["worker"]["environment"]:
        if name.startswith("ICTDEV_"):
            assert name.removeprefix("ICTDEV_").lower() in Settings.model_fields


def test_the_container_file_copies_what_there_is_and_every_room():
    text = (DEPLOY / "Containerfile").read_text()
    copied = [words.split()[1:-1] for words in text.splitlines() if words.startswith("COPY")]
    names = {name for one in copied for name in one}
    assert all((ROOT / name).exists() for name in names)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    rooms = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(rooms) <= names, "the image lacks a room"
    _is_a_command(re.findall(r'CMD \["ictdev", "(\w+)"\]', text))


@pytest.mark.parametrize("block", re.findall(r"```sh\n(.*?)```", OPERATIONS, re.DOTALL))
def test_the_blocks_for_root_parse_and_name_files_that_there_are(block):
    assert subprocess.run(["bash", "-n"], input=block, text=True, check=False).returncode == 0
    for name in re.findall(r"\bdeploy/[\w.-]+", block):
        assert (ROOT / name).exists(), name
    for target in re.findall(r"make -C /opt/ictdev (\w+)", block):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
