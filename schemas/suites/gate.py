"""A gate: a suite of expectations that one frame of figures must pass, run by Great Expectations on a pandas frame."""

import logging
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.data_context.types.base import ProgressBarsConfig

from schemas.check import MAX_KEYS, Check, Record, Result

MAX_EXAMPLES = 3
_ENGINE = threading.Lock()
"""The engine's context is one per process and not made for threads; sources are checked in parallel tasks."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A check and the expectation that decides it; `show` names the columns that tell a failing row."""

    check: Check
    expectation: Any
    show: tuple[str, ...]
    meta: Mapping[str, Any] = field(default_factory=dict)
    """What the engine's record says of the expectation beside id, severity and meaning."""
    locate: bool = True
    """False where a frame holds counts, so that there is no failing row to look for."""


@dataclass(frozen=True)
class Suite:
    """The rules of a gate that one frame must pass, for one frame or for many; the engine's form is made once."""

    gate: str
    rules: tuple[Rule, ...]

    @cached_property
    def engine_suite(self) -> Any:
        """The suite as the engine runs it: each expectation carries the id, severity and meaning of its check."""
        return gx.ExpectationSuite(name=self.gate, expectations=[_tagged(rule) for rule in self.rules])


def _tagged(rule: Rule) -> Any:
    about = {"check": rule.check.id, "severity": rule.check.severity, "meaning": rule.check.meaning, **rule.meta}
    return rule.expectation.copy(update={"meta": about, "id": None})


@cache
def _context() -> Any:
    for name in ("great_expectations", "great_expectations.data_context.types.base"):  # the second sets its own level
        logging.getLogger(name).setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


@cache
def _batches() -> Any:
    """Give the definition by which a frame becomes a batch; one serves all gates of a process."""
    asset = _context().data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def run(suite: Suite, source: str, frame: pd.DataFrame, kept: list[Record] | None = None) -> list[Result]:
    """Run every rule of a suite on the frame and give one Result each, in the order of the rules.

    `kept` takes the engine's own record of the run.
    """
    with _ENGINE:
        try:
            return _run(suite, source, frame, kept)
        finally:
            _forget_frames()


def _forget_frames() -> None:
    """Let go of the frame: the engine keeps the last one otherwise."""
    manager = _context().data_sources.get("frames").get_execution_engine().batch_manager
    manager.reset_batch_cache()
    manager.batch_data_cache.clear()


def _run(suite: Suite, source: str, frame: pd.DataFrame, kept: list[Record] | None) -> list[Result]:
    batch = _batches().get_batch(batch_parameters={"dataframe": frame})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas deprecations inside the engine are not the reader's business
        outcome = batch.validate(suite.engine_suite, result_format={"result_format": "BASIC"})
    if kept is not None:
        kept.append({"gate": suite.gate, "source": source, "result": outcome.to_json_dict()})
    found = {one.expectation_config.meta["check"]: one for one in outcome.results}
    return [_result(suite.gate, source, frame, rule, found[rule.check.id]) for rule in suite.rules]


def _result(gate: str, source: str, frame: pd.DataFrame, rule: Rule, outcome: Any) -> Result:
    detail = outcome.result or {}
    trouble = (outcome.exception_info or {}).get("raised_exception") or _raised(outcome)
    failed = int(detail.get("unexpected_count") or 0)
    passed = bool(outcome.success) and not trouble
    if passed:
        return Result(gate, source, rule.check, passed, len(frame), 0, "")
    rows = _failing_rows(frame, rule) if rule.locate else None
    examples = _examples(rows, rule, detail, outcome)
    return Result(gate, source, rule.check, passed, len(frame), failed, examples, _keys(rows, rule))


def _raised(outcome: Any) -> bool:
    """Tell whether the engine itself failed: a check that could not be run has not been passed."""
    info = outcome.exception_info or {}
    return any(isinstance(part, dict) and part.get("raised_exception") for part in info.values())


def _examples(rows: pd.DataFrame | None, rule: Rule, detail: dict[str, Any], outcome: Any) -> str:
    """Name some failing rows by the columns that tell them."""
    if rows is not None and len(rows):
        shown = rows.loc[:, list(rule.show)].head(MAX_EXAMPLES).to_dict("records")
        return "; ".join(" ".join(f"{value}" for value in row.values()) for row in shown)
    if detail.get("partial_unexpected_list"):
        return "; ".join(str(value) for value in detail["partial_unexpected_list"][:MAX_EXAMPLES])
    return str(detail.get("details") or detail.get("observed_value") or outcome.exception_info)[:300]


def _keys(rows: pd.DataFrame | None, rule: Rule) -> tuple[str, ...]:
    if rows is None:
        return ()
    shown = rows.loc[:, list(rule.show)].head(MAX_KEYS).to_dict("records")
    return tuple(" ".join(str(value) for value in row.values() if value not in ("_T", "")) for row in shown)


def _failing_rows(frame: pd.DataFrame, rule: Rule) -> pd.DataFrame | None:
    """Ask the engine again, this time for the places of the failing rows: slow, so only after a failure."""
    batch = _batches().get_batch(batch_parameters={"dataframe": frame.reset_index(drop=True)})
    outcome = batch.validate(rule.expectation, result_format={"result_format": "COMPLETE"})
    places = (outcome.result or {}).get("unexpected_index_list")
    return None if not places else frame.iloc[sorted(set(places))]
