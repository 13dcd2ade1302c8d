"""Tables as script files: column by column, small, and unable to leave the script that carries them."""

from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

_UNSAFE = {
    b"<": b"\\u003c",
    b">": b"\\u003e",
    b"&": b"\\u0026",
    b"\xe2\x80\xa8": b"\\u2028",
    b"\xe2\x80\xa9": b"\\u2029",
}
"""What could end a script or a line of one; all stand inside JSON texts, where the escape means the same."""


def packed(table: pa.Table) -> dict[str, Any]:
    """Give a table as {n: rows, c: {column: values}}.

    A column whose values are all alike is {k: value}, one of repeated texts is {d: texts, i: places in them}.
    """
    return {"n": table.num_rows, "c": {name: _column(table[name]) for name in table.column_names}}


def _column(values: pa.ChunkedArray) -> Any:
    if len(values) == 0:
        return []
    if pa.types.is_nested(values.type):
        return values.to_pylist()
    if pa.types.is_temporal(values.type):
        values = values.cast(pa.string())
    distinct = pc.count_distinct(values, mode="all").as_py()
    if distinct == 1:
        return {"k": values[0].as_py()}
    if pa.types.is_string(values.type) and distinct * 2 < len(values):
        return _places(values)
    return values.to_pylist()


def _places(values: pa.ChunkedArray) -> dict[str, list[Any]]:
    encoded = values.combine_chunks().dictionary_encode("encode")
    return {"d": encoded.dictionary.to_pylist(), "i": encoded.indices.to_pylist()}


def script(name: str, content: Any) -> bytes:
    """Give a script that hands over `content` under a name; no text in it can end the script or break its lines."""
    told = orjson.dumps(name) + b"," + orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)
    for unsafe, safe in _UNSAFE.items():
        told = told.replace(unsafe, safe)
    return b"ICTDEV.take(" + told + b");\n"


def write(folder: Path, name: str, content: Any) -> int:
    """Write `data/<name>.js` and give its size in bytes."""
    path = folder / "data" / f"{name}.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.write_bytes(script(name, content))
