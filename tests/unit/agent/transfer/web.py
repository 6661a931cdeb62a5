"""A web server on loopback that serves, takes and misbehaves."""

from __future__ import annotations

import base64
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PATIENCE_S = 20.0


class Web(ThreadingHTTPServer):
    """What is public may be changed at any time."""

    daemon_threads = True

    def __init__(self, tls: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.etag: str | None = '"one"'
        self.has_length = True
        self.redirects: dict[str, tuple[int, str]] = {}
        self.statuses: dict[str, int] = {}
        """Method to the status that refuses it."""
        self.login: str | None = None
        """user:password that is wanted."""
        self.cut_after: int | None = None
        """Cut the connection in the middle, once, after so many bytes."""
        self.stall_after: int | None = None
        """Go silent after so many bytes."""
        self.drip_s: float | None = None
        """Send a byte, wait so long, and so on."""
        self.released = threading.Event()
        self.answers = threading.Event()
        """Cleared: uploads are not answered."""
        self.answers.set()
        self.ranges: list[str | None] = []
        self.authorizations: list[str | None] = []
        self.uploads: dict[str, bytes] = {}
        self.methods: list[str] = []
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.scheme = "http" if tls is None else "https"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are the point of some tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Web

    def do_GET(self) -> None:
        if not self._admits():
            return
        self.server.ranges.append(self.headers.get("Range"))
        content = self.server.files.get(self.path)
        if content is None:
            self._answer(404)
            return
        begin = self._begin()
        if begin > len(content) or (begin == len(content) and begin):
            self._answer(416)
            return
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        if self.server.etag is not None:
            self.send_header("ETag", self.server.etag)
        if self.server.has_length:
            self.send_header("Content-Length", str(len(content) - begin))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self._send(content[begin:])

    def do_PUT(self) -> None:
        self._take()

    def do_POST(self) -> None:
        self._take()

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.answers.wait(PATIENCE_S)
        if self._admits():
            self.server.uploads[self.path] = body
            self._answer(201)

    def _admits(self) -> bool:
        server = self.server
        server.methods.append(self.command)
        server.authorizations.append(self.headers.get("Authorization"))
        if self.path in server.redirects:
            status, to = server.redirects[self.path]
            self._answer(status, Location=to)
            return False
        if self.command in server.statuses:
            self._answer(server.statuses[self.command])
            return False
        wanted = server.login and "Basic " + base64.b64encode(server.login.encode()).decode()
        if wanted and self.headers.get("Authorization") != wanted:
            self._answer(401)
            return False
        return True

    def _begin(self) -> int:
        if self.server.etag is None or self.headers.get("If-Range") != self.server.etag:
            return 0
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        return int(found[1]) if found else 0

    def _send(self, content: bytes) -> None:
        if self.server.drip_s is not None:
            self._drip(content, self.server.drip_s)
            return
        cut, stall = self.server.cut_after, self.server.stall_after
        limit = cut if cut is not None else stall
        self.wfile.write(content[:limit])
        self.wfile.flush()
        if cut is not None and cut < len(content):
            self.server.cut_after = None
            self.close_connection = True
        elif stall is not None and stall < len(content):
            self.server.released.wait(PATIENCE_S)
            self.close_connection = True

    def _drip(self, content: bytes, pause_s: float) -> None:
        for byte in content:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if self.server.released.wait(pause_s):
                break
        self.close_connection = True

    def _answer(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def web(tls: Path | None = None) -> Iterator[Web]:
    """Serve while entered."""
    server = Web(tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.answers.set()
        server.shutdown()
        thread.join()
        server.server_close()
