"""A publisher's table, whatever it comes in: CSV of any dialect, or a sheet of a workbook, as the same text columns."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import Layout
from schemas.containers import is_workbook
from schemas.errors import Changed
from schemas.reading import row_locators
from schemas.source import Raw
from schemas.tabular import read_csv, require_columns
from schemas.workbook import Workbook


@dataclass(frozen=True)
class TableLayout:
    """What a table is known by: columns that it must have, those worth reading (none: all), those of figures.

    `ours` gives the name that a column has with us by its heading. Where only some columns are worth reading, those
    that `known` does not declare are read too, so that nothing that tells rows apart is passed over.
    """

    needed: Sequence[str]
    useful: Collection[str] = ()
    values: Collection[str] = ()
    ours: Callable[[str], str] = str
    known: Layout | None = None


def read_table(raw: Raw, layout: TableLayout) -> tuple[pa.Table, Raw]:
    """Give the table with `record`, the place of each row, and the file with what was noted when it was read.

    `raw` is unpacked. Raises Changed where columns lack, Invalid for cells of a workbook that cannot be read.
    """
    if is_workbook(raw.content):
        return sheet_table(Workbook(raw.content, raw.name), raw, layout)
    table = read_csv(raw.content, raw.name)
    table = renamed(table, layout, raw.name)
    require_columns(table, layout.needed, raw.name)
    return table.append_column("record", row_locators(table.num_rows, raw.prefix)), raw


def sheet_table(book: Workbook, raw: Raw, layout: TableLayout) -> tuple[pa.Table, Raw]:
    """Give the one sheet that has the needed headings, as `read_table` does; rows without any text are left out."""
    sheet, header_row = _sheet_of(book, layout)
    there = book.first_rows(sheet).heading(header_row + 1)
    strange = layout.known.unknown(there) if layout.known else ()
    names = [name for name in there if not layout.useful or layout.ours(name) in layout.useful or name in strange]
    values = [name for name in names if layout.ours(name) in layout.values]
    table = book.table(sheet, names, header_row=header_row, values=values)
    table = table.filter(pc.not_equal(pc.binary_join_element_wise(*(table[name] for name in names), "", ""), ""))
    table = renamed(table, layout, book.name)
    if raw.prefix:
        record = pc.binary_join_element_wise(raw.prefix, table["record"], "")
        table = table.set_column(table.column_names.index("record"), "record", record)
    return table, noted(raw, book)


def noted(raw: Raw, book: Workbook) -> Raw:
    """Give the file with what was noted when its workbook was read."""
    return replace(raw, notices=(*raw.notices, *dict.fromkeys(book.notices)))


def renamed(table: pa.Table, layout: TableLayout, name: str) -> pa.Table:
    """Give the columns our names. Raises Changed where two headings mean one column."""
    names = [layout.ours(heading) for heading in table.column_names]
    twice = sorted({ours for ours in names if names.count(ours) > 1})
    if twice:
        pairs = [heading for heading in table.column_names if layout.ours(heading) in twice]
        raise Changed(f"{name} has columns that say the same: {', '.join(pairs)}", next_step="leave one of them")
    return table.rename_columns(names)


def _sheet_of(book: Workbook, layout: TableLayout) -> tuple[str, int]:
    """Find the sheet, and the line of its header. Raises Changed where none or several have the headings."""
    needed, ours = layout.needed, layout.ours
    shown = [name for name in book.sheets if name not in book.hidden]
    found = [(name, at) for name in shown if (at := book.first_rows(name).header(needed, ours)) is not None]
    if len(found) == 1:
        return found[0]
    if found:
        raise Changed(
            f"{book.name} has such a table on more than one sheet",
            why=f"on {', '.join(name for name, _ in found)}",
            next_step="leave the one that is meant, or save it as a file of its own",
        )
    near = max((book.first_rows(name).nearest(needed, ours) for name in shown), key=len, default=[])
    raise Changed(
        f"no sheet of {book.name} has the columns {', '.join(name for name in needed if name not in near)}",
        why=f"it has the sheets {', '.join(book.sheets[:8])}",
        next_step="check that this is the publisher's file; if the layout changed, its reader must follow",
    )
