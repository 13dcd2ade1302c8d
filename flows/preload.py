"""Loading the engine of checks before it is needed, while something else is waited for.

Great Expectations takes about two seconds and a quarter of a gigabyte to load: half of it is its own models, a quarter
scipy.stats, the rest SQLAlchemy, altair and the clients of stores that happen to be installed. It imports them all
itself, and nothing short of blocking modules would keep them out. So a first refresh loads it while Prefect's server
starts; it is done in the caller's thread, because two threads that import packages with circles in them may see each
other's half-made modules. A home that has settled answers waits: perhaps nothing is read.
"""

from warehouse.home import Home


def load_engine(home: Home) -> bool:
    """Load the engine of checks if this run is sure to need it; tell whether it was loaded."""
    if home.settled.exists():
        return False
    import schemas.suites.received  # noqa: PLC0415
    import schemas.suites.resolution  # noqa: PLC0415
    import schemas.suites.stored  # noqa: F401, PLC0415

    return True
