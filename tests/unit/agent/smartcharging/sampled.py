"""Charging profiles the plain way: every profile is asked at every second. Shares no code with the agent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from agent.smartcharging.cap import Supply
from agent.smartcharging.profiles import Period, Profile

PERIOD_OF = {"Daily": timedelta(days=1), "Weekly": timedelta(days=7)}


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is known of EVSE 1 and the backend."""

    supply: Supply
    transaction_id: str | None
    charging_since: datetime
    has_priority: bool = False
    offline_since: datetime | None = None
    soc: int | None = None


def limits_a(
    profiles: Sequence[Profile], situation: Situation, start: datetime, seconds: Sequence[int]
) -> list[Decimal]:
    """Return the current (A per phase) that EVSE 1 may draw at each of these seconds after `start`."""
    return [limit_a(profiles, situation, start + timedelta(seconds=second)) for second in seconds]


def limit_a(profiles: Sequence[Profile], situation: Situation, at: datetime) -> Decimal:
    """Return the current (A per phase) that EVSE 1 may draw at a moment, rounded down to 0.1 A."""
    supply = situation.supply
    said: dict[str, list[tuple[Profile, Period]]] = {}
    for profile in profiles:
        period = period_of(profile, situation, at)
        if period is None or profile.evse_id not in (0, 1):
            continue
        if profile.purpose == "TxProfile" and profile.transaction_id != situation.transaction_id:
            continue
        said.setdefault(profile.purpose, []).append((profile, period))
    generation = said.pop("LocalGeneration", [])
    leave_the_first_of_its_own(said, situation)
    chosen = said.pop("ChargingStationExternalConstraints", [])
    for found in said.values():
        chosen = [*chosen, max(found, key=lambda one: (one[0].stack_level, one[0].evse_id, one[0].id))]
    phases = min([supply.phases, *(period.phases or 3 for _, period in chosen)])
    more_a = more_w = Decimal(0)
    for profile, period in generation:
        limit, gift_phases = value(profile, period, situation), period.phases or 3
        gift_a = limit if profile.schedules[0].unit == "A" else limit / gift_phases / supply.voltage_v
        more_a += gift_a
        more_w += gift_a * supply.voltage_v * min(gift_phases, supply.phases)
    most_a = supply.most_current_a
    for profile, period in chosen:
        limit = value(profile, period, situation)
        if profile.schedules[0].unit == "A":
            most_a = min(most_a, limit + more_a)
        else:
            most_a = min(most_a, limit / (period.phases or 3) / supply.voltage_v + more_a)
            most_a = min(most_a, (limit + more_w) / (supply.voltage_v * phases))
    return most_a.quantize(Decimal("0.1"), ROUND_FLOOR)


def leave_the_first_of_its_own(said: dict[str, list[Any]], situation: Situation) -> None:
    """Drop what is overruled: of these purposes only the first counts."""
    if not situation.has_priority:
        said.pop("PriorityCharging", None)
    speaking = [name for name in ("PriorityCharging", "TxProfile", "TxDefaultProfile") if name in said]
    for name in speaking[1:]:
        del said[name]


def value(profile: Profile, period: Period, situation: Situation) -> Decimal:
    """Return the limit of a period, lower for a battery that is full enough."""
    assert period.limit is not None
    beyond = profile.schedules[0].soc_limit
    if beyond is None or situation.soc is None or situation.soc < beyond.soc:
        return period.limit
    return min(period.limit, beyond.limit)


def period_of(profile: Profile, situation: Situation, at: datetime) -> Period | None:
    """Return the period that is in force, if any is."""
    if profile.valid_from is not None and at < profile.valid_from:
        return None
    if profile.valid_to is not None and at >= profile.valid_to:
        return None
    if profile.max_offline_s is not None and situation.offline_since is not None:
        offline_s = (at - situation.offline_since).total_seconds()
        if offline_s >= profile.max_offline_s:
            return None
    schedule = profile.schedules[0]
    began = {"Relative": situation.charging_since, "Dynamic": profile.updated_at}.get(
        profile.kind, schedule.start
    )
    assert began is not None
    if profile.recurrency is not None and at >= began:
        began += (at - began) // PERIOD_OF[profile.recurrency] * PERIOD_OF[profile.recurrency]
    elapsed_s = (at - began).total_seconds()
    if elapsed_s < 0 or (schedule.duration_s is not None and elapsed_s >= schedule.duration_s):
        return None
    running = [period for period in schedule.periods if period.start_s <= elapsed_s]
    return running[-1] if running else None
