"""GetLocalListVersion of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload


class GetLocalListVersionRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetLocalListVersion action."""

    custom_data: Maybe[CustomDataType] = None


class GetLocalListVersionResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetLocalListVersion action."""

    custom_data: Maybe[CustomDataType] = None
    version_number: Integer
