"""Prefect's environment: its state in the home, no telemetry, no noise. What the user has set stays as it is."""

import os
from pathlib import Path

from flows.engine import named
from warehouse.home import Home

_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_CLI_PROMPT": "false",
}


def quiet_prefect(home: Home) -> None:
    """Set Prefect's environment; call it before Prefect is imported, which reads it then."""
    profiles = named.profiles()
    if named.api():
        os.environ.setdefault("PREFECT_PROFILES_PATH", str(profiles))  # with the address come its key and headers
    os.environ.setdefault("PREFECT_HOME", str(state_folder(home)))
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    _past_the_proxy("127.0.0.1", "localhost")


def state_folder(home: Home) -> Path:
    """Give the folder of Prefect's state where the user has named none. Nothing in it is needed for a release."""
    return (home.root / "prefect").resolve()


def _past_the_proxy(*hosts: str) -> None:
    """Keep a proxy out of the way between Prefect's parts, which talk over the loopback interface."""
    told = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    hosts_named = [host.strip() for host in told.split(",") if host.strip()]
    text = ",".join(hosts_named + [host for host in hosts if host not in hosts_named])
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = text
