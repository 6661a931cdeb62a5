"""GetCertificateChainStatus of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import ItemsFrom1To4, ItemsFrom1To5, Str2000

CertificateStatusEnumType = Literal["Good", "Revoked", "Unknown", "Failed"]
CertificateStatusSourceEnumType = Literal["CRL", "OCSP"]


class CertificateStatusRequestInfoType(Payload, frozen=True, kw_only=True):
    """Part of GetCertificateChainStatusRequest."""

    certificate_hash_data: v21.CertificateHashDataType
    source: CertificateStatusSourceEnumType
    urls: Annotated[tuple[Str2000, ...], ItemsFrom1To5]
    custom_data: Maybe[CustomDataType] = None


class CertificateStatusType(Payload, frozen=True, kw_only=True):
    """Part of GetCertificateChainStatusResponse."""

    certificate_hash_data: v21.CertificateHashDataType
    source: CertificateStatusSourceEnumType
    status: CertificateStatusEnumType
    next_update: Timestamp
    custom_data: Maybe[CustomDataType] = None


class GetCertificateChainStatusRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetCertificateChainStatus action."""

    certificate_status_requests: Annotated[tuple[CertificateStatusRequestInfoType, ...], ItemsFrom1To4]
    custom_data: Maybe[CustomDataType] = None


class GetCertificateChainStatusResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetCertificateChainStatus action."""

    certificate_status: Annotated[tuple[CertificateStatusType, ...], ItemsFrom1To4]
    custom_data: Maybe[CustomDataType] = None
