"""A certificate authority, and what it signs, for tests of TLS and of signed firmware."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
TOMORROW = datetime.now(UTC) + timedelta(days=1)


def _ec_key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Authority:
    """A self-signed root."""

    name: str = "Example root"
    key: Key = field(default_factory=_ec_key)

    def __post_init__(self) -> None:
        subject = _name(self.name)
        builder = _builder(subject, subject, self.key, YESTERDAY, TOMORROW).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        self.certificate = builder.add_extension(usage, critical=True).sign(self.key, hashes.SHA256())

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def issue(
        self,
        name: str,
        key: Key,
        *,
        not_before: datetime = YESTERDAY,
        not_after: datetime = TOMORROW,
        ca: bool = False,
    ) -> x509.Certificate:
        builder = _builder(_name(name), self.certificate.subject, key, not_before, not_after)
        address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        builder = builder.add_extension(address, critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        return builder.sign(self.key, hashes.SHA256())

    def revoking(self, certificate: x509.Certificate) -> bytes:
        """Return a revocation list with this certificate on it, as PEM."""
        revoked = (
            x509.RevokedCertificateBuilder()
            .serial_number(certificate.serial_number)
            .revocation_date(YESTERDAY)
            .build()
        )
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(YESTERDAY)
            .next_update(TOMORROW)
            .add_revoked_certificate(revoked)
        )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def write_server(self, directory: Path) -> Path:
        """Write certificate and key of a server at 127.0.0.1 into one file."""
        key = _ec_key()
        path = directory / "server.pem"
        path.write_bytes(
            self.issue("server", key).public_bytes(Encoding.PEM)
            + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        return path

    def trusted(self) -> ssl.SSLContext:
        """Return settings that believe this root only."""
        return ssl.create_default_context(cadata=self.pem)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, not_before: datetime, not_after: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
    )
