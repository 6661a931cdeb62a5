"""What the states of a point must be called for the part it plays: the drivers act on these words."""

from __future__ import annotations

from typing import Final

from drivers.profiles.point import Role
from drivers.readings import DcState, IsolationAlarm, Pilot

ROLE_STATES: Final[dict[Role, tuple[str, ...]]] = {
    "pilot": tuple(pilot.value for pilot in Pilot),
    "state": tuple(state.value for state in DcState),
    "isolation_alarm": tuple(alarm.value for alarm in IsolationAlarm),
    "validity": ("exact", "below", "above", "invalid"),
    "regulation": ("voltage", "current"),
    "phases": ("1", "3"),
    "enable": ("on", "off"),
    "output": ("on", "off"),
    "lock": ("locked", "unlocked"),
    "lock_state": ("locked", "unlocked"),
    "occupied": ("occupied", "free"),
}
"""The states that a point with this role may have."""
MAY_BE_A_BIT: Final[tuple[Role, ...]] = ("enable", "digital", "output", "lock", "lock_state", "occupied")
"""Roles for which a coil without states will do; all others in the table need states."""
