"""A new key, and the request to certify it (RFC 2986)."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from certs.key_kinds import Key, hash_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a certificate is to name."""

    common_name: str
    organization: str
    domain_component: str | None = None

    @property
    def name(self) -> x509.Name:
        """The subject as X.509 has it."""
        parts = [
            x509.NameAttribute(NameOID.COMMON_NAME, self.common_name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.organization),
        ]
        if self.domain_component is not None:
            parts.append(x509.NameAttribute(NameOID.DOMAIN_COMPONENT, self.domain_component))
        return x509.Name(parts)


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a new P-256 key, from the operating system's random numbers."""
    return ec.generate_private_key(ec.SECP256R1())


def signing_request(key: Key, subject: Subject) -> str:
    """Return the request to certify a key, as PEM, signed by that key."""
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=True,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    request = x509.CertificateSigningRequestBuilder().subject_name(subject.name)
    signed = request.add_extension(usage, critical=True).sign(key, hash_for(key))
    return signed.public_bytes(Encoding.PEM).decode("ascii")


def write_key(key: Key) -> str:
    """Return a private key as PEM; it goes to the key store and nowhere else."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
