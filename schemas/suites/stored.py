"""Second gate, stored: every observation keeps the contract of the one row."""

from collections.abc import Collection, Mapping
from functools import cache

import great_expectations.expectations as gxe
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.check import Check, Record, Result
from schemas.codelist import codes
from schemas.counts import LARGE, NONE, WRONG, fractions
from schemas.observation import FIRST_YEAR, KEY, OBSERVATION
from schemas.suites.gate import Rule, Suite, run

Bounds = tuple[float | None, float | None]
_SHOW = ("indicator", "ref_area", "time_period", "sex", "breakdown", "value", "record")


_LISTS = {
    "ref_area": ("area", "ref_area"), "sex": ("sex", "code"), "age": ("age", "code"),
    "urbanisation": ("urbanisation", "code"), "breakdown": ("breakdown", "code"), "unit": ("unit", "code"),
    "obs_status": ("obs_status", "code"),
}  # fmt: skip
"""Column with codes → its code list and the column of that."""


def _codes_known(column: str, codelist: str, code_column: str) -> Rule:
    check = Check(
        f"stored_{column}_known",
        "fail",
        f"The {column.replace('_', ' ')} is a code of schemas/codelists/{codelist}.csv.",
        f"add the code to schemas/codelists/{codelist}.csv or translate it in the source's file",
        "coherence",
    )
    values = codes(codelist, code_column).to_pylist()
    return Rule(
        check, gxe.ExpectColumnValuesToBeInSet(column=column, value_set=values), tuple(dict.fromkeys((*_SHOW, column)))
    )


def _bound(side: str) -> Rule:
    lower = side == "lower"
    check = Check(
        f"stored_value_{'not_below' if lower else 'not_above'}_bound",
        "fail",
        f"A value lies {'below the least' if lower else 'above the most'} that the indicator can be.",
        "a share above 100 % is usually another unit or a wrong column: look at the record",
        "accuracy",
    )
    columns = ("value", "lower") if lower else ("upper", "value")
    expectation = gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=columns[0], column_B=columns[1], or_equal=True, ignore_row_if="either_value_is_missing"
    )
    return Rule(check, expectation, _SHOW)


@cache
def _suite(this_year: int, indicators: tuple[str, ...]) -> Suite:
    """Give the suite of a year and the indicators of the catalogue; it is made once for all answers."""
    return Suite("stored", tuple(_rules(this_year, list(indicators))))


def _counts() -> list[Rule]:
    """Give the rules on counts of things: a small one has no fraction, a large one may have been averaged."""
    whole = Check(
        "stored_count_whole",
        "fail",
        "A count of things has a fraction.",
        "look at the record: it is a rate, a figure in thousands, or another column",
        "accuracy",
    )
    rounded = Check(
        "stored_count_rounded",
        "info",
        "A large count of things has a fraction; it is kept.",
        "nothing to do: publishers print averages of a year",
        "accuracy",
    )
    return [
        Rule(whole, gxe.ExpectColumnValuesToBeInSet(column="fraction", value_set=[NONE, LARGE]), _SHOW),
        Rule(rounded, gxe.ExpectColumnValuesToBeInSet(column="fraction", value_set=[NONE, WRONG]), _SHOW),
    ]


def _rules(this_year: int, indicators: list[str]) -> list[Rule]:
    shape = Check("stored_columns", "fail", "The columns are those of the observation.", "mend the reader", "coherence")
    unique = Check(
        "stored_key_unique",
        "fail",
        "Two figures claim the same place: one source, series, area, period and breakdown with different values.",
        "look at both records; a dimension is missing from the key, or the publisher contradicts itself",
        "accuracy",
    )
    year = Check(
        "stored_year_possible",
        "fail",
        f"The year lies between {FIRST_YEAR} and {this_year}: no figure speaks of the future.",
        "look at the record; a projection must be named as such and has no place here",
        "accuracy",
    )
    named = Check(
        "stored_indicator_known",
        "fail",
        "The indicator has a file in indicators/catalogue/.",
        "add the file, or leave the series out",
        "coherence",
    )
    columns = [*OBSERVATION.names, "lower", "upper", "fraction"]
    years = list(range(FIRST_YEAR, this_year + 1))  # a set is tested at once, a range row by row
    return [
        Rule(shape, gxe.ExpectTableColumnsToMatchSet(column_set=columns, exact_match=True), _SHOW),
        Rule(unique, gxe.ExpectCompoundColumnsToBeUnique(column_list=list(KEY)), _SHOW),
        Rule(year, gxe.ExpectColumnValuesToBeInSet(column="year", value_set=years), _SHOW),
        Rule(named, gxe.ExpectColumnValuesToBeInSet(column="indicator", value_set=indicators), _SHOW),
        *(_codes_known(column, *of) for column, of in _LISTS.items()),
        *_counts(),
        _bound("lower"),
        _bound("upper"),
    ]


def check(
    source: str,
    observations: pa.Table,
    bounds: Mapping[str, Bounds],
    this_year: int,
    kept: list[Record] | None = None,
) -> list[Result]:
    """Run the gate on one source's observations.

    `bounds` gives for every indicator of the catalogue the least and the most that a value can be, None where it
    has no bound; they are handed in because contracts know nothing of the catalogue. `kept` takes the engine's record.
    """
    return run(_suite(this_year, tuple(sorted(bounds))), source, _frame(observations, bounds), kept)


def keeps_contract(observations: pa.Table, indicators: Collection[str], this_year: int) -> pa.ChunkedArray:
    """Tell of each figure whether indicator, codes and year are ones that a figure can have."""
    known = pc.is_in(observations["indicator"], value_set=pa.array(sorted(indicators), pa.string()))
    for column, (codelist, code_column) in _LISTS.items():
        known = pc.and_(known, pc.is_in(observations[column], value_set=codes(codelist, code_column)))
    year = observations["year"]
    return pc.and_(known, pc.and_(pc.greater_equal(year, FIRST_YEAR), pc.less_equal(year, this_year)))


def _frame(observations: pa.Table, bounds: Mapping[str, Bounds]) -> pd.DataFrame:
    frame = observations.to_pandas()
    indicator = frame["indicator"].astype("category")
    for position, side in enumerate(("lower", "upper")):
        of_category = [bounds.get(name, (None, None))[position] for name in indicator.cat.categories]
        values = pd.Series([float("nan") if bound is None else float(bound) for bound in of_category], dtype="float64")
        frame[side] = values.take(indicator.cat.codes).to_numpy()
    frame["fraction"] = fractions(observations).to_pandas().to_numpy()
    return frame
