"""Codes that an operator mapped, as they hold for what is being read (`schemas/mapping.py` makes and checks them)."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_NOTHING: Mapping[str, Mapping[str, str]] = MappingProxyType({})
_IN_FORCE: ContextVar[Mapping[str, Mapping[str, str]]] = ContextVar("codes_in_force", default=_NOTHING)


def plain(name: str) -> str:
    """Give a heading or code as it is compared: without case, outer blanks and brackets (`[Sex]` is `sex`)."""
    return name.strip().removeprefix("[").removesuffix("]").strip().casefold()


@contextmanager
def holding(entries: Iterable[tuple[str, str, str]]) -> Iterator[None]:
    """Let (dimension, publisher's code, our code) hold for what is read inside."""
    found: dict[str, dict[str, str]] = {}
    for dimension, code, ours in entries:
        found.setdefault(plain(dimension), {})[plain(code)] = ours
    token = _IN_FORCE.set(found)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def mapped(dimension: str) -> Mapping[str, str]:
    """Give what is mapped in a dimension now: the publisher's code, in lower case → ours."""
    return _IN_FORCE.get().get(plain(dimension), {})
