"""SignedUpdateFirmware of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Integer, Maybe, Payload, Timestamp
from ocppj.messages.v16.bounds import Str512, Str800, Str5500

UpdateFirmwareStatusEnumType = Literal[
    "Accepted", "Rejected", "AcceptedCanceled", "InvalidCertificate", "RevokedCertificate"
]


class FirmwareType(Payload, frozen=True, kw_only=True):
    """Part of SignedUpdateFirmwareRequest."""

    location: Str512
    retrieve_date_time: Timestamp
    install_date_time: Maybe[Timestamp] = None
    signing_certificate: Str5500
    signature: Str800


class SignedUpdateFirmwareRequest(Payload, frozen=True, kw_only=True):
    """Request of the SignedUpdateFirmware action."""

    retries: Maybe[Integer] = None
    retry_interval: Maybe[Integer] = None
    request_id: Integer
    firmware: FirmwareType


class SignedUpdateFirmwareResponse(Payload, frozen=True, kw_only=True):
    """Response of the SignedUpdateFirmware action."""

    status: UpdateFirmwareStatusEnumType
