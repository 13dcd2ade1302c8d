"""Tables as Parquet, with `observation` parted by indicator, and as CSV, one file each.

The same release gives the same bytes: rows are written in the order of the release.
"""

from pathlib import Path

from warehouse.exports.content import Content, Table
from warehouse.exports.text_cells import formula_safe
from warehouse.literals import quoted
from warehouse.terms import Terms

_BOM = "\ufeff"
_CSV = "FORMAT csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'"


def write_parquet(content: Content, folder: Path) -> None:
    """Write every table as `<table>.parquet`, and `observation/indicator=<id>/figures.parquet`."""
    for table in content.tables():
        if table.name == "observation":
            _write_parted(content, folder / table.name)
        else:
            _copy_parquet(content, table.query, folder / f"{table.stem}.parquet", table.terms)


def _write_parted(content: Content, folder: Path) -> None:
    """Write figures indicator by indicator. The folder's name carries the indicator, the file's a closed licence."""
    for indicator in content.indicators:
        table = content.figures(indicator)
        place = folder / f"indicator={indicator}"
        place.mkdir(parents=True)
        stem = table.stem.removeprefix(indicator)
        query = f"SELECT * EXCLUDE (indicator) FROM ({table.query})"
        _copy_parquet(content, query, place / f"figures{stem}.parquet", table.terms)


def _copy_parquet(content: Content, query: str, path: Path, terms: Terms | None) -> None:
    """Write one file; its own metadata name the release and the strictest licence of what it holds."""
    known = {"release": content.release.vintage, **({"licence": terms.licence} if terms else {})}
    noted = ", ".join(f"{name}: {quoted(text)}" for name, text in known.items())
    content.con.execute(
        f"COPY ({query}) TO {quoted(str(path))} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{noted}}})"
    )


def write_csv(content: Content, folder: Path) -> None:
    """Write every table as `<table>.csv`: UTF-8, a header, texts that no spreadsheet takes for a formula."""
    for table in content.tables():
        write_csv_file(content, table, folder / f"{table.stem}.csv")


def write_csv_file(content: Content, table: Table, path: Path) -> None:
    """Write one table as CSV."""
    cells = []
    for number, (name, kind) in enumerate(columns(content, table.query)):
        shown = f"{_BOM}{name}" if content.asked.bom and number == 0 else name
        cells.append(f'{formula_safe(name) if kind == "VARCHAR" else name} AS "{shown}"')
    content.con.execute(f"COPY (SELECT {', '.join(cells)} FROM ({table.query})) TO {quoted(str(path))} ({_CSV})")


def columns(content: Content, query: str) -> list[tuple[str, str]]:
    """Give name and type of every column of a query."""
    return [(row[0], row[1]) for row in content.con.execute(f"DESCRIBE {query}").fetchall()]
