"""What an OpenEVSE controller answers, parsed into frozen values. ValueError where it makes no sense."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Final, Self

from drivers.readings import Pilot
from drivers.serial.rapi import hexadecimal, whole

Params = tuple[str, ...]

FAULTS: Final = {
    0x05: "diode check failed",
    0x06: "ground fault interrupter tripped",
    0x07: "no ground",
    0x08: "stuck relay",
    0x09: "self-test of the ground fault interrupter failed",
    0x0A: "over temperature",
    0x0B: "over current",
    0x0E: "relay did not close",
    0x0F: "proximity pin shorted",
    0x10: "proximity resistor missing",
    0x11: "memory failure",
}
"""Fault states of the controller."""


class State(IntEnum):
    """States of the controller that are no faults."""

    UNKNOWN = 0x00
    """For a moment after it was enabled."""
    NOT_CONNECTED = 0x01
    CONNECTED = 0x02
    CHARGING = 0x03
    VENTILATION_NEEDED = 0x04
    SLEEPING = 0xFE
    DISABLED = 0xFF


class Flag(IntFlag):
    """The volatile flags that matter here."""

    AUTH_LOCKED = 0x0008
    RELAY_CLOSED = 0x0040
    VEHICLE_CONNECTED = 0x0100
    BOOT_LOCKED = 0x4000


_STATES = frozenset(State)
_PILOTS = {1: Pilot.A, 2: Pilot.B, 3: Pilot.C, 4: Pilot.D}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The answer to GS."""

    state: int
    elapsed_s: int
    pilot_code: int
    flags: Flag

    @classmethod
    def parse(cls, params: Params) -> Self:
        """Return the status; ValueError if these are not the four words of one."""
        state, elapsed_s, pilot, flags = params
        code = hexadecimal(state, 2)
        if code not in FAULTS and code not in _STATES:
            raise ValueError(f"{state!r} is no state")
        return cls(
            state=code,
            elapsed_s=whole(elapsed_s),
            pilot_code=hexadecimal(pilot, 2),
            flags=Flag(hexadecimal(flags, 4)),
        )

    @property
    def essence(self) -> tuple[int, int, int]:
        """What the controller does, whatever the time."""
        return self.state, self.pilot_code, self.flags

    @property
    def fault(self) -> str | None:
        """What is wrong, in a few words."""
        return FAULTS.get(self.state)

    @property
    def is_resting(self) -> bool:
        """Whether no energy is offered: asleep, disabled or out of order."""
        return self.state in (State.SLEEPING, State.DISABLED) or self.fault is not None

    @property
    def is_off(self) -> bool:
        """Whether no energy is offered and none can flow."""
        return self.is_resting and not self.flags & Flag.RELAY_CLOSED

    @property
    def has_vehicle(self) -> bool:
        """Whether a vehicle is connected: then its session is not yet in the total energy."""
        return bool(self.flags & Flag.VEHICLE_CONNECTED)

    @property
    def pilot(self) -> Pilot | None:
        """The control pilot: E with a fault, F while disabled (steady -12 V); None if it is not known."""
        if self.fault is not None:
            return Pilot.E
        if self.state == State.DISABLED:
            return Pilot.F
        return _PILOTS.get(self.pilot_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The answer to GU: energy of this session, and of all sessions that have ended."""

    session_ws: int
    ended_sessions_wh: int

    @classmethod
    def parse(cls, params: Params) -> Self:
        """Return the usage; ValueError if these are not its two words."""
        session_ws, total_wh = map(whole, params)
        if session_ws < 0 or total_wh < 0:
            raise ValueError("negative energy")
        return cls(session_ws=session_ws, ended_sessions_wh=total_wh)

    def total_wh(self, *, in_session: bool) -> int:
        """Return the energy of all sessions; a running one is added as the controller will, in whole Wh."""
        return self.ended_sessions_wh + (self.session_ws // 3600 if in_session else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Electrical:
    """The answer to GG; the current is negative where the board has no ammeter."""

    current_ma: int
    voltage_mv: int

    @classmethod
    def parse(cls, params: Params) -> Self:
        """Return current and voltage; ValueError if these are not their two words."""
        current_ma, voltage_mv = map(whole, params)
        return cls(current_ma=current_ma, voltage_mv=voltage_mv)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """The answer to GY and SY: how the heartbeat is supervised."""

    within_s: int
    fallback_a: int
    missed: int
    """0 never, 1 once but acknowledged, 2 the current is limited because of it."""

    @classmethod
    def parse(cls, params: Params) -> Self:
        """Return the supervision; ValueError if these are not its three words."""
        within_s, fallback_a, missed = map(whole, params)
        if missed not in (0, 1, 2):
            raise ValueError(f"{missed} says nothing about heartbeats")
        return cls(within_s=within_s, fallback_a=fallback_a, missed=missed)


def parse_lock(params: Params) -> bool | None:
    """Return the first word of the answer to G5: whether the bolt holds, None if it says neither."""
    state, _mode = params
    return {"0": False, "1": True}.get(state)


def parse_limit_a(params: Params) -> int:
    """Return the first word of the answer to SC or GE: the current limit now in force (A)."""
    limit_a = whole(params[0]) if params else -1
    if not 0 <= limit_a <= 255:
        raise ValueError(f"{params} is no current limit")
    return limit_a
