"""FTP and FTPS, passive (RFC 959, 3659, 4217). FTPS is explicit, but on port 990, where TLS comes first."""

from __future__ import annotations

import ftplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import socket
from typing import cast

from agent.transfer.errors import (
    AccessDenied,
    Interrupted,
    NotFound,
    NotSupported,
    Refused,
    TransferError,
    Untrusted,
)
from agent.transfer.location import Location
from agent.transfer.remote import BLOCK_BYTES, Means, Resume, shut

_IMPLICIT_PORT = 990


class _Ftps(ftplib.FTP_TLS):
    """FTP over TLS. Data connections resume the control connection's TLS session, which servers insist on."""

    def begin_with_tls(self) -> None:
        """Put TLS around the control connection before a word is said."""
        self.sock = self.context.wrap_socket(cast("socket", self.sock), server_hostname=self.host)
        self.file = self.sock.makefile("r", encoding=self.encoding)

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket, int | None]:
        """Open a data connection under TLS."""
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321 - TLS follows
        session = cast("ssl.SSLSocket", self.sock).session
        return self.context.wrap_socket(connection, server_hostname=self.host, session=session), size


class FtpFile:
    """A file being retrieved."""

    def __init__(
        self, server: ftplib.FTP, data: socket, begins_at: int, size: int | None, validator: str | None
    ) -> None:
        self._server = server
        self._data = data
        self.begins_at = begins_at
        self.size = size
        self.validator = validator

    def read(self) -> bytes:
        """Return the next block; at the end the server must say that all was well."""
        with _failures(is_upload=False):
            block = self._data.recv(BLOCK_BYTES)
            if not block:
                _end_tls(self._data)
                self._data.close()
                self._server.voidresp()
            return block


@contextmanager
def open_ftp(location: Location, resume: Resume | None, means: Means) -> Iterator[FtpFile]:
    """Retrieve a file, or the rest of it if it is still the same by size and time.

    Raises:
        TransferError: If the server does not give it.
    """
    path = _relative(location)
    with _connected(location, means, is_upload=False) as server:
        with _failures(is_upload=False):
            server.voidcmd("TYPE I")
            size, validator = _identity(server, path)
            offset = resume.offset if resume is not None and resume.validator == validator else 0
            data, _ = server.ntransfercmd(f"RETR {path}", rest=offset or None)
        with data, means.cancellation.closing(lambda: shut(data)):
            yield FtpFile(server, data, offset, size, validator)


def send_ftp(location: Location, file: Path, name: str, means: Means) -> None:
    """Store a file: at the address, or in it if it is a folder.

    Raises:
        TransferError: If the server does not take it.
    """
    path = _relative(location)
    with _connected(location, means, is_upload=True) as server, _failures(is_upload=True):
        server.voidcmd("TYPE I")
        if _is_folder(server, path):
            path = f"{path.rstrip('/')}/{name}" if path else name
        data, _ = server.ntransfercmd(f"STOR {path}")
        with data, means.cancellation.closing(lambda: shut(data)), file.open("rb") as source:
            while block := source.read(BLOCK_BYTES):
                means.cancellation.check()
                data.sendall(block)
            _end_tls(data)
        server.voidresp()


@contextmanager
def _connected(location: Location, means: Means, *, is_upload: bool) -> Iterator[ftplib.FTP]:
    server: ftplib.FTP
    with _failures(is_upload=is_upload):
        is_implicit = location.scheme == "ftps" and location.port == _IMPLICIT_PORT
        server = _Ftps(context=means.tls()) if location.scheme == "ftps" else ftplib.FTP()  # noqa: S321 - as asked
        try:
            _enter(server, location, means.stall_s, is_implicit=is_implicit)
        except BaseException:
            server.close()
            raise
    control = cast("socket", server.sock)
    try:
        with means.cancellation.closing(lambda: shut(control)):
            yield server
            with suppress(*ftplib.all_errors):
                server.quit()
    finally:
        server.close()


def _enter(server: ftplib.FTP, location: Location, stall_s: float, *, is_implicit: bool) -> None:
    """Connect and log in; nothing is said about the user before TLS is up."""
    if isinstance(server, _Ftps) and is_implicit:
        _connect_implicit(server, location, stall_s)
    else:
        server.connect(location.host, location.port, timeout=stall_s)
        if isinstance(server, _Ftps):
            server.auth()
    user = location.username or "anonymous"
    if isinstance(server, _Ftps):
        server.login(user, location.password, secure=False)
        server.prot_p()
    else:
        server.login(user, location.password)


def _connect_implicit(server: _Ftps, location: Location, stall_s: float) -> None:
    import socket as sockets  # noqa: PLC0415 - the module; the name is the type's above

    server.host, server.port, server.timeout = location.host, location.port, stall_s
    connection = sockets.create_connection((location.host, location.port), timeout=stall_s)
    server.sock = connection
    server.af = connection.family
    server.begin_with_tls()
    server.welcome = server.getresp()


def _identity(server: ftplib.FTP, path: str) -> tuple[int | None, str | None]:
    """Return the file's size, and what changes when the file does."""
    try:
        size = server.size(path)
        changed = server.voidcmd(f"MDTM {path}").removeprefix("213").strip()
    except ftplib.error_perm as error:
        if str(error).startswith("550"):
            raise
        return None, None
    return size, f"{size}/{changed}"


def _is_folder(server: ftplib.FTP, path: str) -> bool:
    if not path:
        return True
    here = server.pwd()
    try:
        server.cwd(path)
    except ftplib.error_perm:
        return False
    server.cwd(here)
    return True


def _relative(location: Location) -> str:
    """Return the path from the folder that the user is put into (RFC 1738, 3.2.2)."""
    return location.path.removeprefix("/")


def _end_tls(data: socket) -> None:
    """Say goodbye on a data connection under TLS; servers that do not answer are common."""
    if isinstance(data, ssl.SSLSocket):
        with suppress(OSError, ValueError):
            data.unwrap()


def _why(error: ftplib.Error, *, is_upload: bool) -> TransferError:
    code = str(error)[:3]
    text = f"the FTP server answers {str(error)[:100]}"
    if code in {"530", "532", "534"}:
        return AccessDenied(text)
    if code in {"550", "553"}:
        return AccessDenied(text) if is_upload else NotFound(text)
    if code in {"500", "502", "504", "431"}:
        return NotSupported(text)
    return Refused(text, is_our_fault=code == "501")


@contextmanager
def _failures(*, is_upload: bool) -> Iterator[None]:
    """Turn what the library raises into our own errors."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Untrusted(f"the server's certificate is not believed: {error.verify_message}") from error
    except (ftplib.error_perm, ftplib.error_temp) as error:
        raise _why(error, is_upload=is_upload) from error
    except TimeoutError as error:
        raise Interrupted("the server went silent") from error
    except (OSError, EOFError, ftplib.Error) as error:
        raise Interrupted(f"the connection failed: {error or type(error).__name__}") from error
