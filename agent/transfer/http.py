"""HTTP and HTTPS: GET with ranges, PUT or POST of one file (RFC 9110, RFC 7578)."""

from __future__ import annotations

import base64
import http.client
import os
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO
from urllib.parse import urljoin

from agent.transfer.errors import (
    AccessDenied,
    Interrupted,
    NotFound,
    NotSupported,
    Refused,
    TransferError,
    Untrusted,
)
from agent.transfer.location import Location, parse_location
from agent.transfer.remote import BLOCK_BYTES, Means, Resume, shut

MOST_REDIRECTS = 5

_REDIRECTS = {301, 302, 303, 307, 308}
_KEEPING_METHOD = {307, 308}
_PUT_UNKNOWN = {404, 405, 501}
"""How servers answer PUT that take a file only as a form."""
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class HttpFile:
    """A response being read."""

    def __init__(self, response: http.client.HTTPResponse, begins_at: int, size: int | None) -> None:
        self._response = response
        self.begins_at = begins_at
        self.size = size
        tag = response.getheader("ETag", "")
        self.validator = (tag if tag and not tag.startswith("W/") else "") or response.getheader(
            "Last-Modified"
        )

    def read(self) -> bytes:
        """Return the next block; whether it was the last is for the caller to know by `size`."""
        with _failures():
            return self._response.read1(BLOCK_BYTES)


@contextmanager
def open_http(location: Location, resume: Resume | None, means: Means) -> Iterator[HttpFile]:
    """Ask for a file, or for the rest of it if it is still the same (If-Range).

    Raises:
        TransferError: If the server does not give it.
    """
    headers = {"Accept-Encoding": "identity"}
    if resume is not None:
        headers |= {"Range": f"bytes={resume.offset}-", "If-Range": resume.validator}
    at = location
    for _ in range(MOST_REDIRECTS + 1):
        with _connected(at, means) as connection, _ask(connection, "GET", at, headers) as response:
            if response.status in _REDIRECTS:
                at = _redirected(at, response)
                continue
            if response.status == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and resume is not None:
                headers = {"Accept-Encoding": "identity"}
                resume = None
                continue
            yield _opened(response, at)
            return
    raise Refused(f"{location} redirects more than {MOST_REDIRECTS} times")


def _opened(response: http.client.HTTPResponse, at: Location) -> HttpFile:
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        found = _RANGE.fullmatch(response.getheader("Content-Range", ""))
        if found is None:
            raise Refused(f"{at} sends a part without saying which")
        return HttpFile(response, int(found[1]), None if found[2] == "*" else int(found[2]))
    if response.status != http.HTTPStatus.OK:
        raise _why(response.status, at)
    return HttpFile(response, 0, response.length)


def send_http(location: Location, file: Path, name: str, means: Means) -> None:
    """Send a file: PUT, to the address or into the folder that it is; POST as a form if PUT is not known.

    Raises:
        TransferError: If the server does not take it.
    """
    put_to = location.with_name(name) if location.path.partition("?")[0].endswith("/") else location
    status = _send("PUT", put_to, file, {"Content-Type": "application/octet-stream"}, (b"", b""), means)
    if status in _PUT_UNKNOWN:
        boundary = os.urandom(16).hex()
        head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="uploadedfile"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        tail = f"\r\n--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        status = _send("POST", location, file, kind, (head, tail), means)
    if not http.HTTPStatus.OK <= status < http.HTTPStatus.MULTIPLE_CHOICES:
        raise _why(status, location)


def _send(
    method: str,
    location: Location,
    file: Path,
    headers: dict[str, str],
    around: tuple[bytes, bytes],
    means: Means,
) -> int:
    """Send the file between two texts and return the status; 307 and 308 are followed."""
    at = location
    length = file.stat().st_size + sum(map(len, around))
    for _ in range(MOST_REDIRECTS + 1):
        with _connected(at, means) as connection, file.open("rb") as source:
            body = _body(source, around, means)
            with _ask(connection, method, at, headers | {"Content-Length": str(length)}, body) as response:
                if response.status not in _REDIRECTS:
                    return response.status
                if response.status not in _KEEPING_METHOD:
                    raise Refused(f"{at} sends us elsewhere without the file ({response.status})")
                at = _redirected(at, response)
    raise Refused(f"{location} redirects more than {MOST_REDIRECTS} times")


def _body(source: IO[bytes], around: tuple[bytes, bytes], means: Means) -> Iterator[bytes]:
    yield around[0]
    while block := source.read(BLOCK_BYTES):
        means.cancellation.check()
        yield block
    yield around[1]


@contextmanager
def _connected(at: Location, means: Means) -> Iterator[http.client.HTTPConnection]:
    if at.scheme == "https":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            at.host, at.port, timeout=means.stall_s, context=means.tls()
        )
    else:
        connection = http.client.HTTPConnection(at.host, at.port, timeout=means.stall_s)
    try:
        with _failures():
            connection.connect()
        sock = connection.sock  # the connection forgets it when the response is the last
        with means.cancellation.closing(lambda: shut(sock)):
            yield connection
    finally:
        connection.close()


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    at: Location,
    headers: dict[str, str],
    body: Iterator[bytes] | None = None,
) -> http.client.HTTPResponse:
    if at.username or at.password:
        credentials = base64.b64encode(f"{at.username}:{at.password}".encode()).decode()
        headers = headers | {"Authorization": f"Basic {credentials}"}
    with _failures():
        try:
            connection.request(method, at.path, body=body, headers=headers)
        except (BrokenPipeError, ConnectionResetError):
            if body is None:
                raise
            # A server that does not want a file answers before it has read all of it, and closes.
        return connection.getresponse()


def _redirected(at: Location, response: http.client.HTTPResponse) -> Location:
    """Return where we are sent: never from TLS to plain text, and credentials stay with their server."""
    bare = f"{at.scheme}://{_host(at)}:{at.port}{at.path}"
    to = parse_location(urljoin(bare, response.getheader("Location", "")))
    if not to.is_http:
        raise NotSupported(f"{at} redirects to another protocol")
    if at.scheme == "https" and to.scheme != "https":
        raise Untrusted(f"{at} redirects from HTTPS to HTTP, which is not followed")
    if at.is_same_server(to) and not to.username:
        return replace(to, username=at.username, password=at.password)
    return to


def _host(at: Location) -> str:
    return f"[{at.host}]" if ":" in at.host else at.host


def _why(status: int, at: Location) -> TransferError:
    if status in {401, 403, 407}:
        return AccessDenied(f"{at} does not let us in ({status})")
    if status in {404, 410}:
        return NotFound(f"there is nothing at {at} ({status})")
    if status in {405, 501}:
        return NotSupported(f"{at} does not know how ({status})")
    is_our_fault = status in {400, 411, 413, 415, 422}
    return Refused(f"{at} answers {status}", is_our_fault=is_our_fault)


@contextmanager
def _failures() -> Iterator[None]:
    """Turn what the library raises into our own errors."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Untrusted(f"the server's certificate is not believed: {error.verify_message}") from error
    except TimeoutError as error:
        raise Interrupted("the server went silent") from error
    except (OSError, http.client.HTTPException) as error:
        raise Interrupted(f"the connection failed: {error or type(error).__name__}") from error
