"""The publishers: one file each. A file here is a source; nothing else needs to be told about it."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import cast

from schemas.source import Reader


class _Readers(Mapping[str, Reader]):
    """Every source's module by id; one is imported when it is asked for."""

    def __init__(self) -> None:
        self._names = sorted(info.name for info in pkgutil.iter_modules(__path__))

    def __getitem__(self, name: str) -> Reader:
        if name not in self._names:
            raise KeyError(name)
        module = cast("Reader", importlib.import_module(f"{__name__}.{name}"))
        if module.SOURCE.id != name:
            raise RuntimeError(
                f"schemas/sources/{name}.py declares the id {module.SOURCE.id!r}: file name and id must agree"
            )
        return module

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@cache
def readers() -> Mapping[str, Reader]:
    """Give every source's module by id, in order of ids; each is imported when it is asked for."""
    return _Readers()
