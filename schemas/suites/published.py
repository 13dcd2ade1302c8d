"""Third gate, published: the tables of a release fit one another and the course of their series is plausible.

The rules are SQL (`schemas/rules/`) that returns the violating rows, because history and tables are too large for a
frame. The warehouse counts the rows; a rule passes when there is none. No engine is needed to compare a count with
zero, so none is loaded; the record has the form of the engine's own, so that its users can load all gates alike.
"""

from collections.abc import Mapping, Sequence

from schemas.check import Record, Result
from schemas.rules import SqlRule, published

OURS = "ictdev"
GATE = "published"
KIND = "unexpected_rows_expectation"
"""Name that Great Expectations gives to an expectation of a query that returns no row."""


def check(broken: Mapping[str, int], kept: list[Record] | None = None) -> list[Result]:
    """Judge how many rows break each rule; the results hold neither rows nor examples yet.

    `kept` takes the record of the run.
    """
    rules = published()
    if kept is not None:
        judged = [_record(rule, broken[name]) for name, rule in rules.items()]
        kept.append({"gate": GATE, "source": OURS, "result": _suite(judged)})
    return [Result(GATE, OURS, rule.check, not broken[name], 1, broken[name], "") for name, rule in rules.items()]


def _record(rule: SqlRule, broken: int) -> Record:
    meta = {"check": rule.check.id, "severity": rule.check.severity, "meaning": rule.check.meaning}
    return {
        "success": not broken,
        "expectation_config": {"type": KIND, "kwargs": {"unexpected_rows_query": rule.query}, "meta": meta},
        "result": {"observed_value": broken},
        "meta": {},
        "exception_info": {"raised_exception": False, "exception_traceback": None, "exception_message": None},
    }


def _suite(judged: Sequence[Record]) -> Record:
    passed = sum(one["success"] for one in judged)
    counts = {
        "evaluated_expectations": len(judged),
        "successful_expectations": passed,
        "unsuccessful_expectations": len(judged) - passed,
        "success_percent": 100 * passed / len(judged) if judged else None,
    }
    return {
        "success": passed == len(judged),
        "results": list(judged),
        "suite_name": GATE,
        "suite_parameters": {},
        "statistics": counts,
        "meta": {},
        "id": None,
    }
