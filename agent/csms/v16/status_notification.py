"""StatusNotification: a connector's state in the nine words of OCPP 1.6 (4.9, 7.7)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from agent.station import faults
from agent.station.connector import ConnectorView
from agent.transactions.records import ChargingState
from ocppj.messages import v16

_LONGEST_INFO = 50

_IN_USE: Final[dict[ChargingState, v16.ChargePointStatus]] = {
    "Charging": "Charging",
    "SuspendedEV": "SuspendedEV",
    "SuspendedEVSE": "SuspendedEVSE",
}

_ERRORS: Final[dict[str, v16.ChargePointErrorCode]] = {
    faults.CONTROLLER_SILENT: "InternalError",
    faults.POWER_STAYS: "PowerSwitchFailure",
    faults.CURRENT_STAYS: "PowerSwitchFailure",
    faults.METER_SILENT: "PowerMeterFailure",
    faults.METER_DOUBTED: "PowerMeterFailure",
    "control pilot E": "EVCommunicationError",
    "control pilot F": "EVCommunicationError",
    "diode check failed": "EVCommunicationError",
    "ground fault interrupter tripped": "GroundFailure",
    "no ground": "GroundFailure",
    "self-test of the ground fault interrupter failed": "GroundFailure",
    "stuck relay": "PowerSwitchFailure",
    "relay did not close": "PowerSwitchFailure",
    "over temperature": "HighTemperature",
    "over current": "OverCurrentFailure",
    "memory failure": "InternalError",
}
"""Our words for a fault, and an OpenEVSE controller's, to the standard's; the rest is OtherError."""


def message(view: ConnectorView, at: datetime) -> v16.StatusNotificationRequest:
    """Return the notification of this connector."""
    return v16.StatusNotificationRequest(
        connector_id=view.evse_id,
        status=status(view),
        error_code="NoError" if view.fault is None else _ERRORS.get(view.fault, "OtherError"),
        info=None if view.fault is None else view.fault[:_LONGEST_INFO],
        timestamp=at,
    )


def whole_station(at: datetime, *, is_available: bool) -> v16.StatusNotificationRequest:
    """Return the notification of connector 0, which knows three words only (4.9)."""
    return v16.StatusNotificationRequest(
        connector_id=0,
        status="Available" if is_available else "Unavailable",
        error_code="NoError",
        timestamp=at,
    )


def status(view: ConnectorView) -> v16.ChargePointStatus:
    """Return the word for a connector.

    Preparing is a cable or a driver alone, and both until the vehicle has had its turn; Finishing is a cable
    that outlasts its transaction.
    """
    if view.status == "Available" and view.has_driver:
        return "Preparing"
    if view.status != "Occupied":
        return view.status
    if view.has_finished and not view.has_driver:
        return "Finishing"
    return _IN_USE.get(view.charging_state, "Preparing")
