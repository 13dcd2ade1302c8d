"""The one HTTP client: deadlines, retries, size bounds, conditional requests, and no host but the source's own.

What may pass is tried again (429, 5xx, dropped connections), what will not is not (other 4xx). Paging and its checks
are in `flows/paging.py`.
"""

import email.utils
import ipaddress
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import urlsplit

import httpx
import stamina

from flows.settings import Settings
from schemas.errors import Changed, Invalid, Unavailable, Unreachable
from schemas.source import Request, Source

_USER_AGENT = "ictdev (open ICT development indicators)"
LONGEST_PAUSE = 120.0
"""Seconds that a publisher may make us wait with Retry-After; where it asks for more, the next run comes back."""
MAX_RATIO = 200
"""An answer that expands further than this is taken for a bomb, once it is larger than `_HARMLESS`."""
_HARMLESS = 10_000_000
KEPT_HEADERS = ("etag", "last-modified", "date", "content-type")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: the request, the full address that was asked, the bytes, the headers worth keeping."""

    request: Request
    url: str
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """An answer that went to disk: the address, the headers worth keeping, whether it is the one that was held."""

    url: str
    headers: Mapping[str, str]
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """An answer that we hold from an earlier run: its validators, and how to read its bytes back."""

    headers: Mapping[str, str]
    content: Callable[[], bytes]


Answered = TypeVar("Answered")


class _Passing(Exception):
    """A failure that the same request may survive a moment later; `wait` is what the publisher asks for, in seconds."""

    def __init__(self, what: str, wait: float = 0.0) -> None:
        super().__init__(what)
        self.wait = wait


class _NobodyThere(_Passing):
    """No connection to the host came about."""


class Client:
    """HTTP to one source. Use as a context manager.

    `own_address` is true where the address is the contract's; then it must not lead to a private network. `held` gives
    the answer of an earlier run to an address.
    """

    def __init__(
        self,
        source: Source,
        settings: Settings,
        *,
        own_address: bool = False,
        held: Callable[[str], Held | None] = lambda _: None,
    ) -> None:
        self.source = source
        self.settings = settings
        self.host = urlsplit(source.address).netloc
        self._own_address = own_address
        self._held = held
        self._started = time.monotonic()
        self._asked = False

    def __enter__(self) -> Self:
        self._http = httpx.Client(
            timeout=httpx.Timeout(self.settings.read_timeout, connect=self.settings.connect_timeout),
            headers={"User-Agent": _USER_AGENT},
            follow_redirects=True,
            event_hooks={"request": [self._refuse_other_hosts]},
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, request: Request) -> Page:
        """Ask once, with retries. Raises Unavailable, Unreachable, Changed or Invalid."""
        return self._patiently(lambda: self._ask(request))

    def save(self, request: Request, path: Path, held: Held | None = None) -> Saved:
        """Ask for an answer that is too large for memory, and write it to a file; else as `get`."""
        return self._patiently(lambda: self._stream(request, path, held))

    def _patiently(self, ask: Callable[[], Answered]) -> Answered:
        try:
            for attempt in stamina.retry_context(
                on=self._again,
                attempts=self.settings.attempts,
                wait_initial=self.settings.retry_wait,
                wait_max=30.0,
                wait_jitter=self.settings.retry_wait,
                timeout=None,
            ):
                with attempt:
                    self._in_time()
                    return ask()
        except _NobodyThere as error:
            raise self._unavailable(str(error), Unreachable) from error
        except _Passing as error:
            raise self._unavailable(str(error)) from error
        raise AssertionError("retry_context either returns or raises")

    def _again(self, error: Exception) -> bool | float:
        """Say whether to try again, and after how long where the publisher named it."""
        if not isinstance(error, _Passing):
            return False
        return min(error.wait, LONGEST_PAUSE) if error.wait else True

    def _in_time(self) -> None:
        """Keep the pause that the publisher asks for, and the deadline of the whole source."""
        if time.monotonic() - self._started > self.settings.source_deadline:
            why = f"asking it took longer than {self.settings.source_deadline:.0f} seconds in all"
            raise self._unavailable(why, Unreachable)
        if self._asked and self.source.pause and self._own_address:
            time.sleep(self.source.pause)
        self._asked = True

    def _ask(self, request: Request) -> Page:
        address = _address(request)
        held = self._held(str(address))
        with self._answer(address, held) as response:
            if response.status_code == 304 and held is not None:
                return Page(request, str(address), held.content(), held.headers)
            body = bytearray()
            for chunk in self._chunks(response):
                body += chunk
            return Page(request, str(response.url), bytes(body), _kept(response))

    def _stream(self, request: Request, path: Path, held: Held | None) -> Saved:
        address = _address(request)
        with self._answer(address, held) as response:
            if response.status_code == 304 and held is not None:
                return Saved(str(address), held.headers, unchanged=True)
            with path.open("wb") as handle:
                for chunk in self._chunks(response):
                    handle.write(chunk)
            return Saved(str(response.url), _kept(response))

    def _chunks(self, response: httpx.Response) -> Iterator[bytes]:
        started, size = time.monotonic(), 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            self._bound(size, response.num_bytes_downloaded, time.monotonic() - started)
            yield chunk

    @contextmanager
    def _answer(self, address: httpx.URL, held: Held | None) -> Iterator[httpx.Response]:
        """Ask, and give the answer while it is open; what goes wrong becomes one of our errors."""
        try:
            with self._http.stream("GET", address, headers=_conditions(held)) as response:
                if not (response.status_code == 304 and held is not None):
                    self._judge(response)
                yield response
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _NobodyThere(f"{type(error).__name__}: {error or 'no answer'}") from error
        except httpx.TransportError as error:
            raise _Passing(f"{type(error).__name__}: {error or 'no answer'}") from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise self._unavailable(f"{type(error).__name__}: {error}") from error

    def _judge(self, response: httpx.Response) -> None:
        """Part what may pass (408, 429, 5xx) from what will not (other 4xx, and 3xx that lead nowhere)."""
        status = response.status_code
        told = f"status {status} {response.reason_phrase}"
        if status in {408, 429} or status >= 500:
            wait = _retry_after(response.headers.get("retry-after", ""))
            if wait > LONGEST_PAUSE:
                raise self._unavailable(f"{told}; it asks to come back in {wait:.0f} seconds", Unreachable)
            raise _Passing(told, wait)
        if status != 200:
            raise self._unavailable(told)

    def _bound(self, size: int, packed: int, seconds: float) -> None:
        if size > self.settings.max_bytes:
            raise Invalid(
                f"the answer of {self.source.id} is larger than {self.settings.max_bytes:,} bytes",
                next_step="raise max_bytes in ictdev.toml if that is right",
            )
        if size > _HARMLESS and size > MAX_RATIO * max(packed, 1):
            raise Invalid(f"the answer of {self.source.id} expands {size // max(packed, 1)} times", why="like a bomb")
        if seconds > self.settings.request_deadline:
            raise _Passing(f"no whole answer within {self.settings.request_deadline:.0f} seconds")

    def _refuse_other_hosts(self, request: httpx.Request) -> None:
        """A redirect must not lead elsewhere: figures from another host are not this publisher's."""
        known = {self.host, *self.source.mirrors}
        if request.url.netloc.decode() not in known or request.url.scheme not in {"http", "https"}:
            raise Changed(
                f"{self.source.id} sends us to {request.url.scheme}://{request.url.host}, which is not its own host",
                why=f"the contract names {', '.join(sorted(known))}",
                next_step=f"if the publisher moved: --base-url {self.source.id}=URL",
            )
        if self._own_address and _is_private(request.url.host):
            raise Changed(
                f"{self.source.id} ({request.url.host}) leads into a private network",
                why="a publisher's name must not resolve to an address inside this one",
                next_step=f"if that is a mirror of yours: --base-url {self.source.id}=URL",
            )

    def _unavailable(self, why: str, kind: type[Unavailable] = Unavailable) -> Unavailable:
        routes = "; or ".join(self.source.routes)
        return kind(
            f"{self.source.title} did not answer ({self.host})",
            why=why,
            next_step="try again later" + (f"; or {routes}" if routes else ""),
        )


def _address(request: Request) -> httpx.URL:
    return httpx.URL(request.url, params=dict(request.params)) if request.params else httpx.URL(request.url)


def _kept(response: httpx.Response) -> dict[str, str]:
    return {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}


def _conditions(held: Held | None) -> dict[str, str]:
    """Give the headers that ask for an answer only if it is another than the one we hold."""
    if held is None:
        return {}
    pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
    return {asked: held.headers[name] for asked, name in pairs if held.headers.get(name)}


def _retry_after(told: str) -> float:
    """Read Retry-After, in seconds or as a date; 0 where it says nothing that can be understood."""
    if told.strip().isascii() and told.strip().isdigit():  # a superscript two is a digit too, and no number
        return float(told)
    try:
        moment = email.utils.parsedate_to_datetime(told)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())


def _is_private(host: str) -> bool:
    """Tell whether a name resolves to an address that is not public; a name that does not resolve is told later."""
    try:
        found = {ipaddress.ip_address(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
    except (OSError, ValueError):
        return False
    return any(not address.is_global for address in found)
