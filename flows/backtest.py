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
from indicators import backtest, catalogue, pair_backtest, projection, reliability
from indicators.pair import TOGETHER
from indicators.trend import GAP, SHARE, Outlook
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


def daily_pairs(folder: Path) -> pa.Table | None:
    """Give women's and men's daily internet use by economy and year; None where the payload is not at hand."""
    path = folder / BY_SEX
    if not path.exists():
        return None
    raw = Raw(path.read_bytes(), path.name, received="2026-11-24")
    frame = data360.read(raw, wanted("data360")).observations.to_pandas()
    whole = (frame["age"] == TOTAL) & (frame["urbanisation"] == TOTAL)
    by_sex = frame[whole].pivot_table(index=["ref_area", "year"], columns="sex", values="value")[["F", "M"]].dropna()
    frame = by_sex.rename(columns={"F": "female", "M": "male"}).reset_index().assign(indicator=DAILY_GAP, sex=TOTAL)
    told = dict.fromkeys(("age", "urbanisation", "breakdown"), TOTAL)
    return pa.Table.from_pandas(frame.assign(**told, source="data360", edition=""), preserve_index=False)


def lines(points: pa.Table, pairs: pa.Table) -> Iterator[str]:
    """Give the lines of the three tables: by method, by the years of the outcomes, and of the probabilities."""
    yield "| series | method | forecasts, economies | coverage | set | held out | bias | error | width |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    yield from by_half(backtest.backtest(points, SHARE))
    yield from by_half(pair_backtest.pair_backtest(pairs))
    yield from ("", "| series | outcomes | forecasts | coverage | bias |", "| --- | --- | --- | --- | --- |")
    yield from _by_era(backtest.backtest(points, SHARE, by=backtest.BY_ERA))
    yield from _by_era(pair_backtest.pair_backtest(pairs, by=backtest.BY_ERA))
    yield from ("", "| targets | probability given | cases | mean of it | met |", "| --- | --- | --- | --- | --- |")
    cases, pair_cases = backtest.cases(points, SHARE), pair_backtest.pair_cases(pairs)
    yield from by_probability("shares", cases, backtest.outlook_of(cases, SHARE))
    yield from by_probability("gaps", pair_cases.gap, pair_backtest.outlook(pair_cases))


def by_probability(name: str, cases: backtest.Cases, outlook: Outlook) -> Iterator[str]:
    """Give the rows of how many targets were met of those given a probability."""
    for row in reliability.reliability(cases, outlook).to_pylist():
        told = f"{row['lower']:.0%} to {row['upper']:.0%} | {row['cases']:,} | {row['expected']:.0%} | {row['met']:.0%}"
        yield f"| {name} | {told} |"


def _by_era(found: pa.Table) -> Iterator[str]:
    for row in found.to_pylist():
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
    points, pairs = shares(), daily_pairs(folder)
    if pairs is None:
        raise Unavailable(f"{BY_SEX} is not in {folder}", next_step="name the folder: make backtest PAYLOADS=DIR")
    write(page, "\n".join(lines(points, pairs)))
    sys.stdout.write("\n".join(settings(points, pairs)) + "\n")


def settings(points: pa.Table, pairs: pa.Table) -> Iterator[str]:
    """Say which constants are in use, and which the half `set` would choose now."""
    gaps = pair_backtest.gaps_of(pairs)
    yield f"shares: in use {SHARE}\n        chosen {backtest.choose(points, SHARE)}"
    yield f"gaps:   in use {GAP}\n        chosen {backtest.choose(gaps, GAP)}"
    yield f"pairs:  in use {TOGETHER}, chosen {pair_backtest.choose_together(pairs)}"


if __name__ == "__main__":
    main()
