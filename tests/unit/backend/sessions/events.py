"""Events of charging sessions."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from backend.sessions.event import SessionEvent
from tests.unit.backend import seed


def event(seq_no: int, minute: float = 0, **members: Any) -> SessionEvent:
    """Make an event of transaction T-1, `minute` minutes after the start; Started if it is the first."""
    at = seed.NOW + timedelta(minutes=minute)
    kind = members.pop("event_type", "Started" if seq_no == 0 else "Updated")
    values: dict[str, Any] = {
        "station_id": 1,
        "transaction_id": "T-1",
        "message_id": f"m-{seq_no}",
        "trigger_reason": "MeterValuePeriodic",
        "at": at,
        "received_at": at + timedelta(seconds=1),
        **members,
    }
    content = {"seqNo": seq_no, "kind": kind, "minute": minute}
    content |= {name: str(value) for name, value in members.items() if name not in {"message_id", "frame"}}
    frame = members.get("frame") or json.dumps([2, values["message_id"], "TransactionEvent", content])
    return SessionEvent(**{"seq_no": seq_no, "event_type": kind, **values, "frame": frame})


def ended(seq_no: int, minute: float, **members: Any) -> SessionEvent:
    return event(seq_no, minute, event_type="Ended", **members)
