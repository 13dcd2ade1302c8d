"""The child that opens workbooks: takes requests on stdin, answers each in JSON on stdout, until nobody asks any more.

Started by `schemas/workbook_process.py`. Requests and answers are frames: eight bytes that say the length, then the
bytes. It ends when its parent closes stdin, or is gone.
"""

import os
import sys
from typing import Any, BinaryIO, NoReturn, Protocol

import orjson

from schemas import bounded_child
from schemas.errors import IctdevError
from schemas.sheet_cells import Cells, Wish

_NO_END = 1 << 30
"""Seconds of processor time of the child as a whole; each request has its own."""


class _Book(Protocol):
    sheets: list[str]
    hidden: list[str]

    def cells(self, sheet: str, wish: Wish) -> Cells: ...


def main() -> NoReturn:
    """Answer requests until there are none, and end without the interpreter's own slow way out."""
    answers, _ = bounded_child.channels()
    book: _Book | None = None
    memory = 0
    while (head := _frame()) is not None:
        request, content = orjson.loads(head), _frame() or b""
        if not memory:
            memory = request["memory"]
            bounded_child.bound(memory, _NO_END)
        bounded_child.allow_seconds(request["cpu_seconds"])
        try:
            if request["do"] == "open":
                book = None
                book = _opened(content)
            answer = orjson.dumps({**_answer(book, request), "full": _is_full(memory)})
        except BaseException as error:  # noqa: BLE001 - whatever it is, the parent hears of it
            answer = orjson.dumps(_said(error))
        _write(answers, answer)
    os._exit(0)


def _opened(content: bytes) -> _Book:
    """Open a workbook by its first bytes. The libraries are imported here, because one file needs one of them."""
    if content.startswith(b"PK"):
        from schemas.sheet_xlsx import Xlsx  # noqa: PLC0415

        return Xlsx(content)
    from schemas.sheet_xls import Xls  # noqa: PLC0415

    return Xls(content)


def _answer(book: _Book | None, request: dict[str, Any]) -> dict[str, Any]:
    if book is None:
        raise ValueError("no workbook is open")
    if request["do"] == "open":
        return {"sheets": book.sheets, "hidden": book.hidden}
    return book.cells(request["sheet"], Wish(**request["wish"])).answer()


def _said(error: BaseException) -> dict[str, Any]:
    """Put an error into words: one of ours as it is, want of memory as such, others as what a library says."""
    if isinstance(error, IctdevError):
        return {"error": "ours", "what": error.what, "why": error.why, "next_step": error.next_step}
    if bounded_child.is_shortage(error):
        return {"error": "memory"}
    return {"error": "damaged", "why": f"{type(error).__name__}: {error}".splitlines()[0][:300]}


def _frame() -> bytes | None:
    """Read one frame; None where the parent is gone."""
    head = _exactly(8)
    return None if head is None else _exactly(int.from_bytes(head, "big"))


def _exactly(count: int) -> bytes | None:
    """Read so many bytes; None where there are fewer."""
    found = bytearray()
    while len(found) < count:
        piece = os.read(0, min(count - len(found), 1 << 20))
        if not piece:
            return None
        found += piece
    return bytes(found)


def _write(stream: BinaryIO, answer: bytes) -> None:
    stream.write(len(answer).to_bytes(8, "big") + answer)
    stream.flush()


def _is_full(memory: int) -> bool:
    """Tell whether this process took so much memory that the next workbook might not fit."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return False
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit > memory * 0.5
