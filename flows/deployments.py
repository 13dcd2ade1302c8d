"""prefect.yaml, made from the contracts by `make deployments`. A test holds the file against this."""

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from flows.due import words_of
from flows.plan import asked
from flows.settings import Settings
from schemas.cadence import CADENCES

_HEAD = """\
# Made by `make deployments` from the contracts' cadences; change schemas/cadence.py or a contract instead.
# Set ICTDEV_HOME to the installation's folder before `prefect deploy --all`, in the folder that runs shall start in.
"""
_POOL = {
    "name": "ictdev",
    "job_variables": {
        "working_dir": "{{ $PWD }}",
        "env": {"DO_NOT_TRACK": "1", "PREFECT_LOGGING_EXTRA_LOGGERS": "ictdev", "ICTDEV_JSON_LOG": "true"},
    },
}
"""A work pool of type process. What is secret stands in the worker's own environment, which its runs inherit."""


def text() -> str:
    """Give the file."""
    content = {"name": "ictdev", "pull": [], "deployments": [_due(), _all(), _tell()]}
    return _HEAD + yaml.safe_dump(content, sort_keys=False, width=110, allow_unicode=True)


def _due() -> dict[str, Any]:
    schedule = {"cron": Settings.model_fields["schedule"].default, "timezone": "UTC", "active": True}
    return _deployment("refresh", "scheduled", rhythms(), [schedule], home="{{ $ICTDEV_HOME }}")


def _all() -> dict[str, Any]:
    about = "Asks every publisher, whether or not it is due; started by hand."
    return _deployment("refresh-all", "scheduled", about, [], home="{{ $ICTDEV_HOME }}", everything=True)


def _tell() -> dict[str, Any]:
    return _deployment("tell", "tell", "Sends a notice by e-mail; started by the automations.", [])


def _deployment(name: str, flow: str, about: str, schedules: list[Any], **parameters: Any) -> dict[str, Any]:
    return {
        "name": name,
        "entrypoint": f"flows.scheduled.{flow}",
        "description": about,
        "parameters": parameters,
        "schedules": schedules,
        "work_pool": _POOL,
    }


def rhythms() -> str:
    """Say which publishers are asked when, by the cadences of their contracts."""
    found: dict[str, list[str]] = defaultdict(list)
    for source in asked([]):
        found[words_of(source)].append(source)
    lines = [f"{words}: {CADENCES[words].meaning}: {', '.join(found[words])}" for words in CADENCES if found[words]]
    return "\n".join(["Looks every day which publishers are due, and asks them in one run.", *lines])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), encoding="utf-8")
