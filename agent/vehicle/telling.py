"""What a conversation is told of an EVSE that says it in other words. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal

from agent.iso15118.facts import AcLimits, MeterStatus, Wish
from agent.smartcharging.sharing import LOWEST_A
from agent.station.evse import EvseState
from agent.station.faults import METER_DOUBTED, METER_SILENT
from drivers.readings import MeterReading

_HARMLESS: Final = (METER_SILENT, METER_DOUBTED)
"""Faults that end charging, but in good order."""
_UNNAMED: Final = "unknown"


def ac_limits(
    limit_a: int, cable_limit_a: int | None, phases: int, voltage_v: int, state: EvseState
) -> AcLimits:
    """Return what may be drawn now: nothing where the limits leave less than a pilot can say."""
    most_a = limit_a if cable_limit_a is None else min(limit_a, cable_limit_a)
    is_nothing = state.is_limited or state.is_held or most_a < LOWEST_A
    return AcLimits(
        voltage_v=Decimal(voltage_v),
        phases=_three_or_one(phases),
        most_a=Decimal(0 if is_nothing else most_a),
        least_a=Decimal(LOWEST_A),
    )


def wish(state: EvseState, *, driver_is_gone: bool, must_choose_anew: bool) -> Wish:
    """Return what the EVSE wants of the vehicle; the end comes before everything else.

    A driver who may not go on, a fault and an operator's stop end charging. Limits that leave nothing, a
    driver whom the backend lets wait, and a transaction that has come to its limit make it pause.
    """
    if driver_is_gone or state.fault is not None or state.is_ending:
        return "stop"
    if state.is_limited or state.is_held or state.reached is not None:
        return "pause"
    return "renegotiate" if must_choose_anew else "none"


def is_emergency(fault: str | None) -> bool:
    """Return whether a fault takes the power at once."""
    return fault is not None and fault not in _HARMLESS


def meter_status(reading: MeterReading | None) -> MeterStatus | None:
    """Return what the meter shows, None while its count cannot be believed."""
    energy_mwh = None if reading is None else reading.energy_import_mwh
    if reading is None or energy_mwh is None:
        return None
    return MeterStatus(
        meter_id=reading.register.serial_number or _UNNAMED,
        energy_wh=energy_mwh // 1000,
        at=reading.taken_at.wall,
    )


def _three_or_one(phases: int) -> Literal[1, 3]:
    return 3 if phases == 3 else 1
