"""UpdateFirmware of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import Integer, Maybe, Payload, Timestamp


class UpdateFirmwareRequest(Payload, frozen=True, kw_only=True):
    """Request of the UpdateFirmware action."""

    location: str
    retries: Maybe[Integer] = None
    retrieve_date: Timestamp
    retry_interval: Maybe[Integer] = None


class UpdateFirmwareResponse(Payload, frozen=True, kw_only=True):
    """Response of the UpdateFirmware action."""
