"""Whether the vehicle at an EVSE speaks ISO 15118, and whether it has asked for power."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Final, Literal

from agent.station.events import Event, Speech, SpeechChanged
from agent.station.evse import EvseState, Phase
from agent.system.clock import StationClock

log = logging.getLogger(__name__)

_SPEAKING: Final[tuple[Speech, ...]] = ("speaks", "prepares", "asks")


class VehicleSpeech:
    """Who holds the conversation says how it goes; a vehicle that never speaks charges by the pilot alone.

    `basic_after_s`: for how long a vehicle that is plugged in may be silent before it does; None if it must
    speak (direct current). What is said of a vehicle that has been unplugged since counts for nobody.
    """

    def __init__(self, name: str, clock: StationClock, basic_after_s: float | None) -> None:
        self._name = name
        self._clock = clock
        self._basic_after_s = basic_after_s
        self._speech: Speech = "awaited"
        self._since_s = self._now_s()
        self._is_hindered = False

    @property
    def speech(self) -> Speech:
        """What the vehicle says."""
        return self._speech

    def begin(self) -> None:
        """It has begun to speak."""
        self._speech = "speaks"

    def prepare(self) -> None:
        """It is about to want direct current: cable and voltage are to be made ready."""
        if self._speech == "speaks":
            self._speech = "prepares"

    def ask(self, *, is_asking: bool) -> None:
        """It wants power from now on, or no longer."""
        if self._speech in _SPEAKING:
            self._speech = "asks" if is_asking else "speaks"

    def end(self, how: Literal["terminate", "pause", "error"], *, was_hindered: bool = False) -> None:
        """It has done, comes back, or was lost: then it may speak anew, or charge as one that is silent.

        `was_hindered`: it only stopped because the EVSE had nothing to give, and is waited for once it has.
        """
        if self._speech not in _SPEAKING:
            return
        self._is_hindered = was_hindered and how != "error"
        rests = how == "pause" or self._is_hindered
        self._speech = "awaited" if how == "error" else "paused" if rests else "over"
        self._since_s = self._now_s()

    def events(self, state: EvseState) -> Iterator[Event]:
        """Yield what the vehicle says that the state does not know yet."""
        if state.phase not in (Phase.CABLE_ONLY, Phase.POWERED):
            self._speech, self._since_s = "awaited", self._now_s()
        elif self._speech == "paused" and self._is_hindered and not _has_hindrance(state):
            log.info("%s: there is energy again; the vehicle may speak anew", self._name)
            self._speech, self._since_s = "awaited", self._now_s()
        elif self._is_late:
            log.info("%s: the vehicle does not speak; it charges by the pilot alone", self._name)
            self._speech = "silent"
        if self._speech != state.speech:
            yield SpeechChanged(at=self._clock.now(), speech=self._speech)

    @property
    def _is_late(self) -> bool:
        if self._speech != "awaited" or self._basic_after_s is None:
            return False
        return self._now_s() - self._since_s >= self._basic_after_s

    def _now_s(self) -> float:
        return self._clock.instant().monotonic_s


def _has_hindrance(state: EvseState) -> bool:
    """Return whether the EVSE has nothing to give, whatever the vehicle wants."""
    return not state.could_charge or state.is_limited
