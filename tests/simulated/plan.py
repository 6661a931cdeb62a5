"""What drivers do on a day, from a seed: they come, show a card, charge, and go."""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Final, Literal

from drivers.emulated.physics import BayState

DAY_S: Final = 86_400.0
EVSES: Final = (1, 2)
OFF_S: Final = 420.0
"""For how long the power is gone after a cut."""
_LAST_ARRIVAL_S: Final = DAY_S - 5_400

QUARTER_S: Final = 900.0
_BEFORE_S: Final = 3.0
_AFTER_S: Final = 5.0
_SMALL_S: Final = 2.0
_LARGE_S: Final = 120.0

Act = Literal["plug in", "tap", "unplug"]


@dataclass(frozen=True, slots=True, order=True)
class Action:
    """Something that a driver does."""

    at_s: float
    evse: int
    act: Act


@dataclass(slots=True)
class Visit:
    """What really happened at an EVSE: simulated times, and the meter's counts."""

    evse: int
    begin_mwh: int
    tapped_s: float = 0.0
    left_s: float = 0.0
    end_mwh: int = 0


@dataclass(slots=True)
class World:
    """Everything that outlives a power cut but the station's flash."""

    now_s: float = 0.0
    bays: dict[int, BayState] = field(default_factory=dict)
    done: int = 0
    """How many actions of the plan have been carried out."""
    visits: list[Visit] = field(default_factory=list)
    dark: list[tuple[float, float]] = field(default_factory=list)
    """From when until when the station had no power."""


def plan(seed: int) -> list[Action]:
    """Return a day's actions in order."""
    chance = random.Random(seed)
    actions: list[Action] = []
    for evse in EVSES:
        at_s = chance.uniform(300, 1_800)
        while at_s < _LAST_ARRIVAL_S:
            tapped_s = at_s + chance.uniform(15, 90)
            left_s = tapped_s + chance.uniform(900, 4_500)
            actions += [Action(at_s, evse, "plug in"), Action(tapped_s, evse, "tap")]
            actions.append(Action(left_s, evse, "unplug"))
            at_s = left_s + chance.uniform(OFF_S + 180, 2_400)
    return sorted(actions)


def cuts_s(actions: list[Action]) -> list[float]:
    """Return when the power goes: three times, soon after somebody began to charge."""
    taps_s = [action.at_s for action in actions if action.act == "tap"]
    return [min(at_s for at_s in taps_s if at_s > share * DAY_S) + 400 for share in (0.3, 0.6, 0.9)]


class Pace:
    """How fast time may pass: in small steps around whatever happens, in large ones between."""

    def __init__(self, moments_s: list[float]) -> None:
        self._begins_s = sorted(at_s - _BEFORE_S for at_s in moments_s)

    def stride_s(self, now_s: float) -> float:
        """Return how far the clock may be set forward at once."""
        passed = bisect_right(self._begins_s, now_s)
        if passed and now_s - self._begins_s[passed - 1] < _BEFORE_S + _AFTER_S:
            return _SMALL_S
        if passed == len(self._begins_s):
            return _LARGE_S
        return min(_LARGE_S, max(_SMALL_S, self._begins_s[passed] - now_s))


def pace(actions: list[Action]) -> Pace:
    """Return the pace of a day: what drivers do happens, and so does each quarter of an hour."""
    quarters_s = [QUARTER_S * number for number in range(int(DAY_S // QUARTER_S) + 1)]
    return Pace(quarters_s + [action.at_s for action in actions])
