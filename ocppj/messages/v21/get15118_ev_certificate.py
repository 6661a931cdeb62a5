"""Get15118EVCertificate of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import field

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1To8, Str50, Str255, Str11000, Str17000

CertificateActionEnumType = Literal["Install", "Update"]
Iso15118EVCertificateStatusEnumType = Literal["Accepted", "Failed"]


class Get15118EVCertificateRequest(Payload, frozen=True, kw_only=True):
    """Request of the Get15118EVCertificate action."""

    iso15118_schema_version: Str50
    action: CertificateActionEnumType
    exi_request: Str11000
    maximum_contract_certificate_chains: Maybe[IntFrom0] = None
    prioritized_emaids: Maybe[Annotated[tuple[Str255, ...], ItemsFrom1To8]] = field(
        default=None, name="prioritizedEMAIDs"
    )
    custom_data: Maybe[CustomDataType] = None


class Get15118EVCertificateResponse(Payload, frozen=True, kw_only=True):
    """Response of the Get15118EVCertificate action."""

    status: Iso15118EVCertificateStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    exi_response: Str17000
    remaining_contracts: Maybe[IntFrom0] = None
    custom_data: Maybe[CustomDataType] = None
