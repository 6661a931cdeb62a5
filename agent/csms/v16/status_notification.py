"""StatusNotification: a connector's state in the nine words of OCPP 1.6 (4.9, 7.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from agent.csms.v16 import transitions
from agent.station import faults, warnings
from agent.station.connector import ConnectorView
from agent.transactions.records import ChargingState
from ocppj.messages import v16

_LONGEST: Final = 50
_BOLT_FAILED: Final = "the bolt does not hold the plug"

_IN_USE: Final[dict[ChargingState, v16.ChargePointStatus]] = {
    "Charging": "Charging",
    "SuspendedEV": "SuspendedEV",
    "SuspendedEVSE": "SuspendedEVSE",
}

_ERRORS: Final[dict[str, v16.ChargePointErrorCode]] = {
    _BOLT_FAILED: "ConnectorLockFailure",
    warnings.READER_SILENT: "ReaderFailure",
    warnings.LIST_CONFLICTS: "LocalListConflict",
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
"""Our words for what is wrong, and an OpenEVSE controller's, to the standard's; the rest is OtherError."""

_OURS: Final = (
    faults.CONTROLLER_SILENT,
    faults.POWER_STAYS,
    faults.CURRENT_STAYS,
    faults.METER_SILENT,
    faults.METER_DOUBTED,
)


def message(view: ConnectorView, at: datetime) -> v16.StatusNotificationRequest:
    """Return the notification of this connector; a code of the controller's own goes with it as it is."""
    what = _what(view)
    return v16.StatusNotificationRequest(
        connector_id=view.evse_id,
        status=status(view),
        error_code=error_code(view),
        info=None if what is None else what[:_LONGEST],
        vendor_error_code=None if view.fault is None or view.fault in _OURS else view.fault[:_LONGEST],
        timestamp=at,
    )


def whole_station(
    at: datetime, *, is_available: bool, warning: str | None = None
) -> v16.StatusNotificationRequest:
    """Return the notification of connector 0, which knows three words only (4.9)."""
    return v16.StatusNotificationRequest(
        connector_id=0,
        status="Available" if is_available else "Unavailable",
        error_code=_code(warning),
        info=None if warning is None else warning[:_LONGEST],
        timestamp=at,
    )


def error_code(view: ConnectorView) -> v16.ChargePointErrorCode:
    """Return the standard's word for what is wrong with a connector (7.6)."""
    return _code(_what(view))


def _what(view: ConnectorView) -> str | None:
    return view.fault or (_BOLT_FAILED if view.is_loose else view.warning)


def _code(what: str | None) -> v16.ChargePointErrorCode:
    return "NoError" if what is None else _ERRORS.get(what, "OtherError")


def between(told: ConnectorView, view: ConnectorView) -> ConnectorView | None:
    """Return what must be told between the two (4.9), None if one may follow the other."""
    match transitions.between(status(told), status(view)):
        case None:
            return None
        case "Available":
            return ConnectorView(evse_id=view.evse_id, connector_id=view.connector_id, status="Available")
        case word:
            return replace(
                view,
                status="Occupied",
                charging_state="EVConnected",
                has_driver=False,
                has_finished=word == "Finishing",
                fault=None,
                is_loose=False,
                is_left=False,
            )


def status(view: ConnectorView) -> v16.ChargePointStatus:
    """Return the word for a connector.

    Preparing is a cable, a driver or a vehicle in the bay alone, and all until the vehicle has had its turn;
    Finishing is what outlasts a transaction: its end, its cable, its vehicle. A transaction that waits for
    its vehicle is SuspendedEV. A plug that should be held and is loose is Faulted here: no energy flows.
    """
    if view.is_loose and view.fault is None:
        return "Faulted"
    match view.status:
        case "Faulted" | "Reserved" | "Unavailable" as word:
            return word
        case _ if view.has_finished and not view.has_driver:
            return "Finishing"
        case _ if view.is_left:
            return "SuspendedEV"
        case "Available":
            return "Preparing" if view.has_driver or view.has_vehicle else "Available"
        case "Occupied":
            return _IN_USE.get(view.charging_state, "Preparing")
