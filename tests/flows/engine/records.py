"""What Prefect's database says of the runs of a home, read without disturbing a server."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TaskRun:
    """One task run with all states that it went through, in order."""

    task: str
    state: str
    run_count: int
    states: list[str]


def _ask(home: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(f"file:{home}/prefect/prefect.db?mode=ro", uri=True)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def flow_runs(home: Path) -> list[tuple[str, str]]:
    """Give id and type of state of every flow run, oldest first."""
    return [(str(one), str(state)) for one, state in _ask(home, "SELECT id, state_type FROM flow_run ORDER BY created")]


def task_runs(home: Path, flow_run: str) -> list[TaskRun]:
    """Give the task runs of a flow run."""
    found = _ask(home, "SELECT id, task_key, state_type, run_count FROM task_run WHERE flow_run_id = ?", flow_run)
    states = "SELECT name FROM task_run_state WHERE task_run_id = ? ORDER BY timestamp"
    return [
        TaskRun(
            str(key).rpartition("-")[0], str(state), int(str(count)), [str(name) for (name,) in _ask(home, states, one)]
        )
        for one, key, state, count in found
    ]


def artifacts(home: Path, flow_run: str) -> set[str]:
    """Give the keys of the artifacts of a flow run."""
    return {str(key) for (key,) in _ask(home, "SELECT key FROM artifact WHERE flow_run_id = ?", flow_run)}
