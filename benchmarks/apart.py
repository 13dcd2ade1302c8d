"""Running one of our scripts in a process of its own, so that its memory and its imports are its own."""

import json
import subprocess
import sys
from typing import Any


def apart(name: str, *words: object) -> dict[str, Any]:
    """Run `benchmarks.NAME` with words on its command line; give what its last line says in JSON."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *map(str, words)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
