"""What puts an EVSE out of order. Pure: what was observed goes in, the fault that is told comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from drivers.readings import Pilot

CONTROLLER_SILENCE_S: Final = 3.0
METER_SILENCE_S: Final = 15.0
POWER_OFF_S: Final = 5.0
LEAK_S: Final = 10.0
"""Meters average over some seconds."""
YOUNG_S: Final = 5.0
"""A reading no older than this says what is now."""

CONTROLLER_SILENT: Final = "the charge controller does not answer"
POWER_STAYS: Final = "the charge controller does not confirm that it offers less"
CURRENT_STAYS: Final = "current flows although power is withdrawn"
METER_SILENT: Final = "the energy meter does not answer"
METER_DOUBTED: Final = "the energy meter's count cannot be believed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """How an EVSE's hardware does; times in s."""

    pilot: Pilot = Pilot.A
    controller_fault: str | None = None
    """What the controller says is wrong."""
    controller_silent_s: float = 0.0
    controller_patience_s: float = CONTROLLER_SILENCE_S
    """Not longer than the controller's own watchdog: then it has fallen back by itself."""
    power_stays_s: float = 0.0
    """For how long the controller may have been offering more than it was told to."""
    current_stays_s: float = 0.0
    """For how long current has been flowing after a confirmed withdrawal."""
    meter_silent_s: float = 0.0
    count_age_s: float = 0.0
    """Age of the latest count that can be believed."""


def fault_of(seen: Observed) -> str | None:
    """Return what is wrong, the most dangerous first; None if the EVSE may charge."""
    if seen.controller_silent_s > seen.controller_patience_s:
        return CONTROLLER_SILENT
    if seen.power_stays_s > POWER_OFF_S:
        return POWER_STAYS
    if seen.current_stays_s > LEAK_S:
        return CURRENT_STAYS
    if seen.controller_fault is not None:
        return seen.controller_fault
    if seen.pilot in (Pilot.E, Pilot.F):
        return f"control pilot {seen.pilot.value}"
    if seen.count_age_s > METER_SILENCE_S:
        return METER_SILENT if seen.meter_silent_s > YOUNG_S else METER_DOUBTED
    return None
