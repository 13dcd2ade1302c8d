"""Handing releases to the shared storage, where one is set: after each run, what earlier runs could not too."""

from flows.settings import Settings
from schemas.errors import IctdevError
from warehouse.home import Home
from warehouse.lake.address import Address, parse


def address(settings: Settings) -> Address | None:
    """Give the shared storage that is set, ready to be used, or None.

    Raises Usage for an address that cannot be understood, MissingExtra where its packages are not installed: before a
    run takes in anything.
    """
    found = parse(settings.storage.get_secret_value(), settings.storage_data)
    if found is not None:
        from warehouse.lake import connection  # noqa: PLC0415 - loads the engine, which few installations need here

        connection.ready(found)
    return found


def share(home: Home, storage: Address | None) -> dict[str, str]:
    """Commit what the storage lacks; give why that was not possible, empty when all is there.

    A storage that is away holds nothing up: the release stands in the home, and the next run catches up.
    """
    if storage is None:
        return {}
    from warehouse.lake.commit import catch_up  # noqa: PLC0415

    try:
        catch_up(home, storage)
    except IctdevError as error:
        return dict(error.lines())
    return {}
