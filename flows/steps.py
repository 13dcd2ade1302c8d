"""The steps of one source's part of a refresh, as plain functions of paths and ids."""

from datetime import UTC, date, datetime
from pathlib import Path

from flows import mapping, parcel, plan, settled
from flows.arrive import arrive
from flows.examine import Outcome, contract_of, examine
from flows.rules import fingerprint
from flows.settings import load as load_settings
from schemas.errors import Unforeseen, isolated
from warehouse.home import Home
from warehouse.snapshots import Snapshots


def take_in_once(plan_path: str, source: str, *, last: bool = True) -> str:
    """Take in one source. Raises the trouble, so that the task is tried again, if all failed in passing."""
    asked = plan.load(Path(plan_path))
    settings = load_settings(home=asked.home)
    try:
        with isolated("extracting", source):
            receipts, troubles = arrive(asked, source, settings)
    except Unforeseen as error:
        receipts, troubles = [], [(source, error)]
    if not last and troubles and not receipts and all(error.retry for _, error in troubles):
        raise troubles[0][1]
    folder = Path(plan_path).parent / source
    parcel.save(Outcome(source, contract_of(source, receipts), receipts, troubles=troubles, missing=troubles), folder)
    return str(folder)


def read_and_check_once(folder: str, home: str) -> str:
    """Read and check one source's arrivals, unless the history already holds what they say."""
    arrived = parcel.load(Path(folder))
    outcome = settled.recall(Home(Path(home)), arrived, _today(), fingerprint())
    if outcome is None:
        return read_and_check(folder, home)
    parcel.save(outcome, Path(folder))
    return folder


def read_and_check(folder: str, home: str) -> str:
    """Read and check one source's arrivals, whatever the history holds."""
    arrived = parcel.load(Path(folder))
    snapshots = Snapshots(Home(Path(home)).snapshots)
    mapped = mapping.load(Home(Path(home)))
    outcome = examine(arrived.source, arrived.receipts, arrived.missing, snapshots, _today(), mapped)
    parcel.save(outcome, Path(folder))
    return folder


def _today() -> date:
    return datetime.now(UTC).date()
