"""Numbers that people wrote as text: a decimal comma, thousands parted by a space that does not break.

`56,8` is 56.8 and `1\u00a0234,5` is 1234.5 (a plain space could part two numbers), but `1,234` alone could be either a
thousand or a bit more than one: it is read only where the other numbers of the same answer show what its comma means.
What stays doubtful is no number.
"""

import re
from collections.abc import Iterable
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

Column: TypeAlias = "pa.Array | pa.ChunkedArray"
_PLAIN = re.compile(r"^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
_THOUSANDS = re.compile(r"^(-?\d{1,3})((?:[\u00a0\u202f\u2009'’]\d{3})+)(?=$|[.,])")
_GROUPS = {
    ",": re.compile(r"^-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$"),
    ".": re.compile(r"^-?[1-9]\d{0,2}(\.\d{3})+(,\d*)?$"),
}
"""Numbers whose commas, or points, may part thousands."""
_COMMA = re.compile(r"^-?\d+,\d+([eE][-+]?\d+)?$")


def numbers(told: Column) -> Column:
    """Read numbers; null for what is none, and for what overflows: 1e999 is no figure."""
    try:
        numbers = pc.cast(told, pa.float64())
    except pa.ArrowInvalid:  # something else is among them: look at each
        numbers = pc.cast(number_texts(told), pa.float64())
    return pc.if_else(pc.is_finite(numbers), numbers, pa.scalar(None, pa.float64()))


def number_texts(told: Column) -> Column:
    """Write numbers the way programs do, `1234.5`; null for what is none and for what could be two."""
    different = pc.unique(told)
    read = readings(different.to_pylist())
    return pc.take(pa.array(read, pa.string()), pc.index_in(told, value_set=different))


def readings(texts: Iterable[str]) -> list[str | None]:
    """Read texts of one answer together, as `number_texts` does."""
    bare = [_bare(text) for text in texts]
    comma = any(_means(text) == "," for text in bare)
    point = any(_means(text) == "." for text in bare)
    decimal = "?" if comma and point else "," if comma else "." if point else ""
    return [_number(text, decimal) for text in bare]


def is_unclear(text: str) -> bool:
    """Tell whether a text has digits and is no number, or could be two, for all that is known of it alone."""
    return any(sign.isdigit() for sign in text) and readings([text]) == [None]


def _bare(text: str | None) -> str:
    """Leave out what says nothing: spaces around and between thousands, a plus."""
    bare = (text or "").strip().replace("−", "-").removeprefix("+")
    match = _THOUSANDS.match(bare)
    return match[1] + re.sub(r"\D", "", match[2]) + bare[match.end() :] if match else bare


def _means(text: str) -> str:
    """Give the sign of decimals that a text uses beyond doubt; blank where it uses none, or could use either."""
    if _GROUPS["."].match(text) and ("," in text or text.count(".") > 1):
        return ","
    if _GROUPS[","].match(text) and ("." in text or text.count(",") > 1):
        return "."
    if _COMMA.match(text) and not _GROUPS[","].match(text):
        return ","
    return "." if "." in text and _PLAIN.match(text) and not _GROUPS["."].match(text) else ""


def _number(text: str, decimal: str) -> str | None:
    """Read one text where the answer's sign of decimals is `decimal`: blank for unknown, `?` where both are used."""
    own = _means(text)
    meant = own or decimal
    if _PLAIN.match(text) and not ("." in text and own == "" and decimal in (",", "?")):
        return text  # a point with three digits behind it is a point, unless the answer writes commas
    if meant == "," and (_COMMA.match(text) or _GROUPS["."].match(text)):
        return None if own != "," and "." in text else text.replace(".", "").replace(",", ".")
    if meant == "." and _GROUPS[","].match(text):
        return text.replace(",", "")
    return None
