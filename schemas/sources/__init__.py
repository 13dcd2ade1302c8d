"""The publishers: one file each. A file here is a source; nothing else needs to be told about it."""

import importlib
import pkgutil
from functools import cache
from types import MappingProxyType
from typing import cast

from schemas.source import Reader


@cache
def readers() -> MappingProxyType[str, Reader]:
    """Give every source's module by id."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    modules = {name: cast("Reader", importlib.import_module(f"{__name__}.{name}")) for name in names}
    for name, module in modules.items():
        if module.SOURCE.id != name:
            raise RuntimeError(
                f"schemas/sources/{name}.py declares the id {module.SOURCE.id!r}: file name and id must agree"
            )
    return MappingProxyType(modules)
