"""SignCertificate: has a key of the station's certified (A02, A03)."""

from __future__ import annotations

from agent.csms.dialect import CannotBeTold
from agent.security.signing import Purpose
from ocppj.messages import v201

TYPES: dict[Purpose, v201.CertificateSigningUseEnumType | None] = {
    "client": "ChargingStationCertificate",
    "secc": "V2GCertificate",
    "combined": None,
}
"""Of ISO 15118-20 this version knows none."""


def message(request: str, purpose: Purpose) -> v201.SignCertificateRequest:
    """Return what passes a signing request (PEM) on; without a type it is for both.

    Raises:
        CannotBeTold: If this version has no such certificate.
    """
    if purpose not in TYPES:
        raise CannotBeTold("OCPP 2.0.1 has no certificates of ISO 15118-20")
    return v201.SignCertificateRequest(csr=request, certificate_type=TYPES[purpose])


def is_taken(response: v201.SignCertificateResponse) -> bool:
    """Return whether the backend will have it certified."""
    return response.status == "Accepted"


def purpose(kind: v201.CertificateSigningUseEnumType | None) -> Purpose | None:
    """Return what a certificate of this type is for, None if it does not say."""
    return None if kind is None else next(purpose for purpose, its in TYPES.items() if its == kind)
