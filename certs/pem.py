"""PEM text in, certificates out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

FROM_DER: Final = "from DER it is made with: openssl x509 -inform der -in FILE -out FILE.pem"
_MARK: Final = "CERTIFICATE-----"


class NotACertificate(ValueError):
    """The text is no PEM certificate, or bundle of them; the message says what is wrong."""


def read_bundle(text: str) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a PEM text, in their order.

    Raises:
        NotACertificate: If there is none, or one that cannot be read.
    """
    if _MARK not in text:
        raise NotACertificate(f"there is no PEM certificate in it; {FROM_DER}")
    try:
        return tuple(x509.load_pem_x509_certificates(text.encode("ascii")))
    except (ValueError, x509.InvalidVersion) as error:
        raise NotACertificate(f"a PEM certificate in it is damaged: {error}") from error


def read_one(text: str) -> x509.Certificate:
    """Return the one certificate of a PEM text.

    Raises:
        NotACertificate: If there is none, more than one, or one that cannot be read.
    """
    found = read_bundle(text)
    if len(found) != 1:
        raise NotACertificate(f"expected one certificate, there are {len(found)}")
    return found[0]


def write_bundle(certificates: Iterable[x509.Certificate]) -> str:
    """Return certificates as one PEM text."""
    return "".join(certificate.public_bytes(Encoding.PEM).decode("ascii") for certificate in certificates)


def name_of(certificate: x509.Certificate) -> str:
    """Return how a message names a certificate."""
    return certificate.subject.rfc4514_string() or f"serial number {certificate.serial_number:x}"
