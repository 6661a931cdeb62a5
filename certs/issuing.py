"""A certificate authority: issues roots, authorities below them and leaves, for development and for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ObjectIdentifier

from certs.csr import Subject, new_key, write_key
from certs.key_kinds import Key, PublicKey, SignatureHash, hash_for

_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
_CAN_REQUEST = (ec.EllipticCurvePublicKey, rsa.RSAPublicKey, ed448.Ed448PublicKey)
AUTHORITY_USAGE = ("key_cert_sign", "crl_sign")
LEAF_USAGE = ("digital_signature", "key_agreement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a certificate is to say besides whom it names. The dates count from now."""

    valid_from: timedelta = timedelta(minutes=-5)
    valid_for: timedelta = timedelta(days=365)
    is_authority: bool = False
    path_length: int | None = None
    usage: Sequence[str] | None = LEAF_USAGE
    extended_usage: Sequence[ObjectIdentifier] = ()
    hosts: Sequence[str] = ()
    ocsp_url: str | None = None
    crl_url: str | None = None
    hash: SignatureHash | None = None
    """None for the one that goes with the issuer's key."""


AUTHORITY = Terms(is_authority=True, usage=AUTHORITY_USAGE, valid_for=timedelta(days=3650))


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who may issue; `chain` is its own certificate and those above it, without the root."""

    key: Key
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @classmethod
    def root(cls, subject: Subject, terms: Terms = AUTHORITY, key: Key | None = None) -> Self:
        """Return a new root."""
        key = key or new_key()
        return cls(key=key, certificate=_signed(subject.name, subject.name, key.public_key(), key, terms))

    def below(self, subject: Subject, terms: Terms = AUTHORITY, key: Key | None = None) -> Authority:
        """Return a new authority that this one vouches for."""
        key = key or new_key()
        certificate = self.certify(subject.name, key.public_key(), terms)
        return Authority(key=key, certificate=certificate, chain=(certificate, *self.chain))

    def certify(self, name: x509.Name, key: PublicKey, terms: Terms) -> x509.Certificate:
        """Return a certificate of this name and key."""
        return _signed(name, self.certificate.subject, key, self.key, terms)

    def answer(self, request: str, terms: Terms | None = None) -> tuple[x509.Certificate, ...]:
        """Return the chain, leaf first, that a signing request (PEM) asks for.

        Raises:
            ValueError: If it is no request, or its signature is wrong.
        """
        read = x509.load_pem_x509_csr(request.encode("ascii"))
        key = read.public_key()
        if not read.is_signature_valid or not isinstance(key, _CAN_REQUEST):
            raise ValueError("the request is not signed by an EC, RSA or Ed448 key of its own")
        return (self.certify(read.subject, key, terms or Terms()), *self.chain)

    def issue(
        self, subject: Subject, terms: Terms | None = None, key: Key | None = None
    ) -> tuple[Key, tuple[x509.Certificate, ...]]:
        """Return a new key with its chain, leaf first."""
        key = key or new_key()
        return key, (self.certify(subject.name, key.public_key(), terms or Terms()), *self.chain)


def key_text(key: Key) -> str:
    """Return a private key as PEM."""
    return write_key(key)


def _signed(
    subject: x509.Name, issuer: x509.Name, key: PublicKey, signer: Key, terms: Terms
) -> x509.Certificate:
    begin = datetime.now(UTC) + terms.valid_from
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + terms.valid_for)
        .add_extension(x509.BasicConstraints(terms.is_authority, terms.path_length), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if terms.usage is not None:
        usage = x509.KeyUsage(**{name: name in terms.usage for name in _USAGES})
        builder = builder.add_extension(usage, critical=True)
    if terms.extended_usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage(terms.extended_usage), critical=False)
    if terms.hosts:
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in terms.hosts])
        builder = builder.add_extension(names, critical=False)
    if terms.ocsp_url is not None:
        location = x509.UniformResourceIdentifier(terms.ocsp_url)
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, location)
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    if terms.crl_url is not None:
        name = x509.UniformResourceIdentifier(terms.crl_url)
        point = x509.DistributionPoint([name], relative_name=None, reasons=None, crl_issuer=None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return builder.sign(signer, terms.hash or hash_for(signer))
