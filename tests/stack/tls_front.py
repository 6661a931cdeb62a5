"""TLS in front of a plain server, as a proxy on its own threads.

asyncio's own TLS server drops a failed handshake without a word; blocking sockets tell the other side why, as
the servers do that stations meet.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

_PATIENCE_S = 5.0
_PART_BYTES = 65_536


class TlsFront:
    """Listens while it is entered. `context` may be changed for the connections to come."""

    def __init__(self, context: ssl.SSLContext, target_port: int, port: int = 0) -> None:
        self.context = context
        self.target_port = target_port
        self.handshakes: list[str] = []
        """How each handshake went: "TLSv1.3 CIPHER", or why it failed."""
        self.clients: list[bytes | None] = []
        """The client's certificate (DER) of each handshake that succeeded."""
        self._listener = socket.create_server(("127.0.0.1", port))
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._is_closing = False

    @property
    def port(self) -> int:
        """The port it listens on."""
        port: int = self._listener.getsockname()[1]
        return port

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closing = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for opened in tuple(self._open):
            _close(opened)
        for thread in tuple(self._threads):
            thread.join(_PATIENCE_S)
            assert not thread.is_alive(), thread.name

    def _start(self, job: object, *arguments: object) -> None:
        thread = threading.Thread(target=job, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._is_closing:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._serve, plain)

    def _serve(self, plain: socket.socket) -> None:
        self._open.add(plain)
        plain.settimeout(_PATIENCE_S)
        secure = self.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        self._open.discard(plain)
        self._open.add(secure)
        try:
            secure.do_handshake()
        except OSError as error:
            self.handshakes.append(str(error))
            _finish(secure)
            self._open.discard(secure)
            return
        cipher = secure.cipher()
        self.handshakes.append(f"{secure.version()} {cipher[0] if cipher else None}")
        self.clients.append(secure.getpeercert(binary_form=True))
        try:
            inner = socket.create_connection(("127.0.0.1", self.target_port), _PATIENCE_S)
        except OSError:
            _close(secure)
            return
        self._open.add(inner)
        for opened in (secure, inner):
            opened.settimeout(None)
        self._start(self._pump, secure, inner)
        self._pump(inner, secure)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError, ValueError):
            while data := source.recv(_PART_BYTES):
                sink.sendall(data)
        for opened in (source, sink):
            _close(opened)
            self._open.discard(opened)


def _finish(opened: socket.socket) -> None:
    """Let the alert reach the other side before the connection goes."""
    with suppress(OSError):
        opened.shutdown(socket.SHUT_WR)
        while opened.recv(_PART_BYTES):
            pass
    opened.close()


def _close(opened: socket.socket) -> None:
    with suppress(OSError):
        opened.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        opened.close()
