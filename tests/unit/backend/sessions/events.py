"""Events of charging sessions."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

from backend.sessions.event import PresentedToken, SessionEvent
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


def replaced(each: SessionEvent, **changes: Any) -> SessionEvent:
    values = {name: getattr(each, name) for name in SessionEvent.__struct_fields__}
    return SessionEvent(**(values | changes))


CARD = PresentedToken("card-1", "ISO14443")
SESSION = [
    event(0, 0, energy_wh=10_000, charging_state="EVConnected", evse_id=1, connector_id=1),
    event(1, 1, token=CARD, trigger_reason="Authorized"),
    event(2, 2, charging_state="Charging", energy_wh=10_000),
    event(3, 30, energy_wh=12_000, power_w=7400),
    event(4, 62, charging_state="SuspendedEV", energy_wh=14_000),
    ended(5, 72, energy_wh=14_000, stopped_reason="EVDisconnected"),
]
FINAL = Decimal("3.72")
"""0.50 + 4 kWh x 0.40 + 10 min x 6/h = 3.10, with 20 % VAT."""
