"""First gate, received: what a publisher sent could be read whole, and speaks of what was asked for."""

from collections.abc import Sequence

import great_expectations.expectations as gxe
import pandas as pd

from schemas.check import Check, Result, Severity
from schemas.source import Reading, Series, Source
from schemas.suites.gate import Record, Rule, run

_SHOW = ("detail", "record", "series_code")


def _no_reject(reason: str, meaning: str, next_step: str, dimension: str, severity: Severity = "fail") -> Rule:
    check = Check(f"received_{reason}", severity, meaning, next_step, dimension, "reject")
    return Rule(check, gxe.ExpectColumnValuesToNotBeInSet(column="reason", value_set=[reason]), _SHOW)


RECORDS = (
    _no_reject(
        "unmapped_area",
        "An area code of the publisher is not in our code list.",
        "add the code to schemas/codelists/area.csv, or tell the publisher",
        "coherence",
    ),
    _no_reject(
        "not_a_number",
        "A value is a text that is no number.",
        "look at the record; a new mark for 'no figure' belongs in schemas/reading.py",
        "accuracy",
    ),
    _no_reject(
        "unknown_code",
        "A code of the publisher for sex, age, place, breakdown or status is not known to its reader.",
        "translate the code in the source's file in schemas/sources/",
        "coherence",
    ),
    _no_reject(
        "bad_period",
        "A period is no year, quarter or month.",
        "look at the record; the source's file may have to translate it",
        "coherence",
    ),
)

REPEATED = _no_reject(
    "repeated", "The publisher says the same thing twice.", "nothing to do: one of the two was kept", "accuracy", "warn"
)
BEYOND = _no_reject(
    "out_of_bounds",
    "Single values lie outside what the indicator can be; they were set aside.",
    "look at the records in the table reject, and tell the publisher",
    "accuracy",
    "warn",
)
CENSORED = _no_reject(
    "censored",
    "A value is a bound (<0.1, >95), not a figure.",
    "nothing to do: the table reject keeps it with its record",
    "accuracy",
    "info",
)
SET_ASIDE = Rule(
    Check(
        "received_set_aside",
        "warn",
        "Tiles did not count (in no economy, impossible, repeated), or a day's statistics contradict each other.",
        "look at the rejects: each says how many; a lookup of some economies only leaves the other tiles aside",
        "completeness",
        "reject",
    ),
    gxe.ExpectColumnValuesToNotMatchRegex(column="reason", regex="^(?:tile_|doubtful_day)"),
    _SHOW,
)
LEFT_OUT = _no_reject(
    "left_out",
    "The bundle leaves out figures that cannot be.",
    "nothing to do: the table reject tells each",
    "accuracy",
    "info",
)

FIGURES = Rule(
    Check(
        "received_figures_present",
        "fail",
        "A series that was asked for came without a single figure.",
        "try again later; if it stays so, the publisher ended or renamed the series",
        "completeness",
    ),
    gxe.ExpectColumnValuesToBeBetween(column="figures", min_value=1),
    ("series_code", "figures"),
)


ECONOMIES = Rule(
    Check(
        "received_economies_expected",
        "warn",
        "A whole answer speaks of fewer economies than its publisher usually has.",
        "look at the answer: a part of it may be missing",
        "completeness",
    ),
    gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="economies", column_B="expected", or_equal=True),
    ("series_code", "economies", "expected"),
)
BEGINNING = Rule(
    Check(
        "received_first_year_expected",
        "warn",
        "A series begins earlier than its publisher's series do.",
        "look at the first years: they may be misread",
        "coherence",
    ),
    gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="first", column_B="beginning", or_equal=True),
    ("series_code", "first", "beginning"),
)


def check(
    source: str,
    reading: Reading,
    asked: Sequence[Series] = (),
    contract: Source | None = None,
    kept: list[Record] | None = None,
) -> list[Result]:
    """Run the gate on one reading; `asked` are the series that the answer must hold, beside those it speaks of.

    `contract` is given for what the publisher itself answered: its whole answers are held against what it expects.
    `kept` takes the engine's own record.
    """
    rejects = reading.rejects.to_pandas()
    results = run("received", source, rejects, [*RECORDS, REPEATED, CENSORED, LEFT_OUT, SET_ASIDE], kept)
    counts = reading.observations.group_by("series_code").aggregate([("value", "count")]).to_pandas()
    known = dict(zip(counts["series_code"], counts["value_count"], strict=True))
    spoken_of = {scope.series_code for scope in reading.scopes if scope.basis == "whole"}
    codes = sorted({series.code for series in asked} | spoken_of | set(known))
    figures = pd.DataFrame({"series_code": codes, "figures": [int(known.get(code, 0)) for code in codes]})
    expected = run("received", source, _extent(reading, contract), [ECONOMIES, BEGINNING], kept) if contract else []
    return [*results, *run("received", source, figures, [FIGURES], kept), *expected]


def check_set_aside(source: str, reading: Reading) -> list[Result]:
    """Tell which figures lay outside their bounds, after corrections had their turn."""
    return run("received", source, reading.rejects.to_pandas(), [BEYOND])


def _extent(reading: Reading, contract: Source) -> pd.DataFrame:
    """Say of each series that an answer holds whole how many economies it has and when it begins."""
    whole = {scope.series_code for scope in reading.scopes if scope.areas is None and scope.basis == "whole"}
    told = reading.observations.group_by("series_code").aggregate([("ref_area", "count_distinct"), ("year", "min")])
    frame = told.rename_columns(["series_code", "economies", "first"]).to_pandas()
    frame = frame[frame["series_code"].isin(whole)].reset_index(drop=True)
    return frame.assign(expected=contract.economies, beginning=contract.first_year)
