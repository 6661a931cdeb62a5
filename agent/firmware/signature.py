"""Whether a firmware is the manufacturer's: its signing certificate, and the signature over the whole file.

Load this module when it is needed: the library behind it takes memory.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

_SHA256 = Prehashed(hashes.SHA256())
_BLOCK_BYTES = 262_144
_LEAST_RSA_BITS = 2048
_LEAST_EC_BITS = 224


class CertificateRefused(Exception):
    """The signing certificate cannot be believed; `kind` says whether it once could."""

    def __init__(self, why: str, kind: Literal["invalid", "revoked"] = "invalid") -> None:
        super().__init__(why)
        self.kind = kind


def check_certificate(pem: str, roots_pem: str, revoked_pem: bytes, at: datetime) -> None:
    """Believe a signing certificate that one of the manufacturer's roots issued itself, for this time.

    `revoked_pem` is that root's revocation list, b"" if there is none. Between a root and a firmware's
    certificate there is no other (OCPP 2.0.1 part 2, L01).

    Raises:
        CertificateRefused: If it is not to be believed.
    """
    certificate = _read(pem)
    roots = x509.load_pem_x509_certificates(roots_pem.encode()) if roots_pem.strip() else []
    issuer = _issuer(certificate, roots)
    for one in (certificate, issuer):
        if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
            raise CertificateRefused(f"{_name(one)} is valid at another time")
    _check_form(certificate)
    if revoked_pem and _is_revoked(certificate, issuer, revoked_pem):
        raise CertificateRefused(f"{_name(certificate)} is revoked", "revoked")


def is_signed_by(file: Path, pem: str, signature: str) -> bool:
    """Return whether `signature` (Base64) over the file's SHA-256 was made with the certificate's key.

    RSA with PSS padding, or with that of PKCS #1 v1.5, which tools make by default; ECDSA.
    """
    try:
        key = _read(pem).public_key()
        signed = base64.b64decode("".join(signature.split()), validate=True)
    except (CertificateRefused, binascii.Error, ValueError):
        return False
    digest = _digest(file)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _holds(lambda: key.verify(signed, digest, ec.ECDSA(_SHA256)))
    if isinstance(key, rsa.RSAPublicKey):
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.AUTO)
        return _holds(lambda: key.verify(signed, digest, pss, _SHA256)) or _holds(
            lambda: key.verify(signed, digest, padding.PKCS1v15(), _SHA256)
        )
    return False


def _read(pem: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise CertificateRefused("this is no certificate") from error


def _issuer(certificate: x509.Certificate, roots: list[x509.Certificate]) -> x509.Certificate:
    for root in roots:
        try:
            certificate.verify_directly_issued_by(root)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return root
    raise CertificateRefused(f"none of the manufacturer's {len(roots)} roots issued {_name(certificate)}")


def _check_form(certificate: x509.Certificate) -> None:
    key = certificate.public_key()
    least = _LEAST_RSA_BITS if isinstance(key, rsa.RSAPublicKey) else _LEAST_EC_BITS
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) or key.key_size < least:
        raise CertificateRefused(f"the key of {_name(certificate)} is too weak")
    try:
        if certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            raise CertificateRefused(f"{_name(certificate)} is an authority's, not a signer's")
    except x509.ExtensionNotFound:
        pass
    try:
        if not certificate.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature:
            raise CertificateRefused(f"{_name(certificate)} is not for signatures")
    except x509.ExtensionNotFound:
        pass


def _is_revoked(certificate: x509.Certificate, issuer: x509.Certificate, revoked_pem: bytes) -> bool:
    """Look the certificate up; a list that the issuer did not sign makes nothing of it sure."""
    try:
        revocations = x509.load_pem_x509_crl(revoked_pem)
    except ValueError as error:
        raise CertificateRefused("the revocation list cannot be read") from error
    if revocations.issuer != issuer.subject:
        return False
    if not revocations.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]  # an issuer's key signs
        raise CertificateRefused("the revocation list is not signed by the manufacturer's root")
    return revocations.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None


def _digest(file: Path) -> bytes:
    digest = sha256()
    with file.open("rb") as source:
        while block := source.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.digest()


def _holds(verify: Callable[[], None]) -> bool:
    try:
        verify()
    except (InvalidSignature, ValueError):
        return False
    return True


def _name(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string()[:100] or "a certificate without a name"
