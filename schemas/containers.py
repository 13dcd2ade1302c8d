"""What a file comes in: gzip, zip, workbook or text. Every reader asks here first, and then sees text or a workbook.

A zip must hold one table; what publishers put beside it (metadata, folders' own files) is passed over by name. The raw
bytes stay the snapshot: locators of records name the member that they are in.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from schemas.encoding import noted_text_of
from schemas.errors import Changed, Invalid
from schemas.source import Raw

MAX_EXPANDED = 2_000_000_000
"""Bytes that a compressed answer may expand to; the largest honest one known is about a fifth of this."""
MAX_RATIO = 200
"""A zip that expands further than this is taken for a bomb."""
_OLD_BOOK = b"\xd0\xcf\x11\xe0"
"""First bytes of .xls (a compound file)."""
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b"
_TABLE = re.compile(r"\.(csv|tsv|tab|txt|json|jsonl|xlsx|xlsm|xls)(\.gz)?$", re.IGNORECASE)
_BESIDE = re.compile(r"(^|/)(__MACOSX/|\.|~\$|Metadata[_ -]|readme)", re.IGNORECASE)
_DEEPEST = 3
DAMAGE = (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError, ValueError, OSError, zlib.error)
"""What a damaged zip makes the library raise."""


def unpacked(raw: Raw) -> Raw:
    """Give the text (as UTF-8) or workbook that a file holds, under its snapshot's name.

    `prefix` then says in which member of a zip it stands, `notices` what had to be concluded. Raises Invalid for
    damaged and oversized files, Changed for a zip of none or several tables, Empty and Changed as `text_of` does.
    """
    inner = raw
    for _ in range(_DEEPEST):
        if inner.content.startswith(_GZIP):
            inner = _inside(inner, gunzip(inner.content, inner.name), re.sub(r"\.gz$", "", inner.name), "")
        elif is_zip(inner.content) and not is_workbook(inner.content):
            name, content = member(inner.content, inner.name, _choice(inner.content))
            inner = _inside(inner, content, inner.name, f"{name}!")
        elif is_workbook(inner.content):
            return inner
        else:
            body, notice = noted_text_of(inner.content, inner.name)
            return replace(_inside(inner, body, inner.name, ""), notices=(*inner.notices, *([notice] * bool(notice))))
    raise Invalid(f"{raw.name} is packed more than {_DEEPEST} times", next_step="unpack it and give the table")


def _inside(raw: Raw, content: bytes, name: str, prefix: str) -> Raw:
    return replace(raw, content=content, name=name, prefix=raw.prefix + prefix, snapshot=raw.sha256)


def is_zip(content: bytes) -> bool:
    """Tell whether bytes begin like a zip."""
    return content.startswith(_ZIP)


def is_workbook(content: bytes) -> bool:
    """Tell whether bytes are a workbook: a compound file, or a zip with the parts of one."""
    if content.startswith(_OLD_BOOK):
        return True
    with suppress(*DAMAGE):
        return is_zip(content) and any(
            name.startswith("xl/") or name in ("[Content_Types].xml", "mimetype") for name in members(content)
        )
    return False


def members(content: bytes) -> list[str]:
    """Name the members of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def _choice(content: bytes) -> Callable[[str], bool]:
    """Choose the tables of a zip. A damaged one is met when it is opened."""
    names: list[str] = []
    with suppress(*DAMAGE):
        names = [name for name in members(content) if _TABLE.search(name)]
    plain = [name for name in names if not _BESIDE.search(name)]
    return lambda name: name in plain


def gunzip(content: bytes, name: str) -> bytes:
    """Unpack gzip within the size bound; a stream that breaks off is a download that was cut off."""
    parts, size, rest = [], 0, content
    while rest:
        stream = zlib.decompressobj(wbits=31)
        try:
            parts.append(stream.decompress(rest, MAX_EXPANDED - size))
        except zlib.error as error:
            raise Invalid(
                f"{name} is a damaged gzip file", why=str(error), next_step="fetch it again, or copy it again"
            ) from error
        size += len(parts[-1])
        if not stream.eof and (stream.unconsumed_tail or size >= MAX_EXPANDED):
            raise Invalid(f"{name} is larger than it may be", why=f"it expands beyond {MAX_EXPANDED:,} bytes")
        if not stream.eof:
            raise Invalid(f"{name} is cut off", why="the gzip stream ends early", next_step="fetch it again")
        rest = stream.unused_data.lstrip(b"\x00")
    return b"".join(parts)


def member(content: bytes, name: str, choose: Callable[[str], bool]) -> tuple[str, bytes]:
    """Take the one member of a zip whose name `choose` accepts; bounded in size, checked for damage.

    Raises Invalid for a broken, encrypted or oversized archive and Changed when no or several members fit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            info = only(archive, name, choose)
            return info.filename, archive.read(info)
    except DAMAGE as error:
        raise damaged(name, content, error) from error


def refuse_bomb(infos: Sequence[zipfile.ZipInfo], name: str) -> None:
    """Raise Invalid where zip members would together expand to far more than an honest file does."""
    size = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if size > MAX_EXPANDED or size > MAX_RATIO * max(packed, 1_000):
        raise Invalid(
            f"{name} would expand to {size:,} bytes",
            why=f"it has {packed:,} packed",
            next_step="no honest file does; ask its sender, or give the table unpacked",
        )


def only(archive: zipfile.ZipFile, name: str, choose: Callable[[str], bool]) -> zipfile.ZipInfo:
    """Give the one member that fits. Raises Changed for none or several, Invalid for a bomb or a locked one."""
    found = [info for info in archive.infolist() if choose(info.filename)]
    if len(found) != 1:
        names = ", ".join(info.filename for info in found[:10] or archive.infolist()[:10]) or "nothing"
        raise Changed(
            f"{name} holds {len(found)} members that fit, one was expected",
            why=f"{'they are' if found else 'it holds'} {names}",
            next_step="unpack it and give the file that is meant",
        )
    if found[0].flag_bits & 1:
        raise Invalid(f"{found[0].filename} in {name} is locked by a password", next_step="unpack it and give the file")
    refuse_bomb(found, name)
    return found[0]


def damaged(name: str, content: bytes, error: Exception) -> Invalid:
    """Give the error for a zip that cannot be read; one that ends early has lost its directory."""
    cut = isinstance(error, EOFError) or "not a zip file" in str(error).lower()
    return Invalid(
        f"{name} is a damaged zip file ({len(content):,} bytes)",
        why=f"{error}{': it was cut off on the way' if cut else ''}",
        next_step="fetch it again, or copy it again",
    )
