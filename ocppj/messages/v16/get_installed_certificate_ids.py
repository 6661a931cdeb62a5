"""GetInstalledCertificateIds of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v16
from ocppj.messages.fields import Maybe, Payload
from ocppj.messages.v16.bounds import ItemsFrom1

GetInstalledCertificateStatusEnumType = Literal["Accepted", "NotFound"]


class GetInstalledCertificateIdsRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetInstalledCertificateIds action."""

    certificate_type: v16.CertificateUseEnumType


class GetInstalledCertificateIdsResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetInstalledCertificateIds action."""

    certificate_hash_data: Maybe[Annotated[tuple[v16.CertificateHashDataType, ...], ItemsFrom1]] = None
    status: GetInstalledCertificateStatusEnumType
