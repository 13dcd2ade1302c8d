"""Where figures are kept: raw snapshots, history, SQL models, releases and the way to read them.

>>> from warehouse import open_release                                  # doctest: +SKIP
>>> with open_release("data") as release:                               # doctest: +SKIP
...     release.observations("internet_users", "SEN", as_of="2026-01-31").to_pandas()
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from warehouse.query import Session, open_release

__all__ = ["Session", "open_release"]


def __getattr__(name: str) -> Any:
    """Load the read API when it is asked for: whoever needs a path only does not wait for DuckDB."""
    if name in __all__:
        from warehouse import query  # noqa: PLC0415

        return getattr(query, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
