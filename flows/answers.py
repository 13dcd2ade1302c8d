"""One answer of all its pages and files: what one edition says of a series in one run is compared once.

Parts that speak of the same series in the same edition are united, and so are the pages of a request.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from schemas.observation import edition_date
from schemas.rejecting import UNREAD, by_area, coverage
from schemas.repeated import drop_repeated
from schemas.source import Reading, Scope
from warehouse.snapshots import Receipt

Tie = tuple[str, ...]
"""What two parts have in common: a request, or a series in an edition."""


@dataclass(frozen=True)
class Part:
    """One page or file, read."""

    receipt: Receipt
    reading: Reading


@dataclass(frozen=True)
class Answer:
    """All parts of an answer with their one reading."""

    receipts: tuple[Receipt, ...]
    reading: Reading

    @property
    def name(self) -> str:
        """Name the answer by its first part."""
        more = len(self.receipts) - 1
        return self.receipts[0].name + (f" and {more} more" if more else "")

    @property
    def series(self) -> frozenset[str]:
        """Series that the publisher was asked for."""
        return frozenset(code for receipt in self.receipts for code in receipt.series)


def request_of(receipt: Receipt) -> Tie:
    """Tell which request a page belongs to; a file or a bundle is a request of its own."""
    if receipt.route == "fetched":
        return ("request", *receipt.series, receipt.name.rpartition(" page ")[0] or receipt.name)
    return ("file", receipt.snapshot, receipt.name, receipt.edition)


def united(parts: Sequence[Part]) -> list[Answer]:
    """Unite the parts of each answer; older editions come first. The order of the parts does not matter."""
    found = [_answer(sorted(group, key=_place)) for group in _grouped(parts)]
    return sorted(found, key=lambda one: (edition_date(one.reading.edition) or date.min, one.receipts[0].snapshot))


def _place(part: Part) -> tuple[int, str, str]:
    return part.receipt.page, part.receipt.snapshot, part.receipt.name


def _grouped(parts: Sequence[Part]) -> list[list[Part]]:
    """Put parts together that are tied, directly or by others between them."""
    groups: list[tuple[set[Tie], list[Part]]] = []
    for part in parts:
        ties, members = set(_ties(part)), [part]
        for group in [one for one in groups if one[0] & ties]:
            groups.remove(group)
            ties |= group[0]
            members = [*group[1], *members]
        groups.append((ties, members))
    return [members for _, members in groups]


def _ties(part: Part) -> Iterator[Tie]:
    yield request_of(part.receipt)
    pairs = part.reading.observations.group_by(["series_code", "edition"]).aggregate([])
    yield from (("series", row["series_code"], row["edition"]) for row in pairs.to_pylist())


def _answer(parts: Sequence[Part]) -> Answer:
    receipts = tuple(part.receipt for part in parts)
    if len(parts) == 1:
        return Answer(receipts, parts[0].reading)
    readings = [part.reading for part in parts]
    newest = max(readings, key=lambda one: edition_date(one.edition) or date.min)
    observations, repeated = drop_repeated(pa.concat_tables([one.observations for one in readings]))
    costs = by_area([one.costs for one in readings if one.costs is not None])
    return Answer(
        receipts,
        replace(
            newest,
            observations=observations,
            rejects=pa.concat_tables([*(one.rejects for one in readings), repeated]),
            scopes=_scopes(parts),
            withdrawn=tuple(dict.fromkeys(scope for one in readings for scope in one.withdrawn)),
            unread=pa.concat_tables(
                [one.unread for one in readings if one.unread is not None] or [UNREAD.empty_table()]
            ),
            costs=costs,
            coverage=coverage(costs),
            blanks=sum(one.blanks for one in readings),
            skipped=sum(one.skipped for one in readings),
            notices=tuple(dict.fromkeys(text for one in readings for text in one.notices)),
            tables=_tables(readings),
        ),
    )


def _scopes(parts: Sequence[Part]) -> tuple[Scope, ...]:
    """Put together what the parts cover. Files that each speak of some years speak together of those between, too."""
    found = list(dict.fromkeys(scope for part in parts for scope in part.reading.scopes))
    if any(part.receipt.route != "file" for part in parts):
        return tuple(found)
    spans: dict[Scope, list[tuple[int, int]]] = {}
    for scope in found:
        if scope.years:
            spans.setdefault(replace(scope, years=None), []).append(scope.years)
    joined = {one: (min(first for first, _ in years), max(last for _, last in years)) for one, years in spans.items()}
    return tuple(dict.fromkeys(replace(one, years=joined.get(replace(one, years=None))) for one in found))


def _tables(readings: Sequence[Reading]) -> dict[str, pa.Table]:
    """Put what is no figure together, each row once."""
    names = dict.fromkeys(name for one in readings for name in one.tables)
    return {name: pa.concat_tables([one.tables[name] for one in readings if name in one.tables]) for name in names}
