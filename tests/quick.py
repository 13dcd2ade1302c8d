"""`make quick`: runs the tests that git says concern one's own change, without those that are slow or need services.

A change concerns a test file that was changed itself, or that imports a changed module.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALWAYS = ("tests/test_import_rules.py",)
UNSLOW = "not slow and not browser and not storage and not e2e and not spark"


def changed() -> list[str]:
    """Name the files that differ from the last commit, new ones included."""
    told = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all", "--no-renames"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [line[3:] for line in told.stdout.splitlines() if (ROOT / line[3:]).is_file()]


def concerned(files: Iterable[str], tests: Iterable[Path]) -> list[str]:
    """Name the test files that are among the files or import one of them."""
    named = set(files)
    modules = [_imports(name) for name in named if name.endswith(".py")]
    found = []
    for path in tests:
        name = str(path.relative_to(ROOT))
        text = path.read_text(encoding="utf-8")
        if name in named or any(module.search(text) for module in modules):
            found.append(name)
    return sorted(found)


def _imports(name: str) -> re.Pattern[str]:
    """Match an import of the module in that file: `import a.b`, `from a.b import x`, `from a import x, b`."""
    parts = name.removesuffix(".py").removesuffix("/__init__").split("/")
    package, module = re.escape(".".join(parts[:-1])), re.escape(parts[-1])
    whole = re.escape(".".join(parts))
    within = rf"|from {package} import [^\n]*\b{module}\b" if package else ""
    return re.compile(rf"(?m)^\s*(?:import {whole}\b|from {whole} import\b{within})")


def main() -> None:
    """Choose and run."""
    chosen = concerned(changed(), sorted((ROOT / "tests").rglob("test_*.py")))
    print(f"{len(chosen)} test files concern the change", flush=True)  # noqa: T201 - a person waits for it
    places = sorted({*chosen, *ALWAYS})
    status = pytest.main(["-m", UNSLOW, "-n", "auto", "--dist", "loadgroup", *places])
    sys.exit(0 if status == pytest.ExitCode.NO_TESTS_COLLECTED else status)


if __name__ == "__main__":
    main()
