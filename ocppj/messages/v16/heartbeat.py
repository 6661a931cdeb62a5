"""Heartbeat of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import Payload, Timestamp


class HeartbeatRequest(Payload, frozen=True, kw_only=True):
    """Request of the Heartbeat action."""


class HeartbeatResponse(Payload, frozen=True, kw_only=True):
    """Response of the Heartbeat action."""

    current_time: Timestamp
