"""InstallCertificate of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str10000

InstallCertificateStatusEnumType = Literal["Accepted", "Rejected", "Failed"]
InstallCertificateUseEnumType = Literal[
    "V2GRootCertificate",
    "MORootCertificate",
    "ManufacturerRootCertificate",
    "CSMSRootCertificate",
    "OEMRootCertificate",
]


class InstallCertificateRequest(Payload, frozen=True, kw_only=True):
    """Request of the InstallCertificate action."""

    certificate_type: InstallCertificateUseEnumType
    certificate: Str10000
    custom_data: Maybe[CustomDataType] = None


class InstallCertificateResponse(Payload, frozen=True, kw_only=True):
    """Response of the InstallCertificate action."""

    status: InstallCertificateStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
