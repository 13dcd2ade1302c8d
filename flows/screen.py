"""What people see: tables and lines on a terminal, the same facts as plain lines on a pipe."""

import io
import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Literal

import orjson
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from flows.invocation import as_typed
from schemas.errors import IctdevError, Usage

Format = Literal["table", "csv", "json", "parquet"]

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def error(problem: IctdevError) -> None:
    """Print an error as one block on stderr: what, why, next."""
    source = f"{problem.source}: " if problem.source else ""
    err.print(f"[bold red]ictdev:[/] {source}{problem.title}", markup=True)
    block(problem.lines())


def block(lines: Sequence[tuple[str, str]], console: Console = err) -> None:
    """Print label and text pairs, indented under their heading."""
    for label, text in lines:
        console.print(f"  [bold]{label:<5}[/] ", end="")
        console.print(as_typed(text), markup=False)


def next_step(label: str, command: str, meaning: str) -> None:
    """Print a command that can be typed as it stands, and what it is for."""
    out.print(f"[bold]{label:<8}[/] ", end="")
    out.print(f"{as_typed(command):<48} {meaning}", markup=False)


def working(text: str, *, quiet: bool) -> AbstractContextManager[Any]:
    """Show on a terminal that something is going on; on a pipe say it once."""
    if quiet:
        return nullcontext()
    if err.is_terminal:
        return err.status(text)
    err.print(text)
    return nullcontext()


def grid(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Print rows under headings: a table on a terminal, tab-separated lines on a pipe."""
    if not out.is_terminal:
        for row in (headings, *rows):
            out.file.write("\t".join(row) + "\n")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    out.print(table)


def result(table: pa.Table, form: Format, path: Path | None) -> None:
    """Write a query's result in the wanted form, to the screen or to a file."""
    if form == "parquet":
        if path is None:
            raise Usage("Parquet cannot be shown on the screen", next_step="name a file with --out FILE.parquet")
        import pyarrow.parquet as pq  # noqa: PLC0415 - most answers are shown, not kept

        pq.write_table(table, path, compression="zstd")
        return
    text = {"table": _as_table, "csv": _as_csv, "json": _as_json}[form](table)
    if path is None:
        sys.stdout.write(text)
    else:
        path.write_text(text, encoding="utf-8")


def _as_csv(table: pa.Table) -> str:
    import pyarrow.csv as pacsv  # noqa: PLC0415

    plain = pa.table(
        {
            name: pa.array([_cell(value) for value in table[name].to_pylist()])
            if pa.types.is_nested(table.schema.field(name).type)
            else table[name]
            for name in table.column_names
        }
    )
    buffer = io.BytesIO()
    pacsv.write_csv(plain, buffer, pacsv.WriteOptions(quoting_style="needed"))
    return buffer.getvalue().decode()


def _as_json(table: pa.Table) -> str:
    return orjson.dumps(table.to_pylist(), option=orjson.OPT_INDENT_2, default=str).decode() + "\n"


def _as_table(table: pa.Table) -> str:
    """Lay the rows out for reading, as wide as the screen; a pipe gets them unshortened."""
    console = Console(file=io.StringIO(), highlight=False, width=out.width if out.is_terminal else 100_000)
    shown = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for field in table.schema:
        numeric = pa.types.is_floating(field.type) or pa.types.is_integer(field.type)
        shown.add_column(field.name, justify="right" if numeric else "left", overflow="fold")
    for row in table.to_pylist():
        shown.add_row(*(_cell(value) for value in row.values()))
    console.print(shown, markup=False)
    tail = f"({table.num_rows:,} row{'' if table.num_rows == 1 else 's'})"
    console.print(tail)
    stream: Any = console.file
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)
