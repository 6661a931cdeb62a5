"""Response codes for what was found out about a contract (-20, table 224)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from certs.rules import Rule

INVALID: Final = "WARNING_CertificateValidationError"
_GENERAL: Final = "WARNING_GeneralPnCAuthorizationError"
_BY_REFUSAL: Final[Mapping[str, str]] = {
    "SignatureError": INVALID,
    "CertChainError": INVALID,
    "NoCertificateAvailable": INVALID,
    "CertificateExpired": "WARNING_CertificateExpired",
    "CertificateRevoked": "WARNING_CertificateRevoked",
    "Unknown": "WARNING_eMSPUnknown",
}
"""By OCPP's words. The schema has no code for a contract that was cancelled, though V2G20-2210 names one."""
_BY_RULE: Final[Mapping[Rule, str]] = {
    Rule.EXPIRED: "WARNING_CertificateExpired",
    Rule.NOT_YET_VALID: "WARNING_CertificateNotYetValid",
}


def for_refusal(refusal: str | None) -> str:
    """Return the code for a contract that was rejected, by OCPP's word for why."""
    return _BY_REFUSAL.get(refusal or "", _GENERAL)


def for_rule(rule: Rule) -> str:
    """Return the code for a rule that a certificate of the contract's chain breaks."""
    return _BY_RULE.get(rule, INVALID)
