"""The monitors that this station has without being told: hard-wired and preconfigured ones.

Hard-wired: every variable named Problem, so that a fault is told whatever the backend has set. Preconfigured:
availability, at the mildest severity, because statuses are told anyway; with SetMonitoringLevel 9 it is told
here too.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from agent.monitoring.records import MILDEST_SEVERITY, Monitor, Origin
from agent.variables.model import Entry

FIRST_ID: Final = 100_001
"""Beyond every id that is handed out."""
OUT_OF_ORDER: Final = 1
"""Severity of what keeps somebody from charging (hardware failure)."""
IMPAIRED: Final = 4
"""Severity of what is wrong but keeps nobody from charging (error)."""

_KEEPS_FROM_CHARGING: Final = ("ChargingStation", "EVSE", "Connector", "ConnectorPlugRetentionLock")


def built_in(entries: Iterable[Entry]) -> tuple[Monitor, ...]:
    """Return the monitors for the variables that there are, hard-wired ones first."""
    known = list(entries)
    problems = [entry for entry in known if entry.variable.variable == "Problem"]
    states = [entry for entry in known if entry.variable.variable == "AvailabilityState"]
    return (
        *(_delta(number, entry, "HardWired") for number, entry in enumerate(problems, start=FIRST_ID)),
        *(
            _delta(number, entry, "Preconfigured")
            for number, entry in enumerate(states, start=FIRST_ID + len(problems))
        ),
    )


def _delta(number: int, entry: Entry, origin: Origin) -> Monitor:
    severity = OUT_OF_ORDER if entry.variable.component in _KEEPS_FROM_CHARGING else IMPAIRED
    return Monitor(
        id=number,
        name=entry.variable.name,
        place=entry.place,
        kind="Delta",
        value=Decimal(1),
        severity=severity if origin == "HardWired" else MILDEST_SEVERITY,
        origin=origin,
    )
