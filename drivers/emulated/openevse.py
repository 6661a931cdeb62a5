"""An OpenEVSE controller: pilot, relay and energy counter of a bay, told what to do over RAPI.

As the real one it offers energy when it is switched on, unless it was put to sleep, and forgets what was not
stored. A session is added to the total only when the vehicle is unplugged. If heartbeats are supervised and
one is missed, the current falls back; acknowledging that raises it to the most that is configured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.controller import ControllerState
from drivers.emulated.openevse_commands import obey
from drivers.emulated.rapi import CommandHearing, say
from drivers.readings import Pilot

LEAST_A: Final = 6
SLEEPS_WITHIN_S: Final = 3.0
"""How long a vehicle may take to end its current before the relay opens under it."""
FAULTS: Final = (0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0E)
_STATES: Final = {Pilot.A: 1, Pilot.B: 2, Pilot.C: 3, Pilot.D: 4}
_CONNECTED, _RELAY_CLOSED, _AUTH_LOCKED, _BOOT_LOCKED = 0x0100, 0x0040, 0x0008, 0x4000
SLEEPING, DISABLED = 0xFE, 0xFF


@dataclass(slots=True, kw_only=True)
class Stored:
    """What survives a power cut."""

    limit_a: int = 32
    total_wh: int = 0
    heartbeat_s: int = 0
    fallback_a: int = 0


class OpenEvse:
    """The controller of a bay. Its clock is the electronics' (s); energy comes from the bay."""

    def __init__(
        self,
        bay: ChargingBay,
        *,
        clock_s: Callable[[], float],
        stored: Stored | None = None,
        has_bolt: bool = True,
        is_locked_at_start: bool = False,
    ) -> None:
        self.stored: Stored = stored or Stored()
        self.display = ["", ""]
        """What was printed on the display's two lines."""
        self.is_bolted: bool | None = False if has_bolt else None
        self.bay = bay
        self._clock_s = clock_s
        self._hearing = CommandHearing()
        self._is_locked_at_start = is_locked_at_start
        self._session_from_mwh = self._session_mwh = 0
        self.is_in_session: bool = False
        self._notices = b""
        self._mode = 0
        self._fault: int | None = None
        self._sleeps_at_s: float | None = None
        self._fed_at_s = 0.0
        self.bolts_by_hand = False
        self.missed = 0
        """Of heartbeats: 0 none, 2 one, which limits the current, 1 one that was acknowledged."""
        self.limit_a: int = self.stored.limit_a
        self._boot()

    def hear(self, data: bytes) -> bytes:
        """Take characters and return what the controller says to them."""
        said, self._notices = self._notices, b""
        for command in self._hearing.hear(data):
            self._follow_bay()
            said += say("NK") if command is None else obey(self, command)
            said += self._change_notice()
        return said

    def speak(self) -> bytes:
        """Let time pass and return what the controller says by itself."""
        self.bay.advance()
        self._follow_bay()
        now_s = self._clock_s()
        if self.stored.heartbeat_s and now_s - self._fed_at_s > self.stored.heartbeat_s:
            self.missed, self._fed_at_s = 2, now_s
            self.set_limit(min(self.limit_a, max(self.stored.fallback_a, LEAST_A)))
        if self._sleeps_at_s is not None and (now_s >= self._sleeps_at_s or not self.is_closed):
            self._sleeps_at_s = None
            self._drive()
        notices, self._notices = self._notices, b""
        return notices + self._change_notice()

    def fail(self, code: int | None) -> None:
        """Find this fault, which opens the relay; or None any more."""
        self._fault = code
        self._drive()

    def press_button(self) -> None:
        """Do what a press of its button does: sleep, or wake up."""
        self._mode = SLEEPING if self._mode == 0 else 0
        self._drive()

    def lose_power(self) -> None:
        """Open the relay: it has no power either."""
        self.bay.control(ControllerState())

    def restart(self) -> None:
        """Start anew, as after a power cut; a session that runs is lost to the total."""
        self.is_in_session = False
        self._boot()

    def set_limit(self, limit_a: int) -> bool:
        """Set the limit as far as the controller can, and return whether it is what was asked for."""
        self.limit_a = min(max(limit_a, LEAST_A), self.stored.limit_a)
        self._drive()
        return self.limit_a == limit_a

    def wake(self) -> None:
        """Offer energy."""
        self._mode, self._sleeps_at_s = 0, None
        self._drive()

    def sleep(self) -> None:
        """Offer nothing; a vehicle that charges is given time to end its current."""
        self._mode = SLEEPING
        self._sleeps_at_s = self._clock_s() + SLEEPS_WITHIN_S if self.is_closed else None
        self._drive()

    def disable(self) -> None:
        """Offer nothing and say so on the pilot, at once."""
        self._mode, self._sleeps_at_s = DISABLED, None
        self._drive()

    def lock(self, *, is_locked: bool) -> None:
        """Charge nobody who was not authorized, or anybody."""
        self._is_auth_locked = is_locked
        self._drive()

    def unlock_after_boot(self) -> None:
        """Take back the lock of the start."""
        self._is_boot_locked = False
        self._drive()

    def supervise(self, within_s: int, fallback_a: int) -> None:
        """Supervise heartbeats from now on; a missed one is forgotten, but not what became of the limit."""
        self.stored.heartbeat_s, self.stored.fallback_a = within_s, fallback_a
        self.missed, self._fed_at_s = 0, self._clock_s()

    def feed(self) -> bool:
        """Take a heartbeat; return whether none was missed that is not acknowledged."""
        self._fed_at_s = self._clock_s()
        return self.missed != 2

    def acknowledge(self) -> None:
        """Take back what a missed heartbeat led to: to the most that is configured."""
        if self.missed == 2:
            self.missed = 1
            self.set_limit(self.stored.limit_a)

    def move_bolt(self, how: str) -> None:
        """Drive the bolt automatically (A) or by hand (M), and by hand out (0) or in (1)."""
        if how in "AM":
            self.bolts_by_hand = how == "M"
        elif self.bolts_by_hand:
            self.is_bolted = how == "1"

    @property
    def state(self) -> int:
        """The state as RAPI codes it."""
        return self._fault or self._mode or self.pilot

    @property
    def session_ws(self) -> int:
        """Energy of the session that runs, or was the last (Ws)."""
        return self._session_mwh * 36 // 10

    @property
    def is_closed(self) -> bool:
        """Whether the relay is closed."""
        return self.bay.state.contactor_closed

    @property
    def flags(self) -> int:
        """The volatile flags as RAPI codes them."""
        return (
            _CONNECTED * self.is_in_session
            | _RELAY_CLOSED * self.is_closed
            | _AUTH_LOCKED * self._is_auth_locked
            | _BOOT_LOCKED * self._is_boot_locked
        )

    def _boot(self) -> None:
        self._mode, self._fault, self._sleeps_at_s = 0, None, None
        self.missed, self._fed_at_s = 0, self._clock_s()
        self._is_auth_locked = self._is_boot_locked = self._is_locked_at_start
        self.bolts_by_hand = False
        self.limit_a = self.stored.limit_a
        self._notices = say("AB 00 8.2.1")
        self._drive()
        self._told = self._tellable()

    def _drive(self) -> None:
        """Carry what is decided to pilot and relay."""
        allowed = not (self._fault or self._mode or self._is_auth_locked or self._is_boot_locked)
        ends_gently = self._sleeps_at_s is not None
        self.bay.control(
            ControllerState(
                enabled=allowed or ends_gently,
                available=self._mode != DISABLED,
                limit_ma=self.limit_a * 1000 if allowed else 0,
            )
        )

    def _follow_bay(self) -> None:
        """Count the session, which lasts as long as a vehicle is plugged in."""
        passed_mwh, is_plugged = self.bay.state.passed_mwh, self.bay.state.ev.plugged
        if is_plugged and not self.is_in_session:
            self._session_from_mwh = passed_mwh
        if is_plugged or self.is_in_session:
            self._session_mwh = passed_mwh - self._session_from_mwh
        if self.is_in_session and not is_plugged:
            self.stored.total_wh += self.session_ws // 3600
        self.is_in_session = is_plugged
        if self.is_bolted is not None and not self.bolts_by_hand:
            self.is_bolted = is_plugged

    @property
    def pilot(self) -> int:
        """The control pilot as RAPI codes it."""
        return _STATES.get(self.bay.state.pilot, 0)

    def _tellable(self) -> tuple[int, int, int, int]:
        return self.state, self.pilot, self.limit_a, self.flags & (_CONNECTED | _AUTH_LOCKED)

    def _change_notice(self) -> bytes:
        now = self._tellable()
        if now == self._told:
            return b""
        self._told = now
        state, pilot, limit_a, _ = now
        return say(f"AT {state:02x} {pilot:02x} {limit_a} {self.flags:04x}")
