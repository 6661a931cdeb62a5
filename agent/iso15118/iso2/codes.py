"""Response codes of ISO 15118-2 for what OCPP says of a contract."""

from __future__ import annotations

from typing import Final

_BY_REFUSAL: Final = {
    "SignatureError": "FAILED_SignatureError",
    "CertificateExpired": "FAILED_CertificateExpired",
    "CertificateRevoked": "FAILED_CertificateRevoked",
    "NoCertificateAvailable": "FAILED_NoCertificateAvailable",
    "CertChainError": "FAILED_CertChainError",
    "ContractCancelled": "FAILED_ContractCanceled",
    "Expired": "FAILED_ContractCanceled",
    "NotAllowedTypeEVSE": "FAILED_CertificateNotAllowedAtThisEVSE",
    "NotAtThisLocation": "FAILED_CertificateNotAllowedAtThisEVSE",
    "NotAtThisTime": "FAILED_CertificateNotAllowedAtThisEVSE",
}


def code_for(refusal: str | None) -> str:
    """Return the code for a contract that was refused with a word of OCPP (C07); FAILED for any other."""
    return _BY_REFUSAL.get(refusal or "", "FAILED")
