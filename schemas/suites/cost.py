"""What rejects cost an answer: whether too much of a series is lost, and the command that takes codes in."""

from dataclasses import replace

import great_expectations.expectations as gxe
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.check import Check, Result
from schemas.mapping import MAPPABLE, command
from schemas.rejecting import COVERAGE
from schemas.source import Reading
from schemas.suites.gate import Rule

LOSABLE = 0.2
"""Share of a series' areas that may be lost to what is not understood."""
LEAST = 3
"""So many areas must be lost before their share counts: one of four is no fault of the whole answer."""
MAX_COMMANDS = 5
COST = Rule(
    Check(
        "received_cost",
        "fail",
        "What is not understood would cost a series more than a fifth of its economies, or its total.",
        "look at the rejects: most have one cause; map the code, or mend the reader in schemas/sources/",
        "completeness",
        "reject",
    ),
    gxe.ExpectColumnValuesToBeInSet(column="cost", value_set=["little"]),
    ("series_code", "lost", "economies", "totals_lost"),
)


def with_command(source: str, result: Result, rejects: pa.Table) -> Result:
    """Name, as it is typed, the command that takes in what was set aside, code by code."""
    reason = result.check.id.removeprefix("received_")
    if result.passed or reason not in MAPPABLE:
        return result
    details = pc.unique(rejects.filter(pc.equal(rejects["reason"], reason))["detail"]).to_pylist()
    typed = list(dict.fromkeys(filter(None, (command(source, reason, detail) for detail in details))))[:MAX_COMMANDS]
    if not typed:
        return result
    said = f"{result.examples}; to take it in: {'; '.join(typed)}"
    return replace(result, examples=said, check=replace(result.check, next_step=typed[0]))


def costs(reading: Reading) -> pd.DataFrame:
    """Say of each series whether what is not understood costs `little` or `much`.

    Much is all of its areas, more than a fifth of them (and not only one or two), or every row of its total.
    """
    frame = _lost(reading).to_pandas()
    all_lost = frame["lost"] == frame["economies"]
    many = (frame["lost"] > LOSABLE * frame["economies"]) & (frame["lost"] >= LEAST)
    totals = (frame["totals"] > 0) & (frame["totals_lost"] == frame["totals"])
    return frame.assign(cost=(all_lost | many | totals).map({True: "much", False: "little"}).astype("object"))


def _lost(reading: Reading) -> pa.Table:
    """Give what rejects cost each series; of a classification, the areas that its list does not know."""
    members = reading.tables.get("classification")
    if members is None:
        return COVERAGE.empty_table() if reading.coverage is None else reading.coverage
    unknown = reading.rejects.filter(pc.equal(reading.rejects["reason"], "unmapped_area"))
    lost = len(pc.unique(unknown["detail"]))
    known = len(pc.unique(members["ref_area"]))
    row = {"series_code": "classification", "economies": known + lost, "lost": lost, "totals": 0, "totals_lost": 0}
    return pa.Table.from_pylist([row] if lost else [], schema=COVERAGE)
