"""The least that a release takes once its figures are known: its tables copied, hashed and exported again.

Everything that the release gives as Parquet, what it keeps as a view too, is read into a new DuckDB file, hashed and
written as Parquet again; so a table that becomes a view makes this work no smaller.

Plain DuckDB, nothing of ours: `python -m benchmarks.copying HOME OUT` prints seconds in JSON, and fails where a hash is
not that of the release's manifest, for then it would not be the same work.
"""

import json
import sys
import time
from pathlib import Path

import duckdb

_HASH = """SELECT sha256(coalesce(string_agg(h, '' ORDER BY h), '')) FROM (
  SELECT md5(concat_ws(chr(31), {columns})) AS h FROM {table})"""


def copied(con: duckdb.DuckDBPyConnection, release: Path, out: Path, tables: list[str]) -> dict[str, str]:
    """Copy each table; give its content hash."""
    hashes = {}
    for table in tables:
        con.execute(f"CREATE TABLE {table} AS FROM read_parquet('{release / 'parquet' / table}.parquet')")
        names = [row[0] for row in con.execute(f"DESCRIBE {table}").fetchall()]
        columns = ", ".join(f'coalesce("{name}"::VARCHAR, chr(30))' for name in names)
        hashes[table] = con.execute(_HASH.format(columns=columns, table=table)).fetchall()[0][0]
        con.execute(f"COPY {table} TO '{out / table}.parquet' (FORMAT parquet, COMPRESSION zstd)")
    return hashes


def main() -> None:
    """Copy the newest release of a home once."""
    home, out = Path(sys.argv[1]), Path(sys.argv[2])
    release = home / json.loads((home / "latest.json").read_bytes())["release"]
    told = json.loads((release / "manifest.json").read_bytes())["tables"]
    tables = sorted(path.stem for path in (release / "parquet").glob("*.parquet"))
    out.mkdir(parents=True)
    wall, cpu = time.perf_counter(), time.process_time()
    with duckdb.connect(str(out / "copy.duckdb")) as con:
        hashes = copied(con, release, out, tables)
    found = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    differing = [name for name in told if name in hashes and hashes[name] != told[name]["content_sha256"]]
    if differing:
        raise SystemExit(f"the copy's content hashes differ from the manifest's: {', '.join(differing)}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
