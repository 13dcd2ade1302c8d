"""The job in polars: lazy frames, Parquet files as the store."""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

KEY = ["source", "indicator", "ref_area", "time_period", "sex", "age", "urbanisation", "breakdown"]
CONTENT = ["value", "unit", "obs_status", "note"]
SERIES = ["indicator", "time_period", "year", "sex", "age", "urbanisation", "breakdown"]
NAMES = {"OBS_VALUE": "value", "UNIT_MEASURE": "unit", "COMMENT_OBS": "note"}


def load(bundle: Path) -> pl.LazyFrame:
    """Read every file of the bundle."""
    parts = []
    for path in sorted(bundle.glob("*.csv.gz")):
        frame = pl.scan_csv(path, infer_schema=False, empty_string_is_null=False)
        parts.append(frame.with_columns(source=pl.lit(path.name.removesuffix(".csv.gz"))))
    frame = (
        pl.concat(parts).drop("STRUCTURE", "STRUCTURE_ID", "ACTION").rename(lambda name: NAMES.get(name, name.lower()))
    )
    return frame.with_columns(pl.col("value").cast(pl.Float64), year=pl.col("time_period").cast(pl.Int64))


def historise(arrived: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Close what is gone or differs, open what is new or differs."""
    now = datetime.now(UTC)
    fresh = arrived.with_columns(valid_from=pl.lit(now), valid_to=pl.lit(None, pl.Datetime("us", "UTC")))
    if not path.exists():
        return fresh
    history = pl.read_parquet(path)
    current = history.filter(pl.col("valid_to").is_null())
    same = current.join(arrived.select(KEY + CONTENT), on=KEY + CONTENT, how="semi", nulls_equal=True)
    ended = current.join(same.select(KEY), on=KEY, how="anti").with_columns(valid_to=pl.lit(now))
    opened = fresh.join(same.select(KEY), on=KEY, how="anti").select(history.columns)
    return pl.concat([history.filter(pl.col("valid_to").is_not_null()), same, ended, opened])


def gaps(current: pl.LazyFrame, indicators: pl.LazyFrame) -> pl.LazyFrame:
    """Give the gender gap of every comparable pair."""
    place = [name for name in KEY if name != "sex"]
    told = ["value", "note", "edition"]
    sides = current.join(indicators.filter("gapped"), on="indicator", how="semi").select(*place, "sex", *told)
    women = sides.filter(pl.col("sex") == "F").drop("sex")
    men = sides.filter(pl.col("sex") == "M").drop("sex")
    both = women.join(men, on=place, suffix="_male").rename({"value": "female", "value_male": "male"})
    alike = (pl.col("note") == pl.col("note_male")) & (pl.col("edition") == pl.col("edition_male"))
    return both.filter(alike & (pl.col("male") > 0)).select(
        *place, "female", "male", relative_gap_pct=(pl.col("male") - pl.col("female")) / pl.col("male") * 100,
        parity=pl.col("female") / pl.col("male"),
    )  # fmt: skip


def aggregates(current: pl.LazyFrame, reference: dict[str, pl.LazyFrame]) -> pl.LazyFrame:
    """Give the population-weighted mean of every group, series and year."""
    economies = reference["area"].filter(pl.col("kind") == "economy")
    ranked = current.join(economies, on="ref_area", how="semi").join(
        reference["preference"], on=["indicator", "source"], how="left"
    )
    order = pl.struct(pl.col("preference").fill_null(1000), "source").rank("min")
    series = ["indicator", "ref_area", "sex", "age", "urbanisation", "breakdown"]
    preferred = ranked.filter(order.over(series) == 1)
    total = (pl.col("indicator") == "population") & (pl.col("sex") == "_T") & (pl.col("age") == "_T")
    people = preferred.filter(total).select("ref_area", "year", weight="value")
    day = pl.date(pl.col("year"), 7, 1)
    belongs = (pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)) & (
        pl.col("valid_to").is_null() | (pl.col("valid_to") > day)
    )
    years = current.select("year").unique()
    member = reference["area_group"].join(years, how="cross").filter(belongs).select("group_code", "ref_area", "year")
    member = member.join(people, on=["ref_area", "year"], how="left")
    whole = member.group_by("group_code", "year").agg(whole=pl.col("weight").sum(), members=pl.len())
    chosen = preferred.join(reference["indicator"].filter("aggregated"), on="indicator")
    paired = chosen.join(member.filter(pl.col("weight") > 0), on=["ref_area", "year"])
    summed = paired.group_by("group_code", *SERIES, "minimum_coverage").agg(
        mean=(pl.col("value") * pl.col("weight")).sum() / pl.col("weight").sum(),
        weight=pl.col("weight").sum(),
        reporting=pl.len(),
    )
    found = summed.join(whole, on=["group_code", "year"]).with_columns(coverage=pl.col("weight") / pl.col("whole"))
    enough = pl.col("coverage") >= pl.col("minimum_coverage")
    return found.with_columns(value=pl.when(enough).then("mean")).drop("mean", "weight", "whole", "minimum_coverage")


def main(bundle: Path, reference: Path, out: Path) -> None:
    """Do the whole job once."""
    out.mkdir(parents=True, exist_ok=True)
    history = historise(load(bundle).collect(), out / "history.parquet")
    history.write_parquet(out / "history.parquet", compression="zstd")
    current = history.filter(pl.col("valid_to").is_null()).drop("valid_from", "valid_to").lazy()
    names = ("indicator", "preference", "area", "area_group")
    tables = {name: pl.scan_csv(reference / f"{name}.csv", try_parse_dates=True) for name in names}
    found = pl.collect_all([gaps(current, tables["indicator"]), aggregates(current, tables)])
    for name, frame in zip(("observation", "gap", "aggregate"), (current.collect(), *found), strict=True):
        frame.write_parquet(out / f"{name}.parquet", compression="zstd")


if __name__ == "__main__":
    wall, cpu = time.perf_counter(), time.process_time()
    main(*map(Path, sys.argv[1:]))
    print(json.dumps({"work_wall": time.perf_counter() - wall, "work_cpu": time.process_time() - cpu}))
