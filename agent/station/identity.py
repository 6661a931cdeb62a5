"""What is fixed about an EVSE."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseIdentity:
    """What is fixed about an EVSE. The pilot is read every `period_s`.

    `watchdog_s`: after so long without a word from the agent the controller falls back by itself; None if it
    does not. `has_own_meter`: nothing but this EVSE's current flows through its meter.
    """

    evse_id: int
    connector_id: int
    limit_a: int
    connector_type: str = "cType2"
    has_fixed_cable: bool = True
    has_own_meter: bool = True
    watchdog_s: float | None = None
    period_s: float = 0.25
