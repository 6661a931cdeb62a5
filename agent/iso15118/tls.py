"""TLS with a vehicle, as bytes in and bytes out; whoever has the connection carries them. No IO.

OpenSSL through pyOpenSSL: Python's own `ssl` cannot staple an OCSP answer as a server.
ISO 15118-2 demands TLS 1.2 with ECDHE or static ECDH, AES-128-CBC and SHA-256; OpenSSL has had no static ECDH
since 1.1.0, and vehicles need know but one of the two. ISO 15118-20 demands TLS 1.3 with the vehicle's
certificate, AES-256-GCM or ChaCha20.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from OpenSSL import SSL, crypto

from agent.iso15118.credentials import Shown
from certs.chains import validate
from certs.der import read_ders
from certs.pem import NotACertificate
from certs.profiles import VEHICLE_20

_SUITES_12: Final = b"ECDHE-ECDSA-AES128-SHA256"
_SUITES_13: Final = b"TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
_PROTOCOL: Final = {"TLS 1.2": SSL.TLS1_2_VERSION, "TLS 1.3": SSL.TLS1_3_VERSION}
_CHUNK: Final = 1 << 14
_NOT_YET_VALID: Final = 9
_EXPIRED: Final = 10


class TlsFailed(Exception):
    """The handshake failed, or what came is no TLS; says why. An alert may be there to send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRoots:
    """Where a vehicle's certificate must come from; its dates count if the clock can be trusted."""

    roots: Sequence[x509.Certificate]
    at: datetime
    clock_is_trusted: bool

    def check(self, chain: Sequence[bytes]) -> None:
        """Hold what a vehicle showed (DER, leaf first) against what ISO 15118-20 demands of it.

        Raises:
            TlsFailed: If it breaks a rule; says which.
        """
        try:
            bundle = read_ders(chain)
        except NotACertificate as error:
            raise TlsFailed(f"the vehicle's chain: {error}") from error
        verdict = validate(bundle, self.roots, VEHICLE_20, self.at, is_clock_trusted=self.clock_is_trusted)
        if not verdict.is_valid and not verdict.is_only_about_time:
            raise TlsFailed(f"the vehicle's certificate: {verdict}")


class TlsSession:
    """One connection's TLS, on the charger's side."""

    def __init__(self, shown: Shown, vehicles: VehicleRoots | None) -> None:
        """`vehicles` None: the vehicle is not asked for a certificate.

        Raises:
            TlsFailed: If OpenSSL does not take the key or the chain.
        """
        try:
            self._connection = SSL.Connection(_context(shown, vehicles))
        except (SSL.Error, crypto.Error, ValueError) as error:
            raise TlsFailed(f"the charger's chain cannot be used: {_words(error)}") from error
        self._connection.set_accept_state()

    def receive(self, data: bytes) -> None:
        """Take what came from the vehicle."""
        if data:
            self._connection.bio_write(data)

    def shake_hands(self) -> bool:
        """Go on with the handshake; return whether it is finished.

        Raises:
            TlsFailed: If it failed.
        """
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            return False
        except SSL.Error as error:
            raise TlsFailed(_words(error)) from error
        return True

    def read(self) -> bytes | None:
        """Return what the vehicle has said, b"" if nothing is there yet, None if it will say no more.

        Raises:
            TlsFailed: If what came is not of this connection.
        """
        try:
            return self._connection.recv(_CHUNK)
        except SSL.WantReadError:
            return b""
        except SSL.ZeroReturnError:
            return None
        except SSL.Error as error:
            raise TlsFailed(_words(error)) from error

    def write(self, data: bytes) -> None:
        """Say something to the vehicle.

        Raises:
            TlsFailed: If the connection cannot be used any more.
        """
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._connection.send(rest) :]
        except SSL.Error as error:
            raise TlsFailed(_words(error)) from error

    def close(self) -> None:
        """Say that nothing more will come (close_notify)."""
        try:
            self._connection.shutdown()
        except SSL.Error:
            return  # it failed before, and has said so

    def outgoing(self) -> bytes:
        """Return what is to be sent to the vehicle."""
        sent = b""
        while True:
            try:
                sent += self._connection.bio_read(_CHUNK)
            except SSL.Error:  # there is nothing more
                return sent

    def vehicle_chain(self) -> tuple[bytes, ...]:
        """Return the certificates (DER, leaf first) that the vehicle showed; it need not show any."""
        leaf = self._connection.get_peer_certificate()
        if leaf is None:
            return ()
        sent = (leaf, *(self._connection.get_peer_cert_chain() or ()))
        return tuple(dict.fromkeys(crypto.dump_certificate(crypto.FILETYPE_ASN1, one) for one in sent))


def _context(shown: Shown, vehicles: VehicleRoots | None) -> SSL.Context:
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(_PROTOCOL[shown.version])
    context.set_max_proto_version(_PROTOCOL[shown.version])
    context.set_cipher_list(_SUITES_12)
    context.set_tls13_ciphersuites(_SUITES_13)
    context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_COMPRESSION)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    credential = shown.credential
    context.use_certificate(credential.chain[0])
    for authority in credential.chain[1:-1]:
        context.add_extra_chain_cert(authority)
    context.use_privatekey(credential.key)
    context.check_privatekey()
    if credential.staple is not None:
        context.set_ocsp_server_callback(lambda _connection, staple: staple or b"", credential.staple)
    if vehicles is not None:
        _ask_vehicle(context, vehicles)
    return context


def _ask_vehicle(context: SSL.Context, vehicles: VehicleRoots) -> None:
    """Have the vehicle show its certificate, if it has one, and refuse what these roots do not vouch for."""
    store = context.get_cert_store()
    if store is None:
        raise TlsFailed("OpenSSL has no store for roots")
    for root in vehicles.roots:
        store.add_cert(crypto.X509.from_cryptography(root))
        context.add_client_ca(root)
    store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)  # a root that another vouched for is a root

    def judge(_connection: SSL.Connection, _one: crypto.X509, error: int, _depth: int, is_good: int) -> bool:
        return bool(is_good) or (error in {_NOT_YET_VALID, _EXPIRED} and not vehicles.clock_is_trusted)

    context.set_session_id(b"chargehand")
    context.set_verify(SSL.VERIFY_PEER, judge)


def _words(error: Exception) -> str:
    """Return what OpenSSL says, as a sentence's part."""
    if error.args and isinstance(error.args[0], list):
        reasons = [reason for _, _, reason in error.args[0] if reason]
        return "; ".join(reasons) or type(error).__name__
    return " ".join(map(str, error.args)) or type(error).__name__
