"""Asking publishers: the one HTTP client, with a deadline, a size bound, retries, and no host but the source's own."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

import httpx
import stamina

from flows.settings import Settings
from schemas.errors import Changed, Invalid, Unavailable, Unreachable
from schemas.source import Reader, Request, Series, Source

_USER_AGENT = "ictdev (open ICT development indicators)"
MAX_PAGES = 500
"""No series is this long; a publisher that always names a further page must not hold us for ever."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: the request, the full address that was asked, the bytes."""

    request: Request
    url: str
    content: bytes


class _Passing(Exception):
    """A failure that the same request may survive a moment later."""


class _NobodyThere(_Passing):
    """No connection to the host came about."""


class Client:
    """HTTP to one source. Use as a context manager."""

    def __init__(self, source: Source, settings: Settings) -> None:
        self.source = source
        self.settings = settings
        self.host = urlsplit(source.address).netloc

    def __enter__(self) -> Self:
        self._http = httpx.Client(
            timeout=httpx.Timeout(30.0, connect=10.0),
            headers={"User-Agent": _USER_AGENT},
            follow_redirects=True,
            event_hooks={"request": [self._refuse_other_hosts]},
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def series(self, reader: Reader, wanted: Series) -> Iterator[Page]:
        """Give every page of one series. Raises Unavailable, Unreachable, Changed or Invalid."""
        for first in reader.plan(self.source, [wanted]):
            request: Request | None = first
            count = 0
            while request is not None:
                count += 1
                if count > MAX_PAGES:
                    raise Changed(f"{self.source.id} names more than {MAX_PAGES} pages for {wanted.code}")
                page = self._page(request)
                yield page
                request = reader.next_page(request, page.content)

    def _page(self, request: Request) -> Page:
        settings = self.settings
        try:
            for attempt in stamina.retry_context(
                on=_Passing, attempts=settings.attempts, wait_initial=settings.retry_wait, wait_max=30.0, timeout=None
            ):
                with attempt:
                    return self._ask(request)
        except _NobodyThere as error:
            raise self._unavailable(str(error), Unreachable) from error
        except _Passing as error:
            raise self._unavailable(str(error)) from error
        raise AssertionError("retry_context either returns or raises")

    def _ask(self, request: Request) -> Page:
        started = time.monotonic()
        try:
            with self._http.stream("GET", request.url, params=dict(request.params)) as response:
                self._judge(response)
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    self._bound(len(body), time.monotonic() - started)
                return Page(request, str(response.url), bytes(body))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _NobodyThere(f"{type(error).__name__}: {error or 'no answer'}") from error
        except httpx.TransportError as error:
            raise _Passing(f"{type(error).__name__}: {error or 'no answer'}") from error
        except httpx.HTTPError as error:
            raise self._unavailable(f"{type(error).__name__}: {error}") from error

    def _judge(self, response: httpx.Response) -> None:
        """Part what may pass (429, 5xx) from what will not (other 4xx)."""
        status = response.status_code
        if status == 429 or status >= 500:
            raise _Passing(f"status {status} {response.reason_phrase}")
        if status >= 400:
            raise self._unavailable(f"status {status} {response.reason_phrase}")

    def _bound(self, size: int, seconds: float) -> None:
        if size > self.settings.max_bytes:
            raise Invalid(
                f"the answer of {self.source.id} is larger than {self.settings.max_bytes:,} bytes",
                next_step="raise max_bytes in ictdev.toml if that is right",
            )
        if seconds > self.settings.request_deadline:
            raise _Passing(f"no whole answer within {self.settings.request_deadline:.0f} seconds")

    def _refuse_other_hosts(self, request: httpx.Request) -> None:
        """A redirect must not lead elsewhere: figures from another host are not this publisher's."""
        if request.url.netloc.decode() != self.host or request.url.scheme not in {"http", "https"}:
            raise Changed(
                f"{self.source.id} sends us to {request.url.host}, which is not its own host",
                why=f"the contract names {self.host}",
                next_step=f"if the publisher moved: --base-url {self.source.id}=URL",
            )

    def _unavailable(self, why: str, kind: type[Unavailable] = Unavailable) -> Unavailable:
        routes = "; or ".join(self.source.routes)
        return kind(
            f"{self.source.title} did not answer ({self.host})",
            why=why,
            next_step="try again later" + (f"; or {routes}" if routes else ""),
        )
