"""The composite schedule of twenty stacked profiles over a day, beside asking every profile at every second.

The plain way shares no code with the agent and must find the same; it is timed on an hour and scaled.
"""

from __future__ import annotations

import statistics
import time
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from agent.smartcharging.cap import Supply
from agent.smartcharging.composite import composite
from agent.smartcharging.course import Evse
from agent.smartcharging.profiles import Period, Profile, Purpose, Schedule
from agent.smartcharging.timeline import Reference
from tests.bench.row import Row
from tests.unit.agent.smartcharging.sampled import Situation, limits_a

GOAL = 1000
ROUNDS = 9
HOUR_S, DAY_S = 3600, 86_400
MIDNIGHT = datetime(2026, 3, 10, tzinfo=UTC)
SUPPLY = Supply(phases=3, voltage_v=Decimal(230), most_current_a=Decimal(32))
TRANSACTION = "T-1"


def profiles() -> list[Profile]:
    """Return a limit of the station, one from outside, and nine levels each of defaults and a transaction's.

    Each has a limit for every hour of the day; the higher a level, the shorter it counts.
    """
    found = [
        _profile(1, "ChargingStationMaxProfile", 0, 0),
        _profile(2, "ChargingStationExternalConstraints", 0, 0),
    ]
    for level in range(9):
        found.append(_profile(3 + level, "TxDefaultProfile", 1, level))
        found.append(_profile(20 + level, "TxProfile", 1, level))
    return found


def _profile(number: int, purpose: Purpose, evse_id: int, level: int) -> Profile:
    periods = tuple(
        Period(start_s=HOUR_S * hour, limit=Decimal(6 + (hour * 7 + number * 5) % 26), phases=3)
        for hour in range(24)
    )
    duration_s = DAY_S - 7000 * level - (10_000 if purpose == "TxProfile" else 0)
    schedule = Schedule(id=number, unit="A", start=MIDNIGHT, duration_s=duration_s, periods=periods)
    return Profile(
        id=number,
        evse_id=evse_id,
        stack_level=level,
        purpose=purpose,
        kind="Recurring",
        recurrency="Daily",
        schedules=(schedule,),
        transaction_id=TRANSACTION if purpose == "TxProfile" else None,
    )


async def rows() -> list[Row]:
    """Measure both, and check that they agree."""
    stack = profiles()
    start = MIDNIGHT + timedelta(minutes=30)
    evse = Evse(id=1, supply=SUPPLY, transaction_id=TRANSACTION, reference=Reference(charging_since=MIDNIGHT))
    schedule = composite(stack, evse, start, DAY_S, "A")
    ours = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        composite(stack, evse, start, DAY_S, "A")
        ours.append((time.perf_counter() - began) * 1000)
    began = time.perf_counter()
    situation = Situation(supply=SUPPLY, transaction_id=TRANSACTION, charging_since=MIDNIGHT)
    hour = limits_a(stack, situation, start, range(HOUR_S))
    plain_ms = (time.perf_counter() - began) * 1000 * DAY_S / HOUR_S
    starts = [period.start_s for period in schedule]
    found = [schedule[bisect_right(starts, second) - 1].limit for second in range(HOUR_S)]
    if found != hour:
        raise AssertionError("the two ways do not agree")
    value = statistics.median(ours)
    return [
        Row(
            name=f"smart charging: a day's composite schedule of {len(stack)} stacked profiles",
            value=value,
            unit="ms",
            baseline=f"{plain_ms:.0f} ms asking every profile at every second",
            ratio=plain_ms / value,
            goal=f"at least {GOAL} times faster",
            holds=plain_ms / value >= GOAL,
        )
    ]
