"""GetLocalListVersion of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload


class GetLocalListVersionRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetLocalListVersion action."""

    custom_data: Maybe[CustomDataType] = None


class GetLocalListVersionResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetLocalListVersion action."""

    version_number: Integer
    custom_data: Maybe[CustomDataType] = None
