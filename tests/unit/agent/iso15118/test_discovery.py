from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv6Address

import pytest

from agent.iso15118.discovery import NoRequest, Servers, answer

SERVERS = Servers(address=IPv6Address("fe80::1234"), tls_port=0xC001, plain_port=0xC002)
TLS, PLAIN = bytes.fromhex("01fe9000000000020000"), bytes.fromhex("01fe9000000000021000")


@pytest.mark.parametrize(
    ("request_", "servers", "port_and_security"),
    [
        (TLS, SERVERS, "c00100"),
        (PLAIN, SERVERS, "c00210"),
        (TLS, replace(SERVERS, tls_port=None), "c00210"),
        (PLAIN, replace(SERVERS, plain_port=None), "c00100"),
    ],
)
def test_a_vehicle_is_told_where_to_connect(
    request_: bytes, servers: Servers, port_and_security: str
) -> None:
    """V2G2-139 to V2G2-144: address, port, security, transport."""
    header = "01fe900100000014"
    assert answer(request_, servers).hex() == f"{header}{servers.address.packed.hex()}{port_and_security}00"


@pytest.mark.parametrize(
    ("datagram", "why"),
    [
        (b"", "no header"),
        (TLS[:-1], "came"),
        (TLS.replace(b"\x90\x00", b"\x90\x01", 1), "payload type 0x9001"),
        (bytes.fromhex("01fe900000000001" + "00"), "of 1 bytes"),
        (bytes.fromhex("01fe900000000002" + "0010"), "TCP only"),
        (bytes.fromhex("01fe900000000002" + "0700"), "security 0x07"),
    ],
)
def test_what_is_no_request_gets_no_answer(datagram: bytes, why: str) -> None:
    with pytest.raises(NoRequest, match=why):
        answer(datagram, SERVERS)


def test_a_charger_that_listens_nowhere() -> None:
    with pytest.raises(NoRequest, match="nowhere"):
        answer(TLS, replace(SERVERS, tls_port=None, plain_port=None))
