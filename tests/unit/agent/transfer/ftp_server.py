"""pyftpdlib on loopback, in a process of its own: `python ftp_server.py FOLDER [CERTIFICATE [implicit]]`.

It prints its port. Its asyncore is deprecated in Python, which warnings in this process would make errors.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
    from pyftpdlib.servers import FTPServer

USER = "station"
PASSWORD = "a p@ss:word"


def serve(folder: str, certificate: str | None, is_implicit: bool) -> None:
    authorizer = DummyAuthorizer()
    authorizer.add_user(USER, PASSWORD, folder, perm="elradfmwMT")
    authorizer.add_anonymous(folder, perm="elr")
    handler = FTPHandler
    if certificate is not None:
        handler = TLS_FTPHandler
        handler.certfile = certificate
        handler.tls_control_required = True
        handler.tls_data_required = True
    handler.authorizer = authorizer
    if is_implicit:
        handler = _implicit(handler)
    server = FTPServer(("127.0.0.1", 0), handler)
    print(server.address[1], flush=True)
    server.serve_forever()


def _implicit(handler: Any) -> type:
    class Implicit(handler):  # type: ignore[misc]  # the package ships no types
        def handle(self) -> None:
            self.secure_connection(self.get_ssl_context())

        def handle_ssl_established(self) -> None:
            handler.handle(self)

    return Implicit


@contextmanager
def ftp_server(folder: Path, certificate: Path | None = None, *, is_implicit: bool = False) -> Iterator[int]:
    """Serve a folder while entered; yields the port."""
    arguments = [
        str(folder),
        *([str(certificate)] if certificate else []),
        *(["implicit"] if is_implicit else []),
    ]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", __file__, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        with process.stdout:
            yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None, len(sys.argv) > 3)
