from __future__ import annotations

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL

from agent.iso15118.client_hello import read_client_hello
from agent.iso15118.credentials import Credential, Shown, choose
from agent.iso15118.tls import TlsFailed, TlsSession, VehicleRoots
from certs.key_kinds import KeyKind
from tests.unit.agent.iso15118.pki import credential, good_word, issued, show, trusting

_ROUNDS = 10


class Vehicle:
    """Python's own TLS (not the OpenSSL that pyOpenSSL brings), as a vehicle, without a socket."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._incoming, self._outgoing)

    def first(self) -> bytes:
        with pytest.raises(ssl.SSLWantReadError):
            self.tls.do_handshake()
        return self._outgoing.read()

    def exchange(self, session: TlsSession) -> None:
        """Carry bytes to and fro until both sides are through with the handshake."""
        is_done = False
        for _ in range(_ROUNDS):
            is_through = session.shake_hands()
            self._incoming.write(session.outgoing())
            if is_through and is_done:
                return
            try:
                self.tls.do_handshake()
                is_done = True
            except ssl.SSLWantReadError:
                pass
            session.receive(self._outgoing.read())
        raise AssertionError("the handshake does not end")

    def say(self, session: TlsSession, data: bytes) -> None:
        self.tls.write(data)
        session.receive(self._outgoing.read())

    def hear(self, session: TlsSession) -> bytes:
        self._incoming.write(session.outgoing())
        return self.tls.read()


def connect(
    context: ssl.SSLContext, *credentials: Credential, vehicles: VehicleRoots | None = None
) -> tuple[Vehicle, TlsSession, Shown]:
    vehicle = Vehicle(context)
    first = vehicle.first()
    hello = read_client_hello(first)
    assert hello is not None
    shown = choose(hello, credentials)
    assert shown is not None
    session = TlsSession(shown, vehicles)
    session.receive(first)
    vehicle.exchange(session)
    return vehicle, session, shown


def vehicle_roots(keys: KeyKind = "P-521") -> VehicleRoots:
    root = issued("oem-20", keys)["root"].chain[0]
    return VehicleRoots(roots=(root,), at=datetime.now(UTC), clock_is_trusted=True)


def test_a_vehicle_of_dash_2_has_tls_12() -> None:
    context = trusting("v2g-2")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    vehicle, session, _ = connect(
        context, credential("v2g-20"), credential("v2g-2"), vehicles=vehicle_roots()
    )
    assert vehicle.tls.cipher() == ("ECDHE-ECDSA-AES128-SHA256", "TLSv1.2", 128)
    assert session.vehicle_chain() == ()
    vehicle.say(session, b"\x01\xfe")
    assert session.read() == b"\x01\xfe"
    assert session.read() == b""
    session.write(b"answer" * 10_000)
    heard = b""
    while len(heard) < 60_000:
        heard += vehicle.hear(session)
    assert heard == b"answer" * 10_000


@pytest.mark.parametrize("keys", ["P-521", "Ed448"])
def test_a_vehicle_of_dash_20_has_tls_13_and_shows_itself(keys: KeyKind, tmp_path: Path) -> None:
    shown_by_vehicle = issued("oem-20", keys)["vehicle"]
    context = show(trusting("v2g-20", keys), shown_by_vehicle, tmp_path)
    keyring, roots = (credential("v2g-2"), credential("v2g-20", keys)), vehicle_roots(keys)
    vehicle, session, shown = connect(context, *keyring, vehicles=roots)
    cipher = vehicle.tls.cipher()
    assert cipher is not None
    assert cipher[:2] == ("TLS_AES_256_GCM_SHA384", "TLSv1.3")
    assert shown.credential.kind == keys
    assert session.vehicle_chain() == tuple(one.public_bytes(Encoding.DER) for one in shown_by_vehicle.chain)


def test_a_vehicle_without_a_certificate_is_let_in_as_nobody() -> None:
    _, session, _ = connect(trusting("v2g-20"), credential("v2g-20"), vehicles=vehicle_roots())
    assert session.vehicle_chain() == ()


def test_a_vehicle_of_unknown_roots_is_refused_with_an_alert(tmp_path: Path) -> None:
    context = show(trusting("v2g-20"), issued("oem-20", "Ed448")["vehicle"], tmp_path)
    vehicle = Vehicle(context)
    first = vehicle.first()
    hello = read_client_hello(first)
    assert hello is not None
    shown = choose(hello, [credential("v2g-20")])
    assert shown is not None
    session = TlsSession(shown, vehicle_roots())
    session.receive(first)
    with pytest.raises(TlsFailed, match="certificate verify failed"):
        vehicle.exchange(session)
    with pytest.raises(ssl.SSLError, match="UNKNOWN_CA"):
        vehicle.hear(session)


def test_the_authoritys_word_is_stapled() -> None:
    for folder, version in (("v2g-2", SSL.TLS1_2_VERSION), ("v2g-20", SSL.TLS1_3_VERSION)):
        word = good_word(folder)
        heard: list[bytes] = []

        def hear(_connection: SSL.Connection, der: bytes, _data: object, heard: list[bytes] = heard) -> bool:
            heard.append(der)
            return True

        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.set_min_proto_version(version)
        context.set_max_proto_version(version)
        context.set_ocsp_client_callback(hear)
        client = SSL.Connection(context)
        client.request_ocsp()
        client.set_connect_state()
        with pytest.raises(SSL.WantReadError):
            client.do_handshake()
        first = client.bio_read(1 << 14)
        hello = read_client_hello(first)
        assert hello is not None
        assert hello.wants_status
        shown = choose(hello, [credential(folder, staple=word)])
        assert shown is not None
        session = TlsSession(shown, None)
        session.receive(first)
        assert session.shake_hands() is False
        client.bio_write(session.outgoing())
        with pytest.raises(SSL.WantReadError):
            client.recv(1)
        assert heard == [word]


def test_both_sides_say_that_they_are_through() -> None:
    vehicle, session, _ = connect(trusting("v2g-2"), credential("v2g-2"))
    session.close()
    assert vehicle.hear(session) == b""
    vehicle.tls.unwrap()
    session.receive(vehicle._outgoing.read())
    assert session.read() is None


def test_a_spoilt_record_ends_the_connection() -> None:
    vehicle, session, _ = connect(trusting("v2g-2"), credential("v2g-2"))
    vehicle.tls.write(b"charge")
    spoilt = bytearray(vehicle._outgoing.read())
    spoilt[-1] ^= 1
    session.receive(bytes(spoilt))
    with pytest.raises(TlsFailed, match="bad record mac"):
        session.read()
    with pytest.raises(TlsFailed):
        session.write(b"more")
    session.close()


def test_a_key_that_is_not_the_chains_is_refused() -> None:
    mixed = Credential(key=issued("oem-2")["provisioning"].key, chain=credential("v2g-2").chain)
    with pytest.raises(TlsFailed, match=r"the charger's chain cannot be used: .*mismatch"):
        TlsSession(Shown(credential=mixed, version="TLS 1.2", is_trusted=True), None)


def test_what_breaks_the_rules_of_dash_20_is_refused_after_the_handshake() -> None:
    chain = [one.public_bytes(Encoding.DER) for one in issued("oem-20")["provisioning"].chain]
    of_2 = [one.public_bytes(Encoding.DER) for one in issued("oem-2")["provisioning"].chain]
    vehicle_roots().check([one.public_bytes(Encoding.DER) for one in issued("oem-20")["vehicle"].chain])
    with pytest.raises(TlsFailed, match=r"the vehicle's certificate: .*nobody who is trusted"):
        vehicle_roots().check(of_2)
    with pytest.raises(TlsFailed, match=r"the vehicle's certificate: "):
        vehicle_roots("Ed448").check(chain)


def test_dates_count_only_where_the_time_is_known() -> None:
    chain = [one.public_bytes(Encoding.DER) for one in issued("oem-20")["vehicle"].chain]
    late = datetime.now(UTC) + timedelta(days=5000)
    with pytest.raises(TlsFailed, match="expired"):
        replace(vehicle_roots(), at=late).check(chain)
    replace(vehicle_roots(), at=late, clock_is_trusted=False).check(chain)


@pytest.mark.parametrize("der", [b"", b"\x30\x00"])
def test_a_vehicle_whose_certificate_cannot_be_read_is_refused(der: bytes) -> None:
    good = issued("oem-20")["vehicle"].chain[0].public_bytes(Encoding.DER)
    with pytest.raises(TlsFailed, match="the vehicle's chain: a certificate cannot be read"):
        vehicle_roots().check((good, der))
