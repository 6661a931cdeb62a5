"""SignCertificate of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import Str5500


class SignCertificateRequest(Payload, frozen=True, kw_only=True):
    """Request of the SignCertificate action."""

    custom_data: Maybe[CustomDataType] = None
    csr: Str5500
    certificate_type: Maybe[v201.CertificateSigningUseEnumType] = None


class SignCertificateResponse(Payload, frozen=True, kw_only=True):
    """Response of the SignCertificate action."""

    custom_data: Maybe[CustomDataType] = None
    status: v201.GenericStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
