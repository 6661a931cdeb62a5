"""SDP: a vehicle asks on the link where the charger's server is (ISO 15118-2, 7.10.1; -20, 7.10.1). No IO."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv6Address

from agent.iso15118.v2gtp import Frame, NotV2gtp, PayloadType, read_datagram

PORT = 15118
MULTICAST = IPv6Address("ff02::1")
_TCP = 0x00
_REQUEST = struct.Struct("!BB")
_RESPONSE = struct.Struct("!16sHBB")


class Security(IntEnum):
    """How the connection is protected."""

    TLS = 0x00
    NONE = 0x10


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """Where the charger listens: a port for each protection that it offers, at least one."""

    address: IPv6Address
    tls_port: int | None
    plain_port: int | None


class NoRequest(Exception):
    """The datagram is no request that gets an answer; says why."""


def answer(datagram: bytes, servers: Servers) -> bytes:
    """Return the answer to a vehicle's request.

    The vehicle's wish is met where it can be. Else the answer names what there is, and the vehicle decides
    whether that is enough (ISO 15118-2, V2G2-156 and following).

    Raises:
        NoRequest: If it is none, or asks for another transport than TCP.
    """
    wish = _read(datagram)
    offered = {Security.TLS: servers.tls_port, Security.NONE: servers.plain_port}
    security = wish if offered[wish] is not None else _other(wish)
    port = offered[security]
    if port is None:
        raise NoRequest("the charger listens nowhere")
    payload = _RESPONSE.pack(servers.address.packed, port, security, _TCP)
    return Frame(PayloadType.SDP_RESPONSE, payload).to_bytes()


def _read(datagram: bytes) -> Security:
    try:
        frame = read_datagram(datagram)
    except NotV2gtp as error:
        raise NoRequest(str(error)) from None
    if frame.payload_type != PayloadType.SDP_REQUEST or len(frame.payload) != _REQUEST.size:
        raise NoRequest(f"payload type {frame.payload_type:#06x} of {len(frame.payload)} bytes")
    security, transport = _REQUEST.unpack(frame.payload)
    if transport != _TCP:
        raise NoRequest(f"transport {transport:#04x}: there is TCP only")
    try:
        return Security(security)
    except ValueError:
        raise NoRequest(f"security {security:#04x}: there are 0x00 and 0x10") from None


def _other(security: Security) -> Security:
    return Security.NONE if security is Security.TLS else Security.TLS
