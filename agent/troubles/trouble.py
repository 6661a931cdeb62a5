"""Troubles and their remedies, and since when there are any. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from agent.metering.problems import Problem
from agent.station.faults import (
    CONTROLLER_SILENT,
    CURRENT_STAYS,
    METER_DOUBTED,
    METER_SILENT,
    POWER_STAYS,
)

LOCK_FAILED: Final = "the connector's bolt does not do what it is told"
EVENTS_REFUSED: Final = "transaction events that the backend does not take were set aside"
OUTBOX_THINNED: Final = "meter values were dropped: the outbox had become too large"
OUTBOX_OVERFULL: Final = "the outbox is full of starts and ends of transactions, which are kept"
EXPIRES_SOON: Final = "the certificate expires soon"
EXPIRED: Final = "the certificate has expired"
TIME_UNKNOWN: Final = "the time is not known"

_LINE: Final = "look at its supply, line and unit number; `chargehand-agent probe` says who is on a line"
_METER: Final = "compare the meter's display with `chargehand-agent read`; is it the meter of the profile?"
REMEDIES: Final = {
    CONTROLLER_SILENT: f"{_LINE}; end the agent first, it holds the line",
    POWER_STAYS: "switch the EVSE off at its breaker, then find out why the controller does not obey",
    CURRENT_STAYS: "switch the EVSE off at its breaker: a contactor may be welded",
    METER_SILENT: _LINE,
    METER_DOUBTED: _METER,
    "control pilot E": "the pilot has no voltage: look for a short circuit in cable or vehicle",
    "control pilot F": "the controller reports a fault of its own: read its display or manual",
    "diode check failed": "the pilot circuit of vehicle or cable is at fault: try with another vehicle",
    "ground fault interrupter tripped": "unplug; if it trips without a vehicle, have the insulation measured",
    "no ground": "switch the EVSE off at its breaker: the supply has no protective earth",
    "stuck relay": "switch the EVSE off at its breaker: a contactor may be welded",
    "self-test of the ground fault interrupter failed": "have the controller replaced: it would not trip",
    "over temperature": "let it cool down, then look at vents and terminals",
    "over current": "the vehicle drew more than it was offered: try with another vehicle",
    "relay did not close": "look at the contactor and at its supply",
    "proximity pin shorted": "look at the plug: its proximity pin is shorted",
    "proximity resistor missing": "the cable does not say what it can carry: try another",
    "memory failure": "have the controller replaced",
    Problem.COUNT_STANDS.value: _METER,
    LOCK_FAILED: "look for what blocks the plug, then at the bolt's motor and wiring",
    EVENTS_REFUSED: "`chargehand-agent log` has the backend's reason; every connection offers them again",
    OUTBOX_THINNED: "connect the station to its backend; counts and order of what is left are right",
    OUTBOX_OVERFULL: "connect the station to its backend before the disk is full",
    EXPIRES_SOON: "it is renewed by itself if the backend signs: see SecurityCtrlr.OrganizationName",
    EXPIRED: "have the backend install another; is the station's clock right?",
    TIME_UNKNOWN: "let it reach its backend or a time server; meanwhile times are counted from the start",
    "disconnected": "look at the network, and at [csms] of the station file; charging goes on offline",
    "not accepted yet: kept waiting": "the backend's operator has to accept the station",
    "not accepted: rejected": "the backend does not know the station: is station.id registered there?",
}
OTHERWISE: Final = "`chargehand-agent log` says what happened before"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong somewhere."""

    where: str
    what: str

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return REMEDIES.get(self.what, OTHERWISE)


class Ledger:
    """Keeps since when each trouble has been there."""

    def __init__(self) -> None:
        self._since: dict[Trouble, datetime] = {}

    def see(self, found: Iterable[Trouble], now: datetime) -> None:
        """Take note of everything that is wrong now; what is missing is over."""
        self._since = {trouble: self._since.get(trouble, now) for trouble in found}

    @property
    def open(self) -> tuple[tuple[Trouble, datetime], ...]:
        """What is wrong, the oldest first."""
        return tuple(sorted(self._since.items(), key=lambda one: one[1]))
