"""Writing into docs/methods.md how the World Bank's groups compare with ours: `make recompute`."""

import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from indicators import recomputed
from schemas import codelist
from warehouse.query import Session, open_release

START, END = "<!-- recompute: written by `make recompute` -->", "<!-- end of recompute -->"
GROUPS = ("WLD", "HIC", "UMC", "LMC", "LIC", "LDC")
INDICATOR = "internet_users"
_FIGURES = """
SELECT o.ref_area, o.year, o.value, o.sex, o.indicator, o.time_period, o.age, o.urbanisation, o.breakdown, o.source,
  o.obs_status
FROM observation o JOIN area a USING (ref_area)
WHERE o.source = 'world_bank' AND o.indicator = ? AND o.sex = '_T' AND a.kind = ?
ORDER BY o.ref_area, o.year"""


def difference(session: Session) -> pd.DataFrame:
    """Give the comparison of `recomputed.compared` on a release, for the groups that both give."""
    groups, figures = (
        session.con.execute(_FIGURES, [INDICATOR, kind]).to_arrow_table() for kind in ("group", "economy")
    )
    people = session.con.execute(_FIGURES, ["population", "economy"]).to_arrow_table()
    weights = people.select(["ref_area", "year", "sex", "value"]).rename_columns(["ref_area", "year", "sex", "weight"])
    published = groups.select(["ref_area", "year", "value"]).rename_columns(["group_code", "year", "value"])
    found = recomputed.compared(published, figures, codelist.membership(), weights, INDICATOR)
    return found[found["group_code"].isin(GROUPS)]


def lines(found: pd.DataFrame) -> Iterator[str]:
    """Give the tables as Markdown: the differences by year, then those over a point with what explains them."""
    yield f"| year | {' | '.join(GROUPS)} |"
    yield "| --- |" + " --- |" * len(GROUPS)
    cells = {(row["group_code"], row["year"]): row for row in found.to_dict("records")}
    for year in sorted(set(found["year"])):
        yield f"| {year} | {' | '.join(_cell(cells.get((group, year))) for group in GROUPS)} |"
    yield ""
    large = found[found["why"] != ""]
    yield f"Of {len(found)} differences {len(large)} are over a point:"
    yield ""
    yield "| group | years | explained by |"
    yield "| --- | --- | --- |"
    yield from _explained(large)


def _cell(row: Mapping[Any, Any] | None) -> str:
    return "" if row is None else f"{row['difference']:+.1f} ({row['rest']:+.1f})"


def _explained(large: pd.DataFrame) -> Iterator[str]:
    rows = sorted(large.to_dict("records"), key=lambda row: (GROUPS.index(row["group_code"]), row["why"], row["year"]))
    for (group, why), part in groupby(rows, key=lambda row: (row["group_code"], row["why"])):
        told = list(part)
        if why == recomputed.MEMBERSHIP:
            yield f"| {group} | {_spans([row['year'] for row in told])} | {why} |"
        else:
            for row in told:
                yield f"| {group} | {row['year']} | {why}: {_needed(row)} |"


def _needed(row: Mapping[Any, Any]) -> str:
    parts = f"{row['membership']:+.1f} of membership, {row['rest']:+.1f} left"
    if recomputed.MISSING in row["why"]:
        return f"{parts}; the {1 - row['coverage']:.0%} of the population without a figure at {row['needed']:.0f} %"
    other = f"{row['largest']} at {row['largest_needed']:.1f} in place of {row['largest_value']:.1f} %"
    return f"{parts}; {other} would do it"


def _spans(years: list[int]) -> str:
    """Write years as spans: 2005–2014, 2017."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def main() -> None:
    """Write the tables from the newest release of the home that the command line names first, into the page."""
    page = Path(sys.argv[2])
    text = page.read_text(encoding="utf-8")
    before, after = text.split(START)[0], text.split(END)[1]
    with open_release(sys.argv[1]) as session:
        body = "\n".join(lines(difference(session)))
    page.write_text(f"{before}{START}\n\n{body}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
