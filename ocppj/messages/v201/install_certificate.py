"""InstallCertificate of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import Str5500

InstallCertificateStatusEnumType = Literal["Accepted", "Rejected", "Failed"]
InstallCertificateUseEnumType = Literal[
    "V2GRootCertificate", "MORootCertificate", "CSMSRootCertificate", "ManufacturerRootCertificate"
]


class InstallCertificateRequest(Payload, frozen=True, kw_only=True):
    """Request of the InstallCertificate action."""

    custom_data: Maybe[CustomDataType] = None
    certificate_type: InstallCertificateUseEnumType
    certificate: Str5500


class InstallCertificateResponse(Payload, frozen=True, kw_only=True):
    """Response of the InstallCertificate action."""

    custom_data: Maybe[CustomDataType] = None
    status: InstallCertificateStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
