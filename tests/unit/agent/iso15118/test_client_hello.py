from __future__ import annotations

import ssl
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.iso15118.client_hello import (
    LARGEST,
    TLS_12,
    TLS_13,
    ClientHello,
    NoClientHello,
    TrustedAuthority,
    read_client_hello,
)

P256 = 0x0403


def hello_of(context: ssl.SSLContext) -> bytes:
    """Return what Python's TLS says first, as a client."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname="charger")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def client(least: ssl.TLSVersion, most: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version, context.maximum_version = least, most
    return context


def vector(size: int, data: bytes) -> bytes:
    return len(data).to_bytes(size, "big") + data


def hello(*extensions: tuple[int, bytes], version: int = TLS_12) -> bytes:
    """Return a ClientHello by RFC 5246 and RFC 8446, written here by hand."""
    block = b"".join(struct.pack("!H", kind) + vector(2, data) for kind, data in extensions)
    body = struct.pack("!H", version) + bytes(32) + vector(1, b"") + vector(2, b"\xc0\x23") + vector(1, b"\0")
    body += vector(2, block) if extensions else b""
    return b"\x01" + vector(3, body)


def record(data: bytes) -> bytes:
    return b"\x16\x03\x01" + vector(2, data)


@pytest.mark.parametrize(
    ("least", "most", "versions"),
    [
        (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, {TLS_12}),
        (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3, {TLS_12, TLS_13}),
        (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3, {TLS_13}),
    ],
)
def test_a_real_clients_hello_is_read(
    least: ssl.TLSVersion, most: ssl.TLSVersion, versions: set[int]
) -> None:
    data = hello_of(client(least, most))
    read = read_client_hello(data)
    assert read is not None
    assert read.versions == versions
    assert P256 in read.signatures
    assert not read.trusted
    assert not read.wants_status


def test_it_is_read_only_once_it_is_whole() -> None:
    data = hello_of(client(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3))
    assert all(read_client_hello(data[:end]) is None for end in range(len(data)))
    assert read_client_hello(data + b"more") == read_client_hello(data)


def test_it_may_come_in_several_records() -> None:
    whole = hello((43, vector(1, b"\x03\x04\x03\x03")))
    pieces = b"".join(record(whole[start : start + 7]) for start in range(0, len(whole), 7))
    assert read_client_hello(pieces) == ClientHello(
        versions=frozenset({TLS_12, TLS_13}), signatures=frozenset()
    )


def test_the_roots_that_a_vehicle_knows_are_read() -> None:
    keys = b"\x00" + b"\x01" + b"k" * 20 + b"\x02" + vector(2, b"name") + b"\x03" + b"c" * 20
    read = read_client_hello(record(hello((3, vector(2, keys)), (5, b"\x01\0\0\0\0"))))
    assert read is not None
    assert read.trusted == (
        TrustedAuthority("key SHA-1", b"k" * 20),
        TrustedAuthority("name", b"name"),
        TrustedAuthority("certificate SHA-1", b"c" * 20),
    )
    assert read.wants_status
    names = vector(2, vector(2, b"one") + vector(2, b"other"))
    read = read_client_hello(record(hello((47, names))))
    assert read is not None
    assert [one.value for one in read.trusted] == [b"one", b"other"]


def test_what_follows_an_unknown_form_is_passed_over() -> None:
    keys = b"\x03" + b"c" * 20 + b"\x07" + b"?" * 9
    read = read_client_hello(record(hello((3, vector(2, keys)))))
    assert read is not None
    assert read.trusted == (TrustedAuthority("certificate SHA-1", b"c" * 20),)


def test_a_hello_without_extensions_has_its_own_version() -> None:
    assert read_client_hello(record(hello())) == ClientHello(
        versions=frozenset({TLS_12}), signatures=frozenset()
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x01\xfe\x80\x01\x00\x00\x00\x04", "no TLS"),
        (b"GET / HTTP/1.1\r\n", "no TLS"),
        (b"\x16\x02", "no TLS"),
        (b"\x16\x03\x01\x00\x00", "record of 0 bytes"),
        (b"\x16\x03\x01\xff\xff", "record of 65535 bytes"),
        (record(b"\x02\x00\x00\x00"), "no ClientHello"),
        (record(b"\x01" + (LARGEST).to_bytes(3, "big")), "ClientHello of"),
        (record(b"\x01" + vector(3, b"\x03\x03" + bytes(31))), "a length within"),
        (record(hello((3, vector(2, b"\x03short")))), "a length within"),
        (record(hello((3, b""))), "a length within"),
    ],
)
def test_what_is_none_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(NoClientHello, match=why):
        read_client_hello(data)


@given(st.binary(max_size=200))
def test_nothing_else_comes_of_hostile_bytes(data: bytes) -> None:
    for start in (
        b"",
        b"\x16\x03\x01",
        record(b"\x01" + vector(3, data)),
        record(hello((3, data), (47, data))),
    ):
        try:
            read_client_hello(start + data)
        except NoClientHello:
            continue


@given(st.data())
def test_nothing_else_comes_of_a_spoilt_hello(data: st.DataObject) -> None:
    whole = bytearray(hello_of(client(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_client_hello(bytes(whole))
    except NoClientHello:
        return
