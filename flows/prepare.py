"""Make now what is kept per installed version: the last step of `make setup`; elsewhere the first run makes it."""

from flows.engine import database


def prepare() -> None:
    """Make what is kept where it is not kept yet."""
    database.ready()


if __name__ == "__main__":
    prepare()
