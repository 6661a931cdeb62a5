"""Charging profiles the plain way: every profile is asked at every second. Shares no code with the agent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal

from agent.smartcharging.cap import Supply
from agent.smartcharging.profiles import Period, Profile

PERIOD_OF = {"Daily": timedelta(days=1), "Weekly": timedelta(days=7)}


def limits_a(
    profiles: Sequence[Profile],
    supply: Supply,
    transaction_id: str | None,
    charging_since: datetime,
    start: datetime,
    seconds: Sequence[int],
) -> list[Decimal]:
    """Return the current (A per phase) that EVSE 1 may draw at each of these seconds after `start`."""
    return [
        limit_a(profiles, supply, transaction_id, charging_since, start + timedelta(seconds=second))
        for second in seconds
    ]


def limit_a(
    profiles: Sequence[Profile],
    supply: Supply,
    transaction_id: str | None,
    charging_since: datetime,
    at: datetime,
) -> Decimal:
    """Return the current (A per phase) that EVSE 1 may draw at a moment, rounded down to 0.1 A."""
    said: dict[str, list[tuple[Profile, Period]]] = {}
    for profile in profiles:
        period = period_of(profile, charging_since, at)
        if period is None or profile.evse_id not in (0, 1):
            continue
        if profile.purpose == "TxProfile" and profile.transaction_id != transaction_id:
            continue
        said.setdefault(profile.purpose, []).append((profile, period))
    if "TxProfile" in said:
        said.pop("TxDefaultProfile", None)
    chosen = said.pop("ChargingStationExternalConstraints", [])
    for found in said.values():
        chosen = [*chosen, max(found, key=lambda one: (one[0].stack_level, one[0].evse_id, one[0].id))]
    phases = min([supply.phases, *(period.phases or 3 for _, period in chosen)])
    most_a = supply.most_current_a
    for profile, period in chosen:
        if profile.schedules[0].unit == "A":
            most_a = min(most_a, period.limit)
        else:
            most_a = min(most_a, period.limit / (supply.voltage_v * (period.phases or 3)))
            most_a = min(most_a, period.limit / (supply.voltage_v * phases))
    return most_a.quantize(Decimal("0.1"), ROUND_FLOOR)


def period_of(profile: Profile, charging_since: datetime, at: datetime) -> Period | None:
    """Return the period that is in force, if any is."""
    if profile.valid_from is not None and at < profile.valid_from:
        return None
    if profile.valid_to is not None and at >= profile.valid_to:
        return None
    schedule = profile.schedules[0]
    began = charging_since if profile.kind == "Relative" else schedule.start
    assert began is not None
    if profile.recurrency is not None and at >= began:
        began += (at - began) // PERIOD_OF[profile.recurrency] * PERIOD_OF[profile.recurrency]
    elapsed_s = (at - began).total_seconds()
    if elapsed_s < 0 or (schedule.duration_s is not None and elapsed_s >= schedule.duration_s):
        return None
    running = [period for period in schedule.periods if period.start_s <= elapsed_s]
    return running[-1] if running else None
