"""Authorize of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import ItemsFrom1, ItemsFrom1To4, Str10000

AuthorizeCertificateStatusEnumType = Literal[
    "Accepted",
    "SignatureError",
    "CertificateExpired",
    "CertificateRevoked",
    "NoCertificateAvailable",
    "CertChainError",
    "ContractCancelled",
]


class AuthorizeRequest(Payload, frozen=True, kw_only=True):
    """Request of the Authorize action."""

    id_token: v21.IdTokenType
    certificate: Maybe[Str10000] = None
    iso15118_certificate_hash_data: Maybe[Annotated[tuple[v21.OCSPRequestDataType, ...], ItemsFrom1To4]] = (
        None
    )
    custom_data: Maybe[CustomDataType] = None


class AuthorizeResponse(Payload, frozen=True, kw_only=True):
    """Response of the Authorize action."""

    id_token_info: v21.IdTokenInfoType
    certificate_status: Maybe[AuthorizeCertificateStatusEnumType] = None
    allowed_energy_transfer: Maybe[Annotated[tuple[v21.EnergyTransferModeEnumType, ...], ItemsFrom1]] = None
    tariff: Maybe[v21.TariffType] = None
    custom_data: Maybe[CustomDataType] = None
