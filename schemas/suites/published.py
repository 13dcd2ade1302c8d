"""Third gate, published: the tables of a release fit one another and the course of their series is plausible.

The rules are SQL (`schemas/rules/`), because history and tables are too large for a frame; the warehouse counts the
rows that break each, and the engine judges the counts, so that all gates give results of one kind.
"""

from collections.abc import Mapping

import great_expectations.expectations as gxe
import pandas as pd

from schemas.check import Result
from schemas.rules import SqlRule, published
from schemas.suites.gate import Record, Rule, run

OURS = "ictdev"


def check(broken: Mapping[str, int], kept: list[Record] | None = None) -> list[Result]:
    """Judge how many rows break each rule; the results hold neither rows nor examples yet.

    `kept` takes the engine's own record of the run.
    """
    rules = published()
    frame = pd.DataFrame({name: [broken[name]] for name in rules})
    return run("published", OURS, frame, [_none_broken(rules[name]) for name in rules], kept)


def _none_broken(rule: SqlRule) -> Rule:
    expectation = gxe.ExpectColumnMaxToBeBetween(column=rule.check.id, max_value=0)
    return Rule(rule.check, expectation, (rule.check.id,), locate=False)
