"""An HTTP/1.1 response, taken apart without IO (RFC 9112). Small, and strict where laxness costs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONGEST_HEAD: Final = 16 * 1024
LONGEST_BODY: Final = 256 * 1024

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: .*)?")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*")
_NUMBER = re.compile(rb"[0-9]{1,9}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?")


class NotHttp(ValueError):
    """What came is no response that could be used."""


@dataclass(frozen=True, slots=True)
class Response:
    """Status code and content."""

    status: int
    body: bytes


class ResponseReader:
    """Takes the bytes of one response as they come."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._body = bytearray()
        self._status: int | None = None
        self._length: int | None = None
        self._is_chunked = False

    def receive(self, data: bytes) -> Response | None:
        """Take bytes; return the response once it is whole.

        Raises:
            NotHttp: If this is none, or too long a one.
        """
        self._buffer += data
        while self._status is None:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                if len(self._buffer) > LONGEST_HEAD:
                    raise NotHttp("its head does not end")
                return None
            self._buffer = rest
            self._read_head(bytes(head))
        return self._chunks() if self._is_chunked else self._plain()

    def end(self) -> Response:
        """Take note that the connection has ended; return the response if that is what ends it.

        Raises:
            NotHttp: If something of it is missing.
        """
        if self._status is None or self._is_chunked or self._length is not None:
            raise NotHttp("it was cut off")
        return Response(self._status, bytes(self._buffer))

    def _read_head(self, head: bytes) -> None:
        first, *lines = head.split(b"\r\n")
        match = _STATUS_LINE.fullmatch(first)
        if match is None:
            raise NotHttp(f"it begins with {first[:40]!r}")
        status = int(match[1])
        if status < 200:
            return  # interim: the response is still to come
        self._read_framing(_fields(lines))
        if status in (204, 304):
            self._is_chunked, self._length = False, 0
        self._status = status

    def _read_framing(self, fields: dict[bytes, list[bytes]]) -> None:
        codings, lengths = fields.get(b"transfer-encoding", []), fields.get(b"content-length", [])
        if codings:
            if [coding.lower() for coding in codings] != [b"chunked"] or lengths:
                raise NotHttp("it is coded in a way that is not understood")
            self._is_chunked = True
        elif lengths:
            if len(set(lengths)) > 1 or not _NUMBER.fullmatch(lengths[0]):
                raise NotHttp(f"its length is {lengths}")
            self._length = int(lengths[0])
            if self._length > LONGEST_BODY:
                raise NotHttp(f"it has {self._length} bytes, more than {LONGEST_BODY}")

    def _plain(self) -> Response | None:
        assert self._status is not None
        if len(self._buffer) > LONGEST_BODY:
            raise NotHttp(f"it has more than {LONGEST_BODY} bytes")
        if self._length is None or len(self._buffer) < self._length:
            return None
        return Response(self._status, bytes(self._buffer[: self._length]))

    def _chunks(self) -> Response | None:
        """Take whole chunks; what follows the last one (the trailer) is of no interest."""
        assert self._status is not None
        while True:
            line, found, rest = self._buffer.partition(b"\r\n")
            if not found:
                if len(line) > LONGEST_HEAD:
                    raise NotHttp("a chunk has no size")
                return None
            match = _CHUNK_SIZE.fullmatch(line)
            if match is None:
                raise NotHttp(f"a chunk has the size {bytes(line[:40])!r}")
            size = int(match[1], 16)
            if size == 0:
                return Response(self._status, bytes(self._body))
            if len(self._body) + size > LONGEST_BODY:
                raise NotHttp(f"it has more than {LONGEST_BODY} bytes")
            if len(rest) < size + 2:
                return None
            if rest[size : size + 2] != b"\r\n":
                raise NotHttp("a chunk is longer than it says")
            self._body += rest[:size]
            self._buffer = rest[size + 2 :]


def _fields(lines: list[bytes]) -> dict[bytes, list[bytes]]:
    """Return the header fields by lower-case name."""
    fields: dict[bytes, list[bytes]] = {}
    for line in lines:
        match = _FIELD.fullmatch(line)
        if match is None:
            raise NotHttp(f"it has the header line {line[:40]!r}")
        fields.setdefault(match[1].lower(), []).append(match[2])
    return fields
