"""A publisher on loopback that misbehaves: it sends the very bytes that a case names, also broken HTTP."""

import socketserver
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = bytes | Iterable[bytes | float]
"""Bytes to send as they are; or parts of them and seconds to wait in between."""
Behaviour = Callable[[str, dict[str, str]], Answer]
"""Takes path and parameters of a request."""


def http(body: bytes = b"", status: str = "200 OK", length: int | None = None, **headers: str) -> bytes:
    """Give a whole answer; `length` lies about the size of the body."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Handler(socketserver.StreamRequestHandler):
    timeout = 0.5  # a TLS greeting has no line to read

    def handle(self) -> None:
        try:
            line = self.rfile.readline().decode("latin-1")
        except TimeoutError:
            return
        while self.rfile.readline().strip():
            pass
        if " " not in line:
            return  # a TLS greeting, or nothing
        parts = urlsplit(line.split(" ")[1])
        server: Any = self.server
        server.asked.append(line.split(" ")[1])
        answer = server.behaviour(parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()})
        for part in [answer] if isinstance(answer, bytes) else answer:
            if isinstance(part, float):
                time.sleep(part)
            else:
                self.wfile.write(part)

    def finish(self) -> None:
        with suppress(OSError):  # the client hung up first, as it should
            super().finish()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    behaviour: Behaviour
    asked: list[str]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up on purpose."""


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[tuple[str, list[str]]]:
    """Serve while the context lasts; gives `host:port`, and the list of what was asked."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.behaviour, server.asked = behaviour, []
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", server.asked
        server.shutdown()
