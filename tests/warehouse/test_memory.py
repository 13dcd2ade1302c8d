"""How much memory the writer may take, by what made-up machines say of themselves."""

from pathlib import Path

import pytest

from warehouse import memory

_MEMINFO = "MemTotal:       16000000 kB\nMemFree:  1000 kB\nMemAvailable:    8000000 kB\n"


def _machine(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")
    return root


_V2 = {"proc/meminfo": _MEMINFO, "proc/self/cgroup": "0::/system.slice/job\n"}
_V1 = {"proc/meminfo": _MEMINFO, "proc/self/cgroup": "7:cpu,cpuacct:/job\n4:memory:/job\n"}


@pytest.mark.parametrize(
    ("files", "free"),
    [
        pytest.param({}, None, id="no proc"),
        pytest.param({"proc/meminfo": _MEMINFO}, 8_192_000_000, id="no control groups"),
        pytest.param(_V2 | {"sys/fs/cgroup/memory.max": "max\n"}, 8_192_000_000, id="v2 without a limit"),
        pytest.param(
            _V2
            | {
                "sys/fs/cgroup/memory.max": "1000000\n",
                "sys/fs/cgroup/memory.current": "600000\n",
                "sys/fs/cgroup/memory.stat": "anon 500000\ninactive_file 100000\n",
            },
            500_000,
            id="v2 in a container, cached files make way",
        ),
        pytest.param(
            _V2
            | {
                "sys/fs/cgroup/system.slice/memory.max": "900000\n",
                "sys/fs/cgroup/system.slice/memory.current": "1000000\n",
                "sys/fs/cgroup/system.slice/job/memory.max": "max\n",
            },
            0,
            id="v2 group around ours is full",
        ),
        pytest.param(
            _V1
            | {
                "sys/fs/cgroup/memory/job/memory.limit_in_bytes": "2000000\n",
                "sys/fs/cgroup/memory/job/memory.usage_in_bytes": "500000\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
                "sys/fs/cgroup/memory/memory.usage_in_bytes": "700000\n",
            },
            1_500_000,
            id="v1",
        ),
    ],
)
def test_what_is_free_is_what_machine_and_groups_leave(tmp_path: Path, files: dict[str, str], free: int | None) -> None:
    """The least of what the machine has available and what every control group still allows."""
    assert memory.free_memory(_machine(tmp_path, files)) == free


def test_the_database_gets_a_share_of_what_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound leaves room for Python; without a word from the system there is none."""
    monkeypatch.setattr(memory, "SYSTEM", _machine(tmp_path, {"proc/meminfo": _MEMINFO}))
    assert memory.most_memory() == int(8_192_000_000 * 0.8)
    monkeypatch.setattr(memory, "SYSTEM", tmp_path / "nowhere")
    assert memory.most_memory() is None
