import sys
import tomllib
from pathlib import Path

import duckdb
import pytest

from benchmarks import bundles, cost
from benchmarks.table import HEAD, Figure

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are watched through /proc")
_BURN = "import time; end = time.process_time() + {}\nwhile time.process_time() < end: pass"
_HOLD = """
import pathlib, sys, time
taken = bytearray(60_000_000)
pathlib.Path(sys.argv[1], "ready").touch()
while not pathlib.Path(sys.argv[1], "go").exists(): time.sleep(0.05)"""


def _python(code: str) -> str:
    return f"{sys.executable} -c '{code}'"


def _shell(*lines: str) -> cost.Cost:
    return cost.of(["bash", "-c", "\n".join(lines)])


def test_cost_counts_cpu_of_children_and_orphans(tmp_path: Path) -> None:
    """The child of a child, and one that its parent left alone, count as the command's."""
    orphan = f"(({_python(_BURN.format(0.3))}; touch {tmp_path}/done) &)"
    until = f"until [ -e {tmp_path}/done ]; do sleep 0.1; done; sleep 0.5"
    found = _shell(f"({_python(_BURN.format(0.3))})", orphan, until, """echo '{"figures": 3}'""")
    assert 0.6 <= found.cpu <= 1.2
    assert found.found == {"figures": 3}
    assert found.left == []


def test_cost_names_and_ends_what_is_left() -> None:
    """A process that outlives the command is named, and gone afterwards."""
    found = _shell("(setsid sleep 98.7 > /dev/null 2>&1 &)", "sleep 0.2")
    assert found.left == ["sleep 98.7"]
    running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert b"sleep\x0098.7\x00" not in running


def _holding(place: Path) -> tuple[str, str]:
    """Start a process of 60 MB that waits; and see it for a second, then let it go."""
    place.mkdir()
    seen = f"until [ -e {place}/ready ]; do sleep 0.1; done; sleep 1; touch {place}/go"
    return f"{sys.executable} -c '{_HOLD}' {place} &", seen


def test_cost_adds_memory_of_processes_that_run_together(tmp_path: Path) -> None:
    """Two processes of 60 MB side by side make 120 MB; one after the other they do not."""
    first, second, third, fourth = (_holding(tmp_path / str(number)) for number in range(4))
    both = _shell(
        first[0], second[0], f"until [ -e {tmp_path}/0/ready ]; do sleep 0.1; done", second[1], first[1], "wait"
    )
    in_turn = _shell(*third, "wait", *fourth, "wait")
    assert 120e6 <= both.peak <= 180e6
    assert 60e6 <= in_turn.peak <= 115e6


def test_cost_raises_for_a_command_that_fails() -> None:
    with pytest.raises(RuntimeError, match=r"ended with 3: no way"):
        _shell("echo no way >&2", "exit 3")


def test_figure_row_says_whether_the_limit_was_kept() -> None:
    assert Figure("refresh.cold", 21.9).row().endswith("| 45 s | 21.90 s | ≤ 22 (15) s | yes |")
    assert Figure("refresh.cold", 22.1, "CPU 3 s").row().endswith("| 22.10 s (CPU 3 s) | ≤ 22 (15) s | **no** |")
    assert Figure("refresh.setup", 60).row().endswith("| 60.00 s |  |  |")


def test_docs_tell_every_limit() -> None:
    """The page names each measure of limits.toml with what it was before."""
    page = Path(__file__).parents[1].joinpath("docs/benchmarks.md").read_text(encoding="utf-8")
    for measures in tomllib.loads(Path(cost.ROOT / "benchmarks/limits.toml").read_text(encoding="utf-8")).values():
        for one in measures.values():
            assert f"| {one['what']} | {one['before']} |" in page
    assert HEAD.startswith("| what | before |")


def test_bundles_of_any_size_have_the_same_mix() -> None:
    """Every publisher and, from a million on, most indicators are in; sexes come together."""
    small, large = (bundles.Size(figures).chosen() for figures in (100_000, 1_000_000))
    assert {one.source for one in small} == set(bundles.SOURCES)
    assert len({one.indicator for one in large}) >= 20
    share = [sum(len(one.sexes) == 3 for one in chosen) / len(chosen) for chosen in (small, large)]
    assert share[0] == pytest.approx(share[1], abs=0.25)


def test_bundle_is_the_same_each_time_and_an_edition_changes_one_in_a_hundred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "AREAS", 4)
    for name, edition in (("one", 0), ("again", 0), ("next", 1)):
        assert bundles.write(tmp_path / name, 4_000, edition) >= 4_000

    def differing(other: str) -> float:
        files = (f"read_csv('{tmp_path / name}/*.csv.gz', all_varchar = true)" for name in ("one", other))
        key = "SERIES_CODE, INDICATOR, REF_AREA, TIME_PERIOD, SEX, AGE, URBANISATION, BREAKDOWN, filename"
        key = key.replace("filename", "parse_filename(filename)")
        left, right = (f"(SELECT *, hash({key}) AS k FROM {file[:-1]}, filename = true))" for file in files)
        query = f"SELECT avg((a.OBS_VALUE <> b.OBS_VALUE)::INTEGER) FROM {left} a JOIN {right} b USING (k)"
        return float(duckdb.sql(query).fetchall()[0][0])

    assert differing("again") == 0
    assert 0.005 < differing("next") < 0.02
