"""Authorize of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1To4, Str5500

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

    custom_data: Maybe[CustomDataType] = None
    id_token: v201.IdTokenType
    certificate: Maybe[Str5500] = None
    iso15118_certificate_hash_data: Maybe[Annotated[tuple[v201.OCSPRequestDataType, ...], ItemsFrom1To4]] = (
        None
    )


class AuthorizeResponse(Payload, frozen=True, kw_only=True):
    """Response of the Authorize action."""

    custom_data: Maybe[CustomDataType] = None
    id_token_info: v201.IdTokenInfoType
    certificate_status: Maybe[AuthorizeCertificateStatusEnumType] = None
