"""Responders outside: only those that are allowed are asked, and what they do wrong is no answer."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from backend.pki.outside import NotAnswered, ask, is_allowed

ALLOWED = ("http://ocsp.example.com", "https://secure.example.com:8443/")


@pytest.mark.parametrize(
    ("url", "is_ok"),
    [
        ("http://ocsp.example.com", True),
        ("http://OCSP.example.com:80/any/path?x=1", True),
        ("https://secure.example.com:8443/", True),
        ("https://ocsp.example.com/", False),
        ("http://ocsp.example.com:8080/", False),
        ("http://ocsp.example.com.evil.example/", False),
        ("http://ocsp.example.com@127.0.0.1/", False),
        ("http://127.0.0.1/", False),
        ("file:///etc/passwd", False),
        ("http://[broken", False),
        ("http://ocsp.example.com:port/", False),
        ("", False),
    ],
)
def test_whom_a_charger_may_have_asked(url: str, is_ok: bool) -> None:
    assert is_allowed(url, ALLOWED) is is_ok
    assert not is_allowed(url, ())


class Odd(http.server.BaseHTTPRequestHandler):
    """Answers wrongly in one way for each path."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        status, body = {"/500": (500, b""), "/long": (200, bytes(70_000))}.get(self.path, (200, b"fine"))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        del arguments


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_address[1]}"
        finally:
            running.shutdown()
            thread.join()


def test_what_is_no_answer(server: str) -> None:
    assert ask(f"{server}/", b"?", 30) == b"fine"
    with pytest.raises(NotAnswered, match="status 500"):
        ask(f"{server}/500", b"?", 30)
    with pytest.raises(NotAnswered, match="65537 bytes"):
        ask(f"{server}/long", b"?", 30)
    with pytest.raises(NotAnswered, match=r"127\.0\.0\.1:9"):
        ask("http://127.0.0.1:9/", b"?", 30)
