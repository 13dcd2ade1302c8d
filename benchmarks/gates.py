"""The three gates on the bundled figures, and on a million made-up observations against one plain SQL statement."""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.cost import apart

ROWS = 1_000_000
_CODES = ("ref_area", "sex", "age", "urbanisation", "breakdown", "unit", "obs_status")


def bundled() -> dict[str, float]:
    """Time all three gates on the bundled figures; `imports` is what loading the engine takes."""
    started = time.perf_counter()
    from schemas.suites import published, received, resolution, stored  # noqa: F401

    imports = time.perf_counter() - started
    from benchmarks.mutate import observations
    from benchmarks.stage import Stage
    from flows.plan import bundled as folder
    from indicators.bounds import bounds
    from schemas import sdmx_csv
    from schemas.observation import OBSERVATION, conform

    readings = [
        (side.source, sdmx_csv.read(sdmx_csv.open_file(path), side)) for path, side in sdmx_csv.contents(folder())
    ]
    frame = observations()
    import pyarrow as pa

    table = conform(pa.Table.from_pandas(frame[OBSERVATION.names], preserve_index=False), OBSERVATION)
    named = [{"snapshot": text} for text in table["snapshot"].unique().to_pylist()]
    stage = Stage().put(table, snapshot=named)
    found = {"imports": imports}
    started = time.perf_counter()
    for source, reading in readings:
        received.check(source, reading)
    found["received"] = time.perf_counter() - started
    started = time.perf_counter()
    for source, reading in readings:
        stored.check(source, reading.observations, bounds(), 2026)
    found["stored"] = time.perf_counter() - started
    started = time.perf_counter()
    broken = stage.broken()
    from schemas.rules import published as rules

    published.check({name: broken[name].rows_failed if name in broken else 0 for name in rules()})
    found["published"] = time.perf_counter() - started
    return found


def million() -> dict[str, float]:
    """Time the second gate on a million good observations."""
    from indicators.bounds import bounds
    from schemas.suites import stored

    table = _made()
    stored.check("made_up", table.slice(0, 1000), bounds(), 2026)  # so that imports are not counted
    started = time.perf_counter()
    results = stored.check("made_up", table, bounds(), 2026)
    wall = time.perf_counter() - started
    if not all(one.passed for one in results):
        raise SystemExit("the made-up figures are not good")
    return {"wall": wall}


def plain() -> dict[str, float]:
    """Time one DuckDB statement with the same predicates on the same observations."""
    import duckdb
    import pyarrow as pa

    from indicators.bounds import bounds
    from schemas.codelist import codes

    con = duckdb.connect()
    con.register("made", _made())
    con.execute("CREATE TABLE obs AS FROM made")
    rows = [{"indicator": name, "lower": low, "upper": high} for name, (low, high) in bounds().items()]
    kinds = pa.schema([("indicator", pa.string()), ("lower", pa.float64()), ("upper", pa.float64())])
    con.register("limits", pa.Table.from_pylist(rows, schema=kinds))
    lists = {name: ("area", "ref_area") if name == "ref_area" else (name, "code") for name in _CODES}
    known = ", ".join(
        f"count(*) FILTER (o.{name} NOT IN ({_listed(codes(*place).to_pylist())}))" for name, place in lists.items()
    )
    statement = (
        f"SELECT count(*) FILTER (o.year NOT BETWEEN 1950 AND 2026), count(*) FILTER (l.indicator IS NULL), {known}, "
        "count(*) FILTER (o.value < l.lower), count(*) FILTER (o.value > l.upper), "
        "(SELECT count(*) FROM (SELECT 1 FROM obs GROUP BY source, indicator, ref_area, time_period, sex, age, "
        "urbanisation, breakdown HAVING count(*) > 1)) FROM obs o LEFT JOIN limits l USING (indicator)"
    )
    started = time.perf_counter()
    found = con.execute(statement).fetchall()[0]
    wall = time.perf_counter() - started
    if any(found):
        raise SystemExit("the made-up figures are not good")
    return {"wall": wall}


def _listed(texts: list[str]) -> str:
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)


def _made() -> Any:
    """Make a million observations with distinct keys and good values."""
    import numpy as np
    import pyarrow as pa

    from schemas.codelist import codes
    from schemas.observation import OBSERVATION

    areas = codes("area", "ref_area").to_pylist()[:250]
    breakdowns = codes("breakdown").to_pylist()[:20]
    ages = codes("age").to_pylist()[:2]
    sexes = ["F", "M", "_T"]
    number = np.arange(ROWS)
    shape = (len(areas), 34, len(sexes), len(ages), len(breakdowns))
    area, year, sex, age, breakdown = np.unravel_index(number, shape)
    columns = {
        "indicator": pa.array(["internet_users"]).take(pa.array(number * 0)),
        "ref_area": pa.array(areas).take(pa.array(area)),
        "time_period": pa.array([str(1990 + one) for one in range(34)]).take(pa.array(year)),
        "year": pa.array((year + 1990).astype("int32")),
        "sex": pa.array(sexes).take(pa.array(sex)),
        "age": pa.array(ages).take(pa.array(age)),
        "breakdown": pa.array(breakdowns).take(pa.array(breakdown)),
        "value": pa.array((number % 9_973) / 100.0),
        "unit": pa.array(["percent_of_population"]).take(pa.array(number * 0)),
        "record": pa.array(number).cast(pa.string()),
    }
    fixed = {"urbanisation": "_T", "obs_status": "A", "note": "", "source": "made_up", "series_code": "NET"}
    fixed |= {"edition": "2026-01-01", "snapshot": "0" * 64}
    columns |= {name: pa.array([text]).take(pa.array(number * 0)) for name, text in fixed.items()}
    return pa.table({name: columns[name] for name in OBSERVATION.names}).cast(OBSERVATION)


def measured(kind: str) -> dict[str, float]:
    """Measure one kind in a process of its own."""
    return apart("gates", kind)


def lines() -> Iterator[str]:
    """Give the measures, a line each."""
    found = measured("bundled")
    work = sum(found[name] for name in ("received", "stored", "published"))
    parts = ", ".join(f"{name} {found[name]:.2f}" for name in ("received", "stored", "published"))
    yield f"three gates, bundled      {work:6.2f} s   {parts}"
    yield f"  with imports            {work + found['imports']:6.2f} s"
    gate, statement = measured("million"), measured("plain")
    ratio = gate["wall"] / statement["wall"]
    against = f"{ratio:.1f} × one SQL statement ({statement['wall']:.2f} s), peak {gate['peak'] / 1e6:.0f} MB"
    yield f"stored gate, 1 M          {gate['wall']:6.2f} s   {against}"


if __name__ == "__main__":
    kinds = {"bundled": bundled, "million": million, "plain": plain}
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(kinds[sys.argv[1]]()))
    else:
        sys.stdout.write("\n".join(lines()) + "\n")
