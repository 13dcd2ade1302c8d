"""First gate, received: what a publisher sent could be read whole, and speaks of what was asked for."""

from collections.abc import Sequence

import great_expectations.expectations as gxe
import pandas as pd

from schemas.check import Check, Record, Result, Severity
from schemas.source import Reading, Series, Source
from schemas.suites.cost import COST, costs, with_command
from schemas.suites.gate import Rule, Suite, run

_SHOW = ("detail", "record", "series_code")


def _no_reject(reason: str, meaning: str, next_step: str, dimension: str, severity: Severity = "fail") -> Rule:
    check = Check(f"received_{reason}", severity, meaning, next_step, dimension, "reject")
    return Rule(check, gxe.ExpectColumnValuesToNotBeInSet(column="reason", value_set=[reason]), _SHOW)


_TAKE_IN = "ictdev map SOURCE DIMENSION CODE=OURS --why TEXT takes it in, if you know what it means"
RECORDS = (
    _no_reject(
        "unmapped_area",
        "An area code of the publisher is not in our code list; its records were set aside.",
        _TAKE_IN,
        "coherence",
        "warn",
    ),
    _no_reject(
        "not_a_number",
        "A value is a text that is no number; the record was set aside.",
        "look at the record; a new mark for 'no figure' belongs in schemas/reading.py",
        "accuracy",
        "warn",
    ),
    _no_reject(
        "unknown_code",
        "A code of the publisher for sex, age, place, breakdown or unit is not known to its reader; set aside.",
        _TAKE_IN,
        "coherence",
        "warn",
    ),
    _no_reject(
        "unknown_status",
        "A mark of the publisher that may change what a figure is (flag, qualifier, status) is not known; set aside.",
        _TAKE_IN,
        "accuracy",
        "warn",
    ),
    _no_reject(
        "unknown_dimension",
        "A column that is not known tells figures apart; they were set aside, because they need not be totals.",
        "docs/add-a-source.md#columns; ictdev map SOURCE COLUMN 'VALUE=_T' --why TEXT if the value is the total",
        "coherence",
        "warn",
    ),
    _no_reject(
        "unknown_indicator",
        "Figures name an indicator that there is not; they were set aside.",
        "the sheet Codes of a fresh form lists them: ictdev submit --template FORM.xlsx",
        "coherence",
        "warn",
    ),
    _no_reject(
        "unknown_action",
        "A row names an action that is none of append, merge, replace, delete; it was set aside.",
        "look at the column ACTION of the record",
        "coherence",
        "warn",
    ),
    _no_reject(
        "unit_mismatch",
        "A figure comes in a unit that does not fit its indicator and cannot be converted; it was set aside.",
        "look at the record; a unit of the same measure can be mapped: ictdev map SOURCE unit CODE=OURS --why TEXT",
        "accuracy",
        "warn",
    ),
    _no_reject(
        "bad_period",
        "A period is no year, quarter or month; the record was set aside.",
        "look at the record; the source's file may have to translate it",
        "coherence",
        "warn",
    ),
    _no_reject(
        "no_figure",
        "The publisher marks a value as a placeholder: not applicable, suppressed, in another category.",
        "nothing to do: the table reject keeps it with its mark",
        "accuracy",
        "info",
    ),
)

REPEATED = _no_reject(
    "repeated", "The publisher says the same thing twice.", "nothing to do: one of the two was kept", "accuracy", "warn"
)
BEYOND = (
    _no_reject(
        "out_of_bounds",
        "Single values lie outside what the indicator can be; they were set aside.",
        "look at the records in the table reject, and tell the publisher",
        "accuracy",
        "warn",
    ),
    _no_reject(
        "count_with_fraction",
        "Single counts of things have a fraction; they were set aside.",
        "look at the records in the table reject: a rate or a figure in thousands is another indicator",
        "accuracy",
        "warn",
    ),
    _no_reject(
        "impossible_year",
        "Single figures speak of the future, or of a time before all series; they were set aside.",
        "look at the records in the table reject",
        "accuracy",
        "warn",
    ),
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

_GATE = "received"
_REJECTS = Suite(_GATE, (*RECORDS, REPEATED, CENSORED, LEFT_OUT, SET_ASIDE))
_EXTENT = Suite(_GATE, (ECONOMIES, BEGINNING))
_FIGURES = Suite(_GATE, (FIGURES,))
_BEYOND = Suite(_GATE, tuple(BEYOND))
_COST = Suite(_GATE, (COST,))


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
    results = run(_REJECTS, source, rejects, kept)
    counts = reading.observations.group_by("series_code").aggregate([("value", "count")]).to_pandas()
    known = dict(zip(counts["series_code"], counts["value_count"], strict=True))
    spoken_of = {scope.series_code for scope in reading.scopes if scope.basis == "whole"}
    codes = sorted({series.code for series in asked} | spoken_of | set(known))
    figures = pd.DataFrame({"series_code": codes, "figures": [int(known.get(code, 0)) for code in codes]})
    expected = run(_EXTENT, source, _extent(reading, contract), kept) if contract else []
    cost = run(_COST, source, costs(reading), kept)
    told = [with_command(source, result, reading.rejects) for result in results]
    return [*cost, *told, *run(_FIGURES, source, figures, kept), *expected]


def check_set_aside(source: str, reading: Reading) -> list[Result]:
    """Tell which figures lay outside their bounds, after corrections had their turn."""
    return run(_BEYOND, source, reading.rejects.to_pandas())


def _extent(reading: Reading, contract: Source) -> pd.DataFrame:
    """Say of each series that an answer holds whole how many economies it has and when it begins."""
    whole = {scope.series_code for scope in reading.scopes if scope.areas is None and scope.basis == "whole"}
    told = reading.observations.group_by("series_code").aggregate([("ref_area", "count_distinct"), ("year", "min")])
    frame = told.rename_columns(["series_code", "economies", "first"]).to_pandas()
    frame = frame[frame["series_code"].isin(whole)].reset_index(drop=True)
    return frame.assign(expected=contract.economies, beginning=contract.first_year)
