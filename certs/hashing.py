"""Computes what names a certificate, and reads where its status can be asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from certs.hash_data import Algorithm, HashData

_HASHES: dict[Algorithm, hashes.HashAlgorithm] = {
    "SHA256": hashes.SHA256(),
    "SHA384": hashes.SHA384(),
    "SHA512": hashes.SHA512(),
}


def hash_data(
    certificate: x509.Certificate, issuer: x509.Certificate, algorithm: Algorithm = "SHA256"
) -> HashData:
    """Return what names a certificate of this issuer (RFC 6960, 4.1.1).

    The name is the issuer's as the certificate writes it, the key the issuer's public key without its
    algorithm.
    """
    named = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, _HASHES[algorithm]).build()
    return HashData(
        algorithm=algorithm,
        issuer_name_hash=named.issuer_name_hash.hex(),
        issuer_key_hash=named.issuer_key_hash.hex(),
        serial_number=f"{named.serial_number:x}",
    )


def responder_url(certificate: x509.Certificate) -> str | None:
    """Return where the certificate says its status can be asked (OCSP), if it does."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return None
    for description in access:
        location = description.access_location
        if description.access_method == x509.OID_OCSP and isinstance(
            location, x509.UniformResourceIdentifier
        ):
            return location.value
    return None


def crl_urls(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return where the certificate says that its issuer's list of revoked ones is, if it does."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return tuple(
        name.value
        for point in points
        for name in point.full_name or ()
        if isinstance(name, x509.UniformResourceIdentifier)
    )


def pairs(chain: Sequence[x509.Certificate]) -> Iterator[tuple[x509.Certificate, x509.Certificate]]:
    """Yield every certificate of a chain, leaf first, with its issuer; the last one is its own."""
    for number, certificate in enumerate(chain):
        yield certificate, chain[min(number + 1, len(chain) - 1)]


def status_question(named: HashData) -> bytes:
    """Return the OCSP request (DER) about a certificate that is known by its hashes only.

    Raises:
        ValueError: If they are no hashes, or no number.
    """
    algorithm = _HASHES[named.algorithm]
    builder = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        bytes.fromhex(named.issuer_name_hash),
        bytes.fromhex(named.issuer_key_hash),
        int(named.serial_number, 16),
        algorithm,
    )
    return builder.build().public_bytes(Encoding.DER)
