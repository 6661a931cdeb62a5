"""GetInstalledCertificateIds of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import ItemsFrom1, ItemsFrom1To4

GetCertificateIdUseEnumType = Literal[
    "V2GRootCertificate",
    "MORootCertificate",
    "CSMSRootCertificate",
    "V2GCertificateChain",
    "ManufacturerRootCertificate",
    "OEMRootCertificate",
]
GetInstalledCertificateStatusEnumType = Literal["Accepted", "NotFound"]


class CertificateHashDataChainType(Payload, frozen=True, kw_only=True):
    """Part of GetInstalledCertificateIdsResponse."""

    certificate_hash_data: v21.CertificateHashDataType
    certificate_type: GetCertificateIdUseEnumType
    child_certificate_hash_data: Maybe[Annotated[tuple[v21.CertificateHashDataType, ...], ItemsFrom1To4]] = (
        None
    )
    custom_data: Maybe[CustomDataType] = None


class GetInstalledCertificateIdsRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetInstalledCertificateIds action."""

    certificate_type: Maybe[Annotated[tuple[GetCertificateIdUseEnumType, ...], ItemsFrom1]] = None
    custom_data: Maybe[CustomDataType] = None


class GetInstalledCertificateIdsResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetInstalledCertificateIds action."""

    status: GetInstalledCertificateStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    certificate_hash_data_chain: Maybe[Annotated[tuple[CertificateHashDataChainType, ...], ItemsFrom1]] = None
    custom_data: Maybe[CustomDataType] = None
