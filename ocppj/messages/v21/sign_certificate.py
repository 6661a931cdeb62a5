"""SignCertificate of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import Str5500


class SignCertificateRequest(Payload, frozen=True, kw_only=True):
    """Request of the SignCertificate action."""

    csr: Str5500
    certificate_type: Maybe[v21.CertificateSigningUseEnumType] = None
    hash_root_certificate: Maybe[v21.CertificateHashDataType] = None
    request_id: Maybe[Integer] = None
    custom_data: Maybe[CustomDataType] = None


class SignCertificateResponse(Payload, frozen=True, kw_only=True):
    """Response of the SignCertificate action."""

    status: v21.GenericStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
