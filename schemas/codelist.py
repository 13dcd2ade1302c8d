"""The code lists: areas, groups, the codes of each dimension, and the translation of publishers' codes into ours."""

import csv
import io
from functools import cache
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc

from schemas.in_force import mapped

AREA_LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Give the rows of `schemas/codelists/<name>.csv` as text."""
    path = files("schemas") / "codelists" / f"{name}.csv"
    return tuple(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


@cache
def codes(name: str, column: str = "code") -> pa.Array:
    """Give the codes of a list, in its order."""
    return pa.array([row[column] for row in rows(name)], pa.string())


def table(name: str) -> pa.Table:
    """Give a code list as a table of text columns, blanks as nulls."""
    content = rows(name)
    columns = {key: [row[key] or None for row in content] for key in content[0]}
    return pa.table({key: pa.array(values, pa.string()) for key, values in columns.items()})


def area_table() -> pa.Table:
    """Give every economy and group with its codes and names."""
    return table("area")


def membership() -> pa.Table:
    """Give dated group membership: group_code, ref_area, valid_from, valid_to (half open), authority, status."""
    raw = table("area_group")
    for name in ("valid_from", "valid_to"):
        at = raw.column_names.index(name)
        raw = raw.set_column(at, name, raw[name].cast(pa.date32()))
    return raw


@cache
def _area_codes(scheme: str) -> tuple[pa.Array, pa.Array]:
    """Give (publisher's codes, our codes); a cell may hold several codes separated by blanks."""
    pairs = [(code, row["ref_area"]) for row in rows("area") for code in row[scheme].split()]
    theirs, ours = zip(*pairs, strict=True)
    return pa.array(theirs, pa.string()), pa.array(ours, pa.string())


def translate_areas(area_codes: pa.Array | pa.ChunkedArray, scheme: str) -> pa.Array | pa.ChunkedArray:
    """Translate a publisher's area codes into ours; null where the code is unknown.

    `scheme` names a column of the area list (`world_bank`, `iso2`, `m49`, `itu`) or `ref_area` for our own codes. What
    an operator mapped (`schemas/mapping.py`) counts before the list.
    """
    theirs, ours = _area_codes(scheme)
    found = pc.take(ours, pc.index_in(area_codes, value_set=theirs))
    more = mapped("area")
    if not more:
        return found
    at = pc.index_in(pc.utf8_lower(area_codes), value_set=pa.array(list(more)))
    return pc.coalesce(pc.take(pa.array(list(more.values())), at), found)


@cache
def own_groups(scheme: str) -> pa.Array:
    """Give the publisher's codes of groups of its own, which are left aside where no area of ours has the code."""
    return pa.array([row["code"] for row in rows("own_group") if row["scheme"] in ("*", scheme)], pa.string())


def known_code(codelist: str, column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Give the codes of a list, null for those that are not in it."""
    return pc.if_else(pc.is_in(column, value_set=codes(codelist)), column, pa.scalar(None, pa.string()))
