"""Pages: asks for all of an answer, and refuses one that is not whole, repeats itself or changes while it is read."""

import hashlib
from collections.abc import Sequence

from flows.fetch import Client, Page
from schemas.errors import Changed, Empty
from schemas.source import Reader, Request, no_facts

MAX_PAGES = 500
"""No series is this long; a publisher that always names a further page must not hold us for ever."""


def pages(client: Client, reader: Reader, first: Request) -> list[Page]:
    """Give every page of an answer. Raises an IctdevError where one fails or they do not fit together."""
    found: list[Page] = []
    seen: set[str] = set()
    request: Request | None = first
    while request is not None:
        if len(found) == MAX_PAGES:
            raise Changed(f"{client.source.id} names more than {MAX_PAGES} pages for {_name(first)}")
        page = client.get(request)
        _refuse_repeated(page, seen, client)
        found.append(page)
        request = reader.next_page(request, page.content)
    _require_whole(found, reader, client)
    return found


def is_whole(found: Sequence[Page], reader: Reader) -> bool:
    """Tell whether an answer proves to be whole: by its totals, or as the one answer of a publisher without them."""
    if reader.page_facts is no_facts:
        return True
    return all(reader.page_facts(page.content, page.url).counted is not None for page in found)


def _name(request: Request) -> str:
    return ", ".join(request.series) or request.url


def _refuse_repeated(page: Page, seen: set[str], client: Client) -> None:
    """Raise Changed where a page is the one before: a server that ignores paging would be asked for ever."""
    digest = hashlib.sha256(page.content).hexdigest()
    if digest in seen:
        raise Changed(
            f"{client.source.id} answers page {page.request.page} of {_name(page.request)} with an earlier page",
            why="its paging is ignored or broken",
            next_step="try again later; if it stays so, the interface changed",
        )
    seen.add(digest)


def _require_whole(found: list[Page], reader: Reader, client: Client) -> None:
    """Raise Changed where totals, or the release keys of the pages, do not agree."""
    facts = [reader.page_facts(page.content, page.url) for page in found]
    name = _name(found[0].request)
    releases = sorted({fact.release for fact in facts if fact.release})
    if len(releases) > 1:
        raise Changed(
            f"{client.source.id} changed its release while {name} was read: {', '.join(releases)}",
            why="figures of two editions must not be mixed",
            next_step="run the command again",
        )
    totals = sorted({fact.declared for fact in facts if fact.declared is not None})
    if len(totals) > 1:
        raise Changed(f"{client.source.id} names several totals for {name}: {totals[0]:,} and {totals[-1]:,}")
    counted = sum(fact.counted or 0 for fact in facts)
    if totals and counted == 0:
        raise Empty(f"{client.source.id} answers {name} with no record", why="codes that are unknown are answered so")
    if totals and totals[0] != counted:
        raise Changed(
            f"{client.source.id} announced {totals[0]:,} records of {name} and sent {counted:,}",
            why="a part of the answer is missing",
            next_step="run the command again",
        )
