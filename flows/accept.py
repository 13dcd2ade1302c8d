"""Letting through what was quarantined: a person answers for it, and who and why is written down."""

import getpass
from datetime import UTC, datetime

from flows import mapping, pages, parcel, pending
from flows.examine import examine
from flows.plan import Plan
from flows.report import Report
from flows.run import work_folder
from flows.settings import load
from flows.settle import settle
from flows.sharing import address, share
from schemas.errors import Usage
from warehouse.home import Home
from warehouse.lock import exclusive
from warehouse.snapshots import Receipt, Snapshots


def accept(home: Home, source: str, *, why: str, by: str = "", keep: int = 0) -> Report:
    """Take in the quarantined answer of a source, and publish. Raises Unanswered where there is none.

    What a guard held goes in as it came. Of what failed a check, figures that cannot be are set aside, and nothing is
    removed.
    """
    if not why.strip():
        raise Usage("letting an answer through needs a reason", next_step=f"add --why TEXT   to --accept {source}")
    held = pending.of(home, source)
    findings = " | ".join(one["sentence"] for one in held["findings"])
    let_through = pending.Acceptance(by or getpass.getuser(), why.strip(), findings)
    storage = address(load(home=home.root))
    with exclusive(home), work_folder(home) as work:
        receipts = [Receipt.from_note(one) for one in held["receipts"]]
        today, mapped = datetime.now(UTC).date(), mapping.load(home)
        outcome = examine(source, receipts, [], Snapshots(home.snapshots), today, mapped, past_checks=True)
        parcel.save(outcome, work / source)
        plan = Plan(str(home.root.resolve()), site=pages.had(home), keep_releases=keep)
        report = Report.load(settle(plan, [work / source], work, {source: let_through}))
        report.unshared = share(home, storage)
    return report
