"""The steps of one source's part of a refresh, as plain functions of paths and ids."""

from datetime import UTC, datetime
from pathlib import Path

from flows import mapping, parcel, plan
from flows.arrive import arrive
from flows.examine import Outcome, contract_of, examine
from flows.settings import load as load_settings
from warehouse.home import Home
from warehouse.snapshots import Snapshots


def take_in_once(plan_path: str, source: str, *, last: bool = True) -> str:
    """Take in one source. Raises the trouble, so that the task is tried again, if all failed in passing."""
    asked = plan.load(Path(plan_path))
    receipts, troubles = arrive(asked, source, load_settings(home=asked.home))
    if not last and troubles and not receipts and all(error.retry for _, error in troubles):
        raise troubles[0][1]
    folder = Path(plan_path).parent / source
    parcel.save(Outcome(source, contract_of(source, receipts), receipts, troubles=troubles, missing=troubles), folder)
    return str(folder)


def read_and_check_once(folder: str, home: str) -> str:
    """Read and check one source's arrivals."""
    arrived = parcel.load(Path(folder))
    today = datetime.now(UTC).date()
    place = Home(Path(home))
    outcome = examine(
        arrived.source, arrived.receipts, arrived.troubles, Snapshots(place.snapshots), today, mapping.load(place)
    )
    parcel.save(outcome, Path(folder))
    return folder
