"""Making what is kept per installed version, so that no refresh waits for it: `make setup` runs this."""

from collections.abc import Callable


def vega() -> None:
    """Keep the scripts of the charts."""
    from dashboards.site.build import chart_library  # noqa: PLC0415 - each maker loads only what it needs

    chart_library()


MAKERS: tuple[Callable[[], None], ...] = (vega,)
"""What is made, one after the other; each makes nothing that is already kept."""


def main() -> None:
    """Make all that is kept."""
    for make in MAKERS:
        make()


if __name__ == "__main__":
    main()
