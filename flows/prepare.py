"""Make now what is kept per installed version: the last step of `make setup`; elsewhere the first run makes it."""

from collections.abc import Callable


def prefect_database() -> None:
    """Keep a database of Prefect's that needs no migration."""
    from flows.engine import database  # noqa: PLC0415 - each maker loads only what it needs

    database.ready()


def vega() -> None:
    """Keep the scripts of the charts."""
    from dashboards.site.build import chart_library  # noqa: PLC0415

    chart_library()


MAKERS: tuple[Callable[[], None], ...] = (prefect_database, vega)
"""What is made, one after the other; each makes nothing that is already kept."""


def main() -> None:
    """Make all that is kept."""
    for make in MAKERS:
        make()


if __name__ == "__main__":
    main()
