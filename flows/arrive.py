"""Taking in: bytes arrive by a route, and are kept as snapshots before anything reads them."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from flows import tiles
from flows.fetch import Client, Held
from flows.paging import is_whole, pages
from flows.plan import Plan, wanted
from flows.settings import Settings
from schemas import sdmx_csv
from schemas.errors import IctdevError, Unreachable, Usage, isolated
from schemas.source import Raw, Request, Source
from schemas.sources import ookla_tiles, readers
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
    given, failed = _from_files(plan, source, settings, snapshots)
    receipts += given
    troubles += failed
    if source in plan.sources:
        ask = _tiles_from_publisher if source == ookla_tiles.SOURCE.id else _from_publisher
        fetched, failed = ask(plan, source, settings, snapshots)
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
    return snapshots.file(receipt)


def _from_bundle(plan: Plan, source: str, snapshots: Snapshots) -> list[Receipt]:
    return [
        _keep(snapshots, sdmx_csv.open_file(path), source, "bundle", side=side.model_dump())
        for path, side in sdmx_csv.contents(Path(plan.bundle))
        if side.source == source
    ]


def _from_files(
    plan: Plan, source: str, settings: Settings, snapshots: Snapshots
) -> tuple[list[Receipt], list[Trouble]]:
    """Keep the files that a person gives; tiles are condensed at the door, and one that cannot be is a trouble."""
    receipts: list[Receipt] = []
    troubles: list[Trouble] = []
    for named in plan.files:
        if named.source == source:
            path = Path(named.path)
            try:
                with isolated("extracting", path.name):
                    content = tiles.condensed(path, settings) if tiles.are_meant(named) else path.read_bytes()
            except OSError as error:
                raise Usage(f"{path.name} cannot be read", why=str(error)) from error
            except IctdevError as error:
                troubles.append((path.name, error))
                continue
            raw = Raw(content, path.name, f"file:{path.name}", named.edition)
            receipts.append(_keep(snapshots, raw, source, "file", whole=named.whole))
    return receipts, troubles


def _from_publisher(
    plan: Plan, source: str, settings: Settings, snapshots: Snapshots
) -> tuple[list[Receipt], list[Trouble]]:
    """Ask for each answer by itself: one that fails loses neither the others nor their pages.

    Where nobody answers at the address, the remaining ones share that trouble without being asked for.
    """
    contract = _contract(plan, source)
    earlier = _Earlier(snapshots, source)
    receipts: list[Receipt] = []
    troubles: list[Trouble] = []
    series = [one for one in wanted(source) if not one.ended]
    with Client(contract, settings, own_address=_is_own(contract), held=earlier.held) as client:
        asked = list(readers()[source].plan(contract, series))
        edition = ""
        for number, request in enumerate(asked):
            try:
                with isolated("extracting", _name(request)):
                    edition = edition or _edition(client, contract)
                    receipts += _answer(client, request, edition, snapshots)
            except Unreachable as error:
                troubles += [(_name(left), error) for left in asked[number:]]
                break
            except IctdevError as error:
                troubles.append((_name(request), error))
    return receipts, troubles


def _tiles_from_publisher(
    plan: Plan, source: str, settings: Settings, snapshots: Snapshots
) -> tuple[list[Receipt], list[Trouble]]:
    """Ask for each file of tiles by itself, to disk, within bounds of its own; what is kept is what it comes to."""
    contract, earlier = _contract(plan, source), _Earlier(snapshots, source)
    asked = list(tiles.requests(contract, settings, datetime.now(UTC).date()))
    receipts: list[Receipt] = []
    troubles: list[Trouble] = []
    with Client(contract, tiles.bounds(settings, len(asked)), own_address=_is_own(contract)) as client:
        for number, request in enumerate(asked):
            try:
                with isolated("extracting", _name(request)):
                    found = tiles.fetched(client, request, earlier.held(request.url), settings)
                    raw = Raw(found.content, _name(request), found.url, found.edition)
                    receipts.append(_keep(snapshots, raw, source, "fetched", headers=dict(found.headers)))
            except (Unreachable, Usage) as error:
                troubles += [(_name(left), error) for left in asked[number:]]
                break
            except IctdevError as error:
                troubles.append((_name(request), error))
    return receipts, troubles


def _is_own(contract: Source) -> bool:
    return contract.address == readers()[contract.id].SOURCE.address


def _name(request: Request) -> str:
    return request.name or ", ".join(request.series) or request.url.rpartition("/")[2]


def _edition(client: Client, contract: Source) -> str:
    """Ask which edition stands, where the answers themselves do not say it."""
    if contract.release is None:
        return ""
    page = client.get(Request(contract.address + contract.release.path))
    return contract.release.read(page.content)


def _answer(client: Client, request: Request, edition: str, snapshots: Snapshots) -> list[Receipt]:
    """Fetch all pages of an answer; only when it is whole does it count as arrived."""
    source = client.source.id
    kept = []
    reader = readers()[source]
    answer = pages(client, reader, request)
    asked = {"series": request.series, "areas": request.areas, "years": request.years}
    for page in answer:
        raw = Raw(page.content, f"{_name(request)} page {page.request.page}", page.url, edition)
        more = {"page": page.request.page, "headers": dict(page.headers), "whole": is_whole(answer, reader), **asked}
        kept.append(_keep(snapshots, raw, source, "fetched", **more))
    return kept


class _Earlier:
    """Answers of earlier runs to the same addresses, so that a publisher need not send them again."""

    def __init__(self, snapshots: Snapshots, source: str) -> None:
        self._snapshots = snapshots
        fetched = [one for one in snapshots.receipts() if one.source == source and one.route == "fetched"]
        self._by_url = {one.url: one for one in fetched if {"etag", "last-modified"} & set(one.headers)}

    def held(self, url: str) -> Held | None:
        """Give what we hold of an address, with its validators."""
        receipt = self._by_url.get(url)
        if receipt is None:
            return None
        return Held(receipt.headers, lambda: self._snapshots.get(receipt.snapshot))


def describe(receipt: Receipt) -> dict[str, object]:
    """Give a receipt as a row of the table `snapshot`."""
    kept = ("snapshot", "source", "route", "name", "url", "received", "size", "edition")
    return {name: value for name, value in asdict(receipt).items() if name in kept}
