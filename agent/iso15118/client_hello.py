"""What a vehicle says in its TLS ClientHello, read before TLS itself does, to choose what it is shown. No IO.

TLS libraries pass over trusted_ca_keys (RFC 6066, section 6), by which a vehicle of ISO 15118-2 names its
roots; in TLS 1.3 certificate_authorities is in its place (RFC 8446, 4.2.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

TLS_12: Final = 0x0303
TLS_13: Final = 0x0304

LARGEST: Final = 1 << 14
"""Bytes of a ClientHello that is read; a vehicle with a hundred roots has fewer."""

_HANDSHAKE: Final = 22
_CLIENT_HELLO: Final = 1
_RECORD_HEADER: Final = 5
_RANDOM: Final = 32
_TRUSTED_CA_KEYS: Final = 3
_STATUS_REQUEST: Final = 5
_SIGNATURE_ALGORITHMS: Final = 13
_SUPPORTED_VERSIONS: Final = 43
_CERTIFICATE_AUTHORITIES: Final = 47

AuthorityForm = Literal["key SHA-1", "name", "certificate SHA-1"]
_PRE_AGREED: Final = 0
_FORMS: Final[dict[int, AuthorityForm]] = {1: "key SHA-1", 2: "name", 3: "certificate SHA-1"}
_SHA1: Final = 20


class NoClientHello(Exception):
    """The bytes cannot become a ClientHello; says why."""


@dataclass(frozen=True, slots=True)
class TrustedAuthority:
    """A root that the vehicle knows: its distinguished name (DER), or a hash of its key or certificate."""

    form: AuthorityForm
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHello:
    """What the charger's choice depends on."""

    versions: frozenset[int]
    signatures: frozenset[int]
    """SignatureScheme numbers (RFC 8446, 4.2.3)."""
    trusted: tuple[TrustedAuthority, ...] = ()
    wants_status: bool = False


def read_client_hello(data: bytes) -> ClientHello | None:
    """Return what the first bytes of a connection say, None while more are needed.

    Raises:
        NoClientHello: If they are the beginning of something else, or of too much.
    """
    message = _first_message(data)
    if message is None:
        return None
    try:
        return _read(_Bytes(message))
    except _TooShort:
        raise NoClientHello("a length within the ClientHello is wrong") from None


def _first_message(data: bytes) -> bytes | None:
    """Return the body of the first handshake message, which may be spread over several records."""
    message, rest = b"", data
    while rest:
        if rest[0] != _HANDSHAKE or (len(rest) > 1 and rest[1] != 3):
            raise NoClientHello("this is no TLS")
        if len(rest) < _RECORD_HEADER:
            return None
        length = int.from_bytes(rest[3:5], "big")
        if not 0 < length <= LARGEST:
            raise NoClientHello(f"a record of {length} bytes")
        message += rest[_RECORD_HEADER : _RECORD_HEADER + length]
        if message and message[0] != _CLIENT_HELLO:
            raise NoClientHello("the first message is no ClientHello")
        wanted = 4 + int.from_bytes(message[1:4], "big") if len(message) >= 4 else 4
        if wanted > LARGEST:
            raise NoClientHello(f"a ClientHello of {wanted} bytes")
        if len(message) >= wanted > 4:
            return message[4:wanted]
        rest = rest[_RECORD_HEADER + length :]
    return None


class _TooShort(Exception):
    """A length announces more than there is."""


class _Bytes:
    """Bytes that are taken from the front."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __bool__(self) -> bool:
        return bool(self._data)

    def take(self, count: int) -> bytes:
        if count > len(self._data):
            raise _TooShort
        taken, self._data = self._data[:count], self._data[count:]
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def vector(self, size: int) -> _Bytes:
        """Return what follows a length of that many bytes."""
        return _Bytes(self.take(self.number(size)))


def _read(hello: _Bytes) -> ClientHello:
    legacy = hello.number(2)
    hello.take(_RANDOM)
    hello.vector(1)  # session id
    hello.vector(2)  # cipher suites
    hello.vector(1)  # compression methods
    extensions = dict(_extensions(hello.vector(2))) if hello else {}
    versions = extensions.get(_SUPPORTED_VERSIONS)
    return ClientHello(
        versions=frozenset([legacy] if versions is None else _numbers(_Bytes(versions).vector(1))),
        signatures=frozenset(_numbers(_vector_of(extensions, _SIGNATURE_ALGORITHMS))),
        trusted=(
            *_trusted_keys(_vector_of(extensions, _TRUSTED_CA_KEYS)),
            *_authorities(_vector_of(extensions, _CERTIFICATE_AUTHORITIES)),
        ),
        wants_status=_STATUS_REQUEST in extensions,
    )


def _extensions(block: _Bytes) -> Iterator[tuple[int, bytes]]:
    while block:
        kind = block.number(2)
        yield kind, block.take(block.number(2))


def _vector_of(extensions: dict[int, bytes], kind: int) -> _Bytes:
    found = extensions.get(kind)
    return _Bytes(b"") if found is None else _Bytes(found).vector(2)


def _numbers(block: _Bytes) -> Iterator[int]:
    while block:
        yield block.number(2)


def _trusted_keys(block: _Bytes) -> Iterator[TrustedAuthority]:
    while block:
        kind = block.number(1)
        if kind == _PRE_AGREED:
            continue
        form = _FORMS.get(kind)
        if form is None:  # of a length that nobody knows, as all that follows
            return
        value = block.take(block.number(2) if form == "name" else _SHA1)
        yield TrustedAuthority(form, value)


def _authorities(block: _Bytes) -> Iterator[TrustedAuthority]:
    while block:
        yield TrustedAuthority("name", block.take(block.number(2)))
