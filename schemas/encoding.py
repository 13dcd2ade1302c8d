"""Bytes as UTF-8 text, whatever they came as: UTF-8 with and without its mark, UTF-16, Windows-1252.

Nothing is guessed that could be two things. UTF-16 shows itself by its mark or by its zeros; a text that is not UTF-8
is taken for Windows-1252 only if every byte beyond ASCII then is a letter of a Western language among other letters,
or a mark of punctuation, and the reading says so. Everything else is refused with what to do.
"""

import re

from schemas.errors import Changed, Empty, Invalid

_UTF8_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = ((b"\xff\xfe\x00\x00", "UTF-32"), (b"\x00\x00\xfe\xff", "UTF-32"))
_SAVE = "save it as “CSV UTF-8” and give that"
_LETTERS = "àâäáãåæçèéêëìíîïñòóôöõøœùúûüÿ"
_SMALL = frozenset(_LETTERS)
_WESTERN = frozenset(_LETTERS + _LETTERS.upper() + "ß")
"""Letters of Western languages; those that Windows-1250, -1254 and DOS put elsewhere are left out where they can be."""
_LAST = frozenset("ìòù")
"""Letters that end words; inside one they are more likely those of Windows-1250."""
_PUNCTUATION = frozenset("’‘“”«»–—…€°·\u00a0§²³%‰£©®ª º")


def text_of(content: bytes, name: str) -> bytes:
    """Return the text as UTF-8 without a mark; refuse what is empty, a web page or no text."""
    return noted_text_of(content, name)[0]


def noted_text_of(content: bytes, name: str) -> tuple[bytes, str]:
    """Return the text as UTF-8, and a sentence on what it was where that had to be concluded."""
    body, notice = _as_utf8(content, name)
    if not body.strip():
        raise Empty(f"{name} is empty", next_step="fetch it again, or give the publisher's download with --from-file")
    start = body.lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise Changed(
            f"{name} is an HTML page, not data ({len(content):,} bytes)",
            why="publishers answer errors and maintenance with a web page, often with status 200",
            next_step="try again later, or give the publisher's download with --from-file",
        )
    if b"urn:schemas-microsoft-com:office:spreadsheet" in body[:2000]:
        raise Invalid(f"{name} is an XML spreadsheet of 2003", next_step="open it, save it as .xlsx and give that")
    return _without_hint(body), notice


def _without_hint(body: bytes) -> bytes:
    """Leave out the line `sep=;` by which some spreadsheet programs name the delimiter; the header shows it."""
    return body.partition(b"\n")[2] if re.match(rb'"?sep=[,;\t|]"?\r?\n', body[:12]) else body


def _as_utf8(content: bytes, name: str) -> tuple[bytes, str]:
    if content.startswith(_UTF8_MARK):
        content = content.removeprefix(_UTF8_MARK)
    wide = _wide(content, name)
    if wide:
        return _from_wide(content, wide, name), ""
    if content.isascii():
        return content, ""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return _from_western(content, name, error)
    return content, ""


def _wide(content: bytes, name: str) -> str:
    """Name the kind of UTF-16; blank for none. Raises Invalid for other text of many zeros, and for binary data."""
    for mark, kind in _WIDE_MARKS:
        if content.startswith(mark):
            raise Invalid(f"{name} is not UTF-8 text", why=f"it is {kind}", next_step=_SAVE)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = content[:4096]
    if b"\x00" not in sample:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    for kind, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros * 4 > len(sample) and not others:
            return kind
    raise Invalid(
        f"{name} is not UTF-8 text",
        why="it holds zero bytes, as binary data does",
        next_step="give the publisher's CSV or workbook",
    )


def _from_wide(content: bytes, kind: str, name: str) -> bytes:
    try:
        return content.decode(kind).encode()
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise Invalid(
            f"{name} is not UTF-8 text",
            why=f"it begins as UTF-16 and is damaged or cut off: {error.reason}",
            next_step="fetch it again, or give the publisher's download with --from-file",
        ) from error


def _from_western(content: bytes, name: str, error: UnicodeDecodeError) -> tuple[bytes, str]:
    """Take a text for Windows-1252 if it can be nothing else. Raises Invalid otherwise."""
    if any(ord(sign) > 127 for sign in content.decode(errors="ignore")):
        if error.reason == "unexpected end of data":
            raise Invalid(f"{name} is cut off", why="it ends inside a character", next_step="fetch it again") from error
        raise Invalid(
            f"{name} is not UTF-8 text throughout",
            why=f"byte {error.start + 1:,} is none, others are: it was damaged, or put together from two files",
            next_step=_SAVE,
        ) from error
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if not text or not all(_is_western(match) for match in _RUN.finditer(text)):
        raise Invalid(
            f"{name} is not UTF-8 text",
            why="its letters beyond ASCII could be those of several encodings (Windows-1250, -1251, GB18030, …)",
            next_step=_SAVE,
        ) from error
    return text.encode(), f"{name} is not UTF-8; it was read as Windows-1252 (Western European)"


_RUN = re.compile(r"(.?)([^\x00-\x7f]+)(.?)", re.DOTALL)


def _is_western(match: "re.Match[str]") -> bool:
    """Tell whether a run of signs beyond ASCII makes sense where it stands."""
    before, run, after = match.groups()
    core = run.strip("".join(_PUNCTUATION))
    if not core:
        return len(run) <= 3
    near = (before + after).isalpha() or before.isalpha() or after.isalpha() or len(core) == 1
    if core[-1:] in _LAST and after.isalpha():
        return False
    return len(core) <= 2 and near and (set(core) <= _SMALL or (len(core) == 1 and core in _WESTERN))
