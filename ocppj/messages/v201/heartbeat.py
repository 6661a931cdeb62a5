"""Heartbeat of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp


class HeartbeatRequest(Payload, frozen=True, kw_only=True):
    """Request of the Heartbeat action."""

    custom_data: Maybe[CustomDataType] = None


class HeartbeatResponse(Payload, frozen=True, kw_only=True):
    """Response of the Heartbeat action."""

    custom_data: Maybe[CustomDataType] = None
    current_time: Timestamp
