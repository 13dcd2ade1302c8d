"""One error for packages that are extras."""

from schemas.errors import IctdevError


class MissingExtra(IctdevError):
    """The packages that a shared storage needs are not installed."""

    title = "shared storage not installed"


def missing(why: str, extra: str = "ictdev[ducklake]") -> MissingExtra:
    """Give the error, with what to install."""
    return MissingExtra(
        "the shared storage needs packages that are not installed",
        why=why,
        next_step=f"pip install '{extra}'   or set storage to file",
    )
