"""A certificate once more, with one thing about it changed, signed by the same issuer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from certs.issuing import Authority
from certs.key_kinds import hash_for


def remade(
    certificate: x509.Certificate,
    issuer: Authority,
    *,
    drop: Collection[x509.ObjectIdentifier] = (),
    uncritical: Collection[x509.ObjectIdentifier] = (),
    add: Sequence[tuple[x509.ExtensionType, bool]] = (),
    hash_algorithm: hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None = None,
) -> x509.Certificate:
    """Return it without the extensions in `drop`, with those in `uncritical` not critical, and with `add`."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(certificate.subject)
        .issuer_name(certificate.issuer)
        .public_key(certificate.public_key())
        .serial_number(certificate.serial_number)
        .not_valid_before(certificate.not_valid_before_utc)
        .not_valid_after(certificate.not_valid_after_utc)
    )
    for extension in certificate.extensions:
        if extension.oid not in drop:
            critical = extension.critical and extension.oid not in uncritical
            builder = builder.add_extension(extension.value, critical)
    for added, critical in add:
        builder = builder.add_extension(added, critical)
    return builder.sign(issuer.key, hash_algorithm or hash_for(issuer.key))
