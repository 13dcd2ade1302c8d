"""A receiver of e-mail on loopback: takes what it is sent, or refuses as it is told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Handler(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self._data()
            elif word == b"EHLO":
                self.wfile.write(b"250 here\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            elif word == b"MAIL" and self.server.refusal:
                self.wfile.write(self.server.refusal + b"\r\n")
            else:
                self.wfile.write(b"250 fine\r\n")

    def _data(self) -> None:
        self.wfile.write(b"354 go on\r\n")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        self.server.taken.append(b"".join(lines).decode())
        self.wfile.write(b"250 taken\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    refusal: bytes
    taken: list[str]


@contextmanager
def smtp(refusal: bytes = b"") -> Iterator[tuple[int, list[str]]]:
    """Serve while the context lasts; gives the port and what was taken."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.refusal, server.taken = refusal, []
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server.server_address[1], server.taken
        server.shutdown()
