"""The third gate judges counts without the engine, and writes a record that the engine's users can load."""

import subprocess
import sys

from schemas.rules import published as rules
from schemas.suites import published


def test_a_rule_passes_when_no_row_breaks_it():
    broken = dict.fromkeys(rules(), 0) | {"published_key_unique": 3}
    failed = [one for one in published.check(broken) if not one.passed]
    assert [(one.check.id, one.rows_failed, one.holds) for one in failed] == [("published_key_unique", 3, True)]


def test_the_engine_can_load_the_record():
    from great_expectations.core.expectation_validation_result import (  # noqa: PLC0415
        ExpectationSuiteValidationResultSchema,
    )

    kept: list[dict[str, object]] = []
    published.check(dict.fromkeys(rules(), 0) | {"published_key_unique": 3}, kept)
    (record,) = kept
    assert (record["gate"], record["source"]) == ("published", "ictdev")
    loaded = ExpectationSuiteValidationResultSchema().load(record["result"])
    assert not loaded.success
    assert loaded.statistics["unsuccessful_expectations"] == 1
    failed = [one for one in loaded.results if not one.success]
    assert [one.expectation_config.type for one in failed] == ["unexpected_rows_expectation"]
    assert failed[0].expectation_config.meta["check"] == "published_key_unique"
    assert failed[0].result == {"observed_value": 3}


def test_no_engine_is_loaded():
    code = (
        "import sys, schemas.suites.published; sys.exit('great_expectations' in sys.modules or 'pandas' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
