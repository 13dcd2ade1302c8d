"""Writing the backtest into docs/methods.md: `make backtest`.

Shares come from the bundled figures, one source for each series by the catalogue's order. Gaps need a long record by
sex, which the bundle does not hold: they come from the real payload of Data360 (daily internet use by sex, terms of
ITU), and only what was found about the method is written down, no figure.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.plan import bundled, wanted
from indicators import backtest, catalogue, gap, projection
from indicators.trend import GAP, SHARE
from schemas import codelist, sdmx_csv
from schemas.errors import Unavailable
from schemas.observation import TOTAL
from schemas.source import Raw
from schemas.sources import data360

START, END = "<!-- backtest: written by `make backtest` -->", "<!-- end of backtest -->"
BY_SEX = "world_bank/data360/ITU_DH_INT_USR_DAY.csv"
Row = dict[str, Any]
DAILY_GAP = "gender gap, daily use"


def shares() -> pa.Table:
    """Give the bundled figures of economies that are bounded shares, each series from its preferred source."""
    parts = [sdmx_csv.read(one.raw, one.side).observations for one in sdmx_csv.bundle(bundled())]
    frame = pa.concat_tables(parts).to_pandas()
    chosen = [name for name, method in projection.methods().items() if method == SHARE]
    frame = frame[frame["indicator"].isin(chosen) & frame["ref_area"].isin(_economies())]
    order = {(one.id, part.source): at for one in catalogue.load().values() for at, part in enumerate(one.series)}
    rank = [order.get(pair, len(order)) for pair in zip(frame["indicator"], frame["source"], strict=True)]
    frame = frame.assign(preference=rank)
    key = [name for name in projection.SERIES if name not in {"source", "edition"}]
    best = frame.groupby(key)["preference"].transform("min")
    return pa.Table.from_pandas(frame[frame["preference"] == best], preserve_index=False)


def _economies() -> set[str]:
    members = codelist.membership().to_pylist()
    return {row["ref_area"] for row in members if row["group_code"] == "WLD"}


def daily_gaps(folder: Path) -> pa.Table | None:
    """Give the relative gender gap in daily internet use by economy and year; None where the payload is not at hand."""
    path = folder / BY_SEX
    if not path.exists():
        return None
    raw = Raw(path.read_bytes(), path.name, received="2026-11-24")
    frame = data360.read(raw, wanted("data360")).observations.to_pandas()
    whole = (frame["age"] == TOTAL) & (frame["urbanisation"] == TOTAL)
    by_sex = frame[whole].pivot_table(index=["ref_area", "year"], columns="sex", values="value")[["F", "M"]].dropna()
    found = gap.measures(by_sex["F"].to_numpy(), by_sex["M"].to_numpy())["relative_gap_pct"]
    table = by_sex.reset_index()[["ref_area", "year"]].assign(value=found, indicator=DAILY_GAP)
    told = dict.fromkeys(("sex", "age", "urbanisation", "breakdown"), TOTAL)
    return pa.Table.from_pandas(table.assign(**told, source="data360", edition=""), preserve_index=False)


def lines(points: pa.Table, gaps: pa.Table) -> Iterator[str]:
    """Give the lines of the tables."""
    both = [(points, SHARE), (gaps, GAP)]
    yield "| series | method | forecasts, economies | coverage | set | held out | bias | error | width |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    yield from (row for table, method in both for row in by_half(backtest.backtest(table, method)))
    yield ""
    yield "| series | outcomes | forecasts | coverage | bias |"
    yield "| --- | --- | --- | --- | --- |"
    for table, method in both:
        for row in backtest.backtest(table, method, by=backtest.BY_ERA).to_pylist():
            if row["method"] == "ours" and row["forecasts"] >= backtest.FEWEST:
                told = f"{row['forecasts']:,} | {row['coverage']:.0%} | {row['bias']:+.1f}"
                yield f"| {_series(row)} | {row['era']} | {told} |"


def by_half(found: pa.Table) -> Iterator[str]:
    """Give one row of the page per series and method that both halves have; bias, error and width are of held out."""
    halves: dict[tuple[str, str], dict[str, Row]] = {}
    for row in found.to_pylist():
        halves.setdefault((_series(row), row["method"]), {})[row["half"]] = row
    for (series, method), pair in halves.items():
        if len(pair) == 2:
            chosen, kept = pair[backtest.SET], pair[backtest.HELD_OUT]
            many = chosen["forecasts"] + kept["forecasts"]
            hit = (chosen["coverage"] * chosen["forecasts"] + kept["coverage"] * kept["forecasts"]) / many
            yield (
                f"| {series} | {method} | {many:,}, {chosen['economies'] + kept['economies']} | {hit:.0%} "
                f"| {chosen['coverage']:.0%} | {kept['coverage']:.0%} | {kept['bias']:+.1f} | {kept['error']:.1f} "
                f"| {kept['width']:.1f} |"
            )


def _series(row: Row) -> str:
    return row["indicator"] if row["breakdown"] == TOTAL else f"{row['indicator']}, {row['breakdown']}"


def write(page: Path, text: str) -> None:
    """Put the text between the two marks of a page. Raises ValueError where the page has no such marks."""
    content = page.read_text(encoding="utf-8")
    before, _ = content.split(START)
    _, after = content.split(END)
    page.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Try the methods and write the tables into the page that the command line names first; then the payloads' folder.

    Raises Unavailable where the payload by sex is not at hand: a page with half of its table would be wrong.
    """
    page, folder = Path(sys.argv[1]), Path(sys.argv[2])
    points, gaps = shares(), daily_gaps(folder)
    if gaps is None:
        raise Unavailable(f"{BY_SEX} is not in {folder}", next_step="name the folder: make backtest PAYLOADS=DIR")
    write(page, "\n".join(lines(points, gaps)))
    for name, table, method in (("shares", points, SHARE), ("gaps", gaps, GAP)):
        sys.stdout.write(f"{name}: in use {method}\n{' ' * len(name)}  chosen {backtest.choose(table, method)}\n")


if __name__ == "__main__":
    main()
