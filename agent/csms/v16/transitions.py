"""Which status of a connector may follow which (OCPP 1.6, 4.9: the table with cells A1 to I9). Pure."""

from __future__ import annotations

from typing import Final

from ocppj.messages import v16

_ROWS: Final[dict[v16.ChargePointStatus, str]] = {
    "Available": "Preparing Charging SuspendedEV SuspendedEVSE Reserved Unavailable Faulted",
    "Preparing": "Available Charging SuspendedEV SuspendedEVSE Finishing Faulted",
    "Charging": "Available SuspendedEV SuspendedEVSE Finishing Unavailable Faulted",
    "SuspendedEV": "Available Charging SuspendedEVSE Finishing Unavailable Faulted",
    "SuspendedEVSE": "Available Charging SuspendedEV Finishing Unavailable Faulted",
    "Finishing": "Available Preparing Unavailable Faulted",
    "Reserved": "Available Preparing Unavailable Faulted",
    "Unavailable": "Available Preparing Charging SuspendedEV SuspendedEVSE Faulted",
    "Faulted": (
        "Available Preparing Charging SuspendedEV SuspendedEVSE Finishing Reserved Unavailable Faulted"
    ),
}

PERMITTED: Final = {status: frozenset(after.split()) for status, after in _ROWS.items()}
"""Status to those that may be told next; Faulted may follow itself with another error."""

_STEPPING_STONES: Final[tuple[v16.ChargePointStatus, ...]] = ("Preparing", "Finishing", "Available")


def between(told: v16.ChargePointStatus, now: v16.ChargePointStatus) -> v16.ChargePointStatus | None:
    """Return what must be told between the two; None if one may follow the other.

    A connector can go through several states before the backend has taken note of the first, and a new
    driver's vehicle can wait for a limit from its first moment on. What lay between is told then.
    """
    if now == told or now in PERMITTED[told]:
        return None
    return next(stone for stone in _STEPPING_STONES if stone in PERMITTED[told] and now in PERMITTED[stone])
