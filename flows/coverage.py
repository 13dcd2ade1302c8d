"""What an answer covers: what was asked and arrived whole. Only inside it an absent figure counts as removed.

A publisher's answer covers the request: `flows/paging.py` lets only whole ones through. A bundle says itself what it
holds whole. A file that a person gives is a part, unless the person says that it is whole or what was held before
proves it (`warehouse/wholeness.py`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pyarrow.compute as pc

from schemas.source import Basis, Reading, Scope, Source
from warehouse.snapshots import Receipt


def covering(reading: Reading, receipt: Receipt, contract: Source) -> Reading:
    """Give the reading with the scopes that its way to us allows; what it names beside them removes nothing."""
    scopes = tuple(_scopes(reading, receipt, contract))
    left = sorted(_codes(reading) - {scope.series_code for scope in scopes})
    return replace(reading, scopes=(*scopes, *(Scope(contract.id, code, basis="named") for code in left)))


def as_part(reading: Reading) -> Reading:
    """Give the reading as one that adds and revises, and removes nothing."""
    return replace(reading, scopes=tuple(replace(scope, basis="named") for scope in reading.scopes))


def _codes(reading: Reading) -> set[str]:
    return set(pc.unique(reading.observations["series_code"]).to_pylist())


def _scopes(reading: Reading, receipt: Receipt, contract: Source) -> Iterable[Scope]:
    if receipt.route == "bundle" or receipt.whole is None:  # a journal older than the question is replayed as it was
        return reading.scopes
    if receipt.route == "fetched":
        return _asked(reading, receipt) if receipt.whole else ()
    basis: Basis = "part" if contract.files_are_parts else "claimed"
    claimed = [replace(_claim(scope, contract), basis=basis) for scope in reading.scopes]
    return _said(reading, claimed, receipt.source) if receipt.whole else claimed


def _asked(reading: Reading, receipt: Receipt) -> Iterable[Scope]:
    """Give what was asked for; a request that names no series asks for all that the reader finds in the answer."""
    if not receipt.series:
        return reading.scopes
    return [Scope(receipt.source, code, receipt.areas, receipt.years) for code in receipt.series]


def _claim(scope: Scope, contract: Source) -> Scope:
    """Give what a file covers if it is whole: all economies, or those of an office that sends its own."""
    return scope if contract.files_are_parts else replace(scope, areas=None)


def _said(reading: Reading, claimed: Sequence[Scope], source: str) -> Iterator[Scope]:
    """Give what a file covers that a person calls whole: all that it could claim, and all else that it names."""
    for scope in claimed:
        yield replace(scope, basis="whole")
    for code in sorted(_codes(reading) - {scope.series_code for scope in claimed}):
        yield Scope(source, code)
