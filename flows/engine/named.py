"""What the user set for Prefect, read as Prefect reads it but without loading it: which API, which database.

Prefect looks, strongest first, into the environment, `.env`, `prefect.toml`, `pyproject.toml` and the active profile.
"""

import os
import threading
import time
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from schemas.errors import IctdevError

PATIENCE = 4.0
"""Seconds that a named API has to answer, name lookup included."""
_API = ("PREFECT_API_URL",)
_DATABASE = tuple(
    f"PREFECT_{room}_DATABASE_{what}"
    for room in ("SERVER", "API")
    for what in ("CONNECTION_URL", "DRIVER", "HOST", "NAME")
)
_AWAY = {502, 503, 504}


def api() -> str:
    """Give the address of the API that the user named; empty where none is named."""
    return _set_for(_API, ("api", "url"))


def database() -> str:
    """Give what the user set for the database of a server on this machine; empty where that is left to us."""
    return _set_for(_DATABASE, ("server", "database", "connection_url"))


def profiles() -> Path:
    """Give the file of the user's profiles; it need not exist."""
    if path := _before_profiles(("PREFECT_PROFILES_PATH",), ("profiles_path",)):
        return Path(path)
    return Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect") / "profiles.toml"


def _set_for(names: tuple[str, ...], keys: tuple[str, ...]) -> str:
    found = _before_profiles(names, keys)
    return found or next((str(_profile()[name]) for name in names if _profile().get(name)), "")


def _before_profiles(names: tuple[str, ...], keys: tuple[str, ...]) -> str:
    """Give the first value that is set under one of the names, or in a TOML file under the keys; else empty."""
    for source in (os.environ, _dotenv()):
        for name in names:
            if value := source.get(name):
                return value
    for path, table in (("prefect.toml", keys), ("pyproject.toml", ("tool", "prefect", *keys))):
        if value := _at(_toml(Path(path)), table):
            return value
    return ""


def _dotenv() -> Mapping[str, str | None]:
    if not Path(".env").is_file():
        return {}
    import dotenv  # noqa: PLC0415 - most folders have no such file

    return dotenv.dotenv_values(".env")


def _profile() -> dict[str, Any]:
    """Give the settings of the active profile; those that come with Prefect name neither API nor database."""
    content = _toml(profiles())
    active = os.environ.get("PREFECT_PROFILE") or content.get("active")
    found = content.get("profiles", {}).get(active, {})
    return found if isinstance(found, dict) else {}


def _toml(path: Path) -> dict[str, Any]:
    """Give what a file says; nothing where it is absent or broken, which Prefect itself complains of."""
    with suppress(OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return tomllib.loads(path.read_text(encoding="utf-8"))
    return {}


def _at(content: Any, keys: tuple[str, ...]) -> str:
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return content if isinstance(content, str) else ""


class Asking:
    """Asks a named API whether it answers, while other work goes on."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._trouble = f"no answer within {PATIENCE:.0f} seconds"
        self._until = time.monotonic() + PATIENCE
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def answers(self) -> None:
        """Wait for the answer. Raises IctdevError where none came in time, or one that says that nobody is there."""
        self._thread.join(max(0.0, self._until - time.monotonic()))
        if self._trouble:
            raise IctdevError(
                f"the Prefect API at {self._address} does not answer",
                why=self._trouble,
                next_step="start it or correct PREFECT_API_URL; without a named API ictdev runs one of its own",
            )

    def _ask(self) -> None:
        """Ask once, without any secret. Any answer will do: whether it lets us in is between Prefect and the API."""
        import httpx  # noqa: PLC0415 - only where an API is named

        try:
            with httpx.Client(timeout=PATIENCE, verify=False) as client:  # noqa: S501 - nothing is sent or believed
                status = client.get(f"{self._address.rstrip('/')}/health").status_code
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            self._trouble = str(error) or type(error).__name__
        else:
            self._trouble = f"its front door answers with status {status}" if status in _AWAY else ""
