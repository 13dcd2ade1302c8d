"""The job in pandas: frames in memory, Parquet files as the store."""

import json
import sys
import time
from pathlib import Path

import pandas as pd

KEY = ["source", "indicator", "ref_area", "time_period", "sex", "age", "urbanisation", "breakdown"]
CONTENT = ["value", "unit", "obs_status", "note"]
SERIES = ["indicator", "time_period", "year", "sex", "age", "urbanisation", "breakdown"]
NAMES = {"OBS_VALUE": "value", "UNIT_MEASURE": "unit", "COMMENT_OBS": "note"}


def load(bundle: Path) -> pd.DataFrame:
    """Read every file of the bundle."""
    parts = []
    for path in sorted(bundle.glob("*.csv.gz")):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, engine="pyarrow", dtype_backend="pyarrow")
        parts.append(frame.assign(source=path.name.removesuffix(".csv.gz")))
    frame = pd.concat(parts, ignore_index=True).drop(columns=["STRUCTURE", "STRUCTURE_ID", "ACTION"])
    frame = frame.rename(columns=lambda name: NAMES.get(name, name.lower()))
    return frame.assign(value=frame["value"].astype("float64"), year=frame["time_period"].astype("int64"))


def historise(arrived: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Close what is gone or differs, open what is new or differs."""
    now = pd.Timestamp.now("UTC")
    fresh = arrived.assign(
        valid_from=now, valid_to=pd.Series(pd.NaT, arrived.index, dtype=pd.DatetimeTZDtype(tz="UTC"))
    )
    if not path.exists():
        return fresh
    history = pd.read_parquet(path, dtype_backend="pyarrow")
    current = history["valid_to"].isna()
    told = pd.MultiIndex.from_frame(history.loc[current, KEY + CONTENT].astype(object))
    arrives = pd.MultiIndex.from_frame(arrived[KEY + CONTENT].astype(object))
    ended = current.copy()
    ended[current] = ~told.isin(arrives)
    history.loc[ended, "valid_to"] = now
    return pd.concat([history, fresh[~arrives.isin(told)]], ignore_index=True)


def gaps(current: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Give the gender gap of every comparable pair."""
    place = [name for name in KEY if name != "sex"]
    sides = current[current["indicator"].isin(indicators.loc[indicators["gapped"], "indicator"])]
    columns = [*place, "value", "note", "edition"]
    women, men = (sides.loc[sides["sex"] == sex, columns] for sex in ("F", "M"))
    both = women.merge(men, on=place, suffixes=("_female", "_male"))
    alike = (both["note_female"] == both["note_male"]) & (both["edition_female"] == both["edition_male"])
    both = both[alike & (both["value_male"] > 0)].rename(columns={"value_female": "female", "value_male": "male"})
    both["relative_gap_pct"] = (both["male"] - both["female"]) / both["male"] * 100
    both["parity"] = both["female"] / both["male"]
    return both[[*place, "female", "male", "relative_gap_pct", "parity"]]


def preferred(current: pd.DataFrame, reference: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Give economies' figures of the one source that each series is taken from."""
    area = reference["area"]
    own = current[current["ref_area"].isin(area.loc[area["kind"] == "economy", "ref_area"])]
    ranked = own.merge(reference["preference"], on=["indicator", "source"], how="left").fillna({"preference": 1000})
    series = ["indicator", "ref_area", "sex", "age", "urbanisation", "breakdown"]
    sources = ranked[[*series, "source", "preference"]].drop_duplicates()
    first = sources.sort_values(["preference", "source"]).drop_duplicates(series)
    return ranked.drop(columns="preference").merge(first[[*series, "source"]], on=[*series, "source"])


def members(groups: pd.DataFrame, years: list[int], people: pd.DataFrame) -> pd.DataFrame:
    """Give who belongs to which group on 1 July of each year, with the population."""
    pairs = groups.merge(pd.DataFrame({"year": years}), how="cross")
    day = pd.to_datetime(pairs["year"].astype(str) + "-07-01")
    start, end = (pd.to_datetime(pairs[name]) for name in ("valid_from", "valid_to"))
    belongs = (start.isna() | (start <= day)) & (end.isna() | (end > day))
    return pairs.loc[belongs, ["group_code", "ref_area", "year"]].merge(people, on=["ref_area", "year"], how="left")


def aggregates(current: pd.DataFrame, reference: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Give the population-weighted mean of every group, series and year."""
    chosen = preferred(current, reference)
    total = (chosen["indicator"] == "population") & (chosen["sex"] == "_T") & (chosen["age"] == "_T")
    people = chosen.loc[total, ["ref_area", "year", "value"]].rename(columns={"value": "weight"})
    member = members(reference["area_group"], sorted(current["year"].unique()), people)
    whole = member.groupby(["group_code", "year"]).agg(whole=("weight", "sum"), members=("ref_area", "size"))
    indicators = reference["indicator"]
    values = chosen.merge(indicators.loc[indicators["aggregated"], ["indicator", "minimum_coverage"]], on="indicator")
    paired = values.merge(member[member["weight"] > 0], on=["ref_area", "year"])
    paired["product"] = paired["value"] * paired["weight"]
    grouped = paired.groupby(["group_code", *SERIES, "minimum_coverage"], observed=True)
    found = grouped.agg(product=("product", "sum"), weight=("weight", "sum"), reporting=("value", "size")).reset_index()
    found = found.merge(whole.reset_index(), on=["group_code", "year"])
    found["coverage"] = found["weight"] / found["whole"]
    found["value"] = (found["product"] / found["weight"]).where(found["coverage"] >= found["minimum_coverage"])
    return found.drop(columns=["product", "weight", "whole", "minimum_coverage"])


def main(bundle: Path, reference: Path, out: Path) -> None:
    """Do the whole job once."""
    out.mkdir(parents=True, exist_ok=True)
    history = historise(load(bundle), out / "history.parquet")
    current = history[history["valid_to"].isna()].drop(columns=["valid_from", "valid_to"])
    tables = {
        name: pd.read_csv(reference / f"{name}.csv", keep_default_na=False, na_values=[""])
        for name in ("indicator", "preference", "area", "area_group")
    }
    frames = {"history": history, "observation": current, "gap": gaps(current, tables["indicator"])}
    frames["aggregate"] = aggregates(current, tables)
    for name, frame in frames.items():
        frame.to_parquet(out / f"{name}.parquet", compression="zstd", index=False)


if __name__ == "__main__":
    wall, cpu = time.perf_counter(), time.process_time()
    main(*map(Path, sys.argv[1:]))
    print(json.dumps({"work_wall": time.perf_counter() - wall, "work_cpu": time.process_time() - cpu}))
