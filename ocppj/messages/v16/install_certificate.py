"""InstallCertificate of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v16
from ocppj.messages.fields import Payload
from ocppj.messages.v16.bounds import Str5500

InstallCertificateStatusEnumType = Literal["Accepted", "Failed", "Rejected"]


class InstallCertificateRequest(Payload, frozen=True, kw_only=True):
    """Request of the InstallCertificate action."""

    certificate_type: v16.CertificateUseEnumType
    certificate: Str5500


class InstallCertificateResponse(Payload, frozen=True, kw_only=True):
    """Response of the InstallCertificate action."""

    status: InstallCertificateStatusEnumType
