"""What can be seen of a connector from outside, for whoever shows or tells it."""

from __future__ import annotations

from dataclasses import dataclass

from agent.station.evse import ConnectorStatus
from agent.transactions.records import ChargingState


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorView:
    """A connector as a driver finds it.

    `has_finished`: a transaction has stopped and is not wound up, or its driver left the cable plugged in, or
    the vehicle in the bay. `has_vehicle`: one stands in the bay. `is_left`: the vehicle has gone from a
    transaction that waits for it. `is_loose`: the bolt does not hold the plug that it is to hold. `warning`:
    what is wrong and keeps nobody from charging (`agent.station.warnings`).
    """

    evse_id: int
    connector_id: int
    status: ConnectorStatus
    charging_state: ChargingState = "Idle"
    has_driver: bool = False
    has_finished: bool = False
    has_vehicle: bool = False
    is_left: bool = False
    fault: str | None = None
    is_loose: bool = False
    warning: str | None = None
