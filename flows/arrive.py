"""Taking in: bytes arrive by a route, and are kept as snapshots before anything reads them."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from flows.fetch import Client
from flows.plan import Plan, wanted
from flows.settings import Settings
from schemas import sdmx_csv
from schemas.errors import IctdevError, Unreachable, Usage
from schemas.source import Raw, Source
from schemas.sources import readers
from warehouse.home import Home
from warehouse.snapshots import Receipt, Snapshots

Trouble = tuple[str, IctdevError]
"""A series or file, and what went wrong with it."""


def sources(plan: Plan) -> list[str]:
    """Name every source that the plan takes something in from, in order."""
    named = {one.source for one in plan.files} | set(plan.sources)
    if plan.bundle:
        named |= {side.source for _, side in sdmx_csv.contents(Path(plan.bundle))}
    return sorted(named)


def arrive(plan: Plan, source: str, settings: Settings) -> tuple[list[Receipt], list[Trouble]]:
    """Take in all that the plan wants of one source; what fails is told and does not stop the rest."""
    snapshots = Snapshots(Home(Path(plan.home)).snapshots)
    receipts: list[Receipt] = []
    troubles: list[Trouble] = []
    if plan.bundle:
        receipts += _from_bundle(plan, source, snapshots)
    receipts += _from_files(plan, source, snapshots)
    if source in plan.sources:
        fetched, failed = _from_publisher(_contract(plan, source), settings, snapshots)
        receipts += fetched
        troubles += failed
    return receipts, troubles


def _contract(plan: Plan, source: str) -> Source:
    """Give the source's contract with the address that the plan names, if it names one."""
    contract = readers()[source].SOURCE
    address = plan.base_url.get(source)
    return replace(contract, address=address.rstrip("/")) if address else contract


def _keep(snapshots: Snapshots, raw: Raw, source: str, route: str, **more: object) -> Receipt:
    receipt = Receipt(
        snapshot=snapshots.put(raw.content),
        source=source,
        route=route,
        name=raw.name,
        url=raw.url,
        received=datetime.now(UTC).isoformat(timespec="seconds"),
        size=len(raw.content),
        edition=raw.edition,
        **more,  # type: ignore[arg-type]
    )
    snapshots.file(receipt)
    return receipt


def _from_bundle(plan: Plan, source: str, snapshots: Snapshots) -> list[Receipt]:
    return [
        _keep(snapshots, sdmx_csv.open_file(path), source, "bundle", side=side.model_dump())
        for path, side in sdmx_csv.contents(Path(plan.bundle))
        if side.source == source
    ]


def _from_files(plan: Plan, source: str, snapshots: Snapshots) -> list[Receipt]:
    receipts = []
    for named in plan.files:
        if named.source == source:
            path = Path(named.path)
            try:
                content = path.read_bytes()
            except OSError as error:
                raise Usage(f"{path.name} cannot be read", why=str(error)) from error
            raw = Raw(content, path.name, f"file:{path.name}", named.edition)
            receipts.append(_keep(snapshots, raw, source, "file"))
    return receipts


def _from_publisher(contract: Source, settings: Settings, snapshots: Snapshots) -> tuple[list[Receipt], list[Trouble]]:
    """Ask for each series by itself: one that fails loses neither the others nor their pages.

    Where nobody answers at the address, the remaining series share that trouble without being asked for.
    """
    reader = readers()[contract.id]
    receipts: list[Receipt] = []
    troubles: list[Trouble] = []
    with Client(contract, settings) as client:
        asked = wanted(contract.id)
        for number, series in enumerate(asked):
            try:
                for page in client.series(reader, series):
                    raw = Raw(page.content, f"{series.code} page {page.request.page}", page.url)
                    receipts.append(
                        _keep(snapshots, raw, contract.id, "fetched", page=page.request.page, series=(series.code,))
                    )
            except Unreachable as error:
                troubles += [(left.code, error) for left in asked[number:]]
                break
            except IctdevError as error:
                troubles.append((series.code, error))
    return receipts, troubles


def describe(receipt: Receipt) -> dict[str, object]:
    """Give a receipt as a row of the table `snapshot`."""
    kept = ("snapshot", "source", "route", "name", "url", "received", "size", "edition")
    return {name: value for name, value in asdict(receipt).items() if name in kept}
