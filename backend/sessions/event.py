"""One event of a transaction, the same for every OCPP version."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

EventType = Literal["Started", "Updated", "Ended"]
ChargingState = Literal["Charging", "EVConnected", "SuspendedEV", "SuspendedEVSE", "Idle"]


class PresentedToken(msgspec.Struct, frozen=True):
    """An identifier as the charger sent it; `type` is IdTokenEnumType."""

    identifier: str
    type: str


class Increment(msgspec.Struct, frozen=True, kw_only=True):
    """The part of an event that is added up.

    `energy_first_wh` and `energy_wh` are the earliest and the latest reading of the import register (Wh) that
    the event brought; `charging_state` is absent where it did not change.
    """

    at: datetime
    charging_state: ChargingState | None = None
    energy_first_wh: int | None = None
    energy_wh: int | None = None
    power_w: int | None = None


class SessionEvent(Increment, frozen=True, kw_only=True):
    """What a charger said about a transaction. `frame` is the OCPP frame exactly as it came."""

    station_id: int
    transaction_id: str
    seq_no: int
    message_id: str
    event_type: EventType
    trigger_reason: str
    received_at: datetime
    offline: bool = False
    stopped_reason: str | None = None
    evse_id: int | None = None
    connector_id: int | None = None
    remote_start_id: int | None = None
    token: PresentedToken | None = None
    frame: str
