"""SignCertificate of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Payload
from ocppj.messages.v16.bounds import Str5500

GenericStatusEnumType = Literal["Accepted", "Rejected"]


class SignCertificateRequest(Payload, frozen=True, kw_only=True):
    """Request of the SignCertificate action."""

    csr: Str5500


class SignCertificateResponse(Payload, frozen=True, kw_only=True):
    """Response of the SignCertificate action."""

    status: GenericStatusEnumType
