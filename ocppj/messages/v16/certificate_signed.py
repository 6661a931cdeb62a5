"""CertificateSigned of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Payload
from ocppj.messages.v16.bounds import Str10000

CertificateSignedStatusEnumType = Literal["Accepted", "Rejected"]


class CertificateSignedRequest(Payload, frozen=True, kw_only=True):
    """Request of the CertificateSigned action."""

    certificate_chain: Str10000


class CertificateSignedResponse(Payload, frozen=True, kw_only=True):
    """Response of the CertificateSigned action."""

    status: CertificateSignedStatusEnumType
