"""Heartbeat (G02): tell the charger the time."""

from __future__ import annotations

from backend.csms.incoming import Answer, Incoming
from ocppj.messages import v201
from ocppj.messages.fields import Payload


def answer(incoming: Incoming[Payload]) -> Answer:
    """Return the time at which the call came in."""
    return v201.HeartbeatResponse(current_time=incoming.received_at)
